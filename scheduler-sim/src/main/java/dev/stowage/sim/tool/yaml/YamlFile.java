package dev.stowage.sim.tool.yaml;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import com.fasterxml.jackson.dataformat.yaml.snakeyaml.error.MarkedYAMLException;
import dev.stowage.sim.tool.csv.FileText;
import dev.stowage.sim.tool.csv.InputProblem;
import dev.stowage.sim.tool.csv.ProblemList;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads a YAML file of one mapping, in UTF-8 with or without a byte-order mark. Keys occur once;
 * anchors and aliases are refused.
 */
public final class YamlFile {
  private static final int DEEPEST = 16;
  private static final String WRITTEN_OUT = "values that are written out";

  private final String name;
  private final ProblemList problems;

  private YamlFile(String name, ProblemList problems) {
    this.name = name;
    this.problems = problems;
  }

  /** Returns the mapping of the file; empty, with a problem recorded, if it cannot be read. */
  public static Optional<YamlNode.Mapping> read(Path file, ProblemList problems) {
    return FileText.read(file, problems).flatMap(text -> read(file.toString(), text, problems));
  }

  /** Returns the mapping of a text that has the name of a file. */
  public static Optional<YamlNode.Mapping> read(String name, String text, ProblemList problems) {
    YamlFile file = new YamlFile(name, problems);
    try {
      return file.parse(text);
    } catch (JsonProcessingException malformed) {
      JsonLocation at = malformed.getLocation();
      long line = at == null ? 0 : Math.max(0, at.getLineNr());
      return file.refuse(line, "well-formed YAML", inWords(malformed));
    } catch (IOException unreadable) {
      return file.refuse(0, "readable text", unreadable.getClass().getSimpleName());
    }
  }

  @SuppressWarnings("deprecation") // nothing else tells what is wrong without the text around it
  private static String inWords(JsonProcessingException malformed) {
    String problem = malformed instanceof MarkedYAMLException told ? told.getProblem() : null;
    String said =
        (problem == null ? malformed.getOriginalMessage() : problem)
            .lines()
            .findFirst()
            .orElse("none of YAML")
            .replaceAll("\\p{Cntrl}", "?");
    JsonLocation at = malformed.getLocation();
    return "a fault" + (at == null ? "" : " in column " + at.getColumnNr()) + " (" + said + ")";
  }

  private Optional<YamlNode.Mapping> parse(String text) throws IOException {
    try (YAMLParser parser = new YAMLFactory().createParser(text)) {
      JsonToken first = parser.nextToken();
      if (first == null || first == JsonToken.VALUE_NULL) {
        return Optional.of(new YamlNode.Mapping(1, Map.of()));
      }
      long before = problems.found();
      YamlNode root = node(parser, "", 0);
      if (root instanceof YamlNode.Mapping mapping) {
        if (parser.nextToken() != null) {
          return refuse(lineOf(parser), "one document", "a second one");
        }
        return problems.found() == before ? Optional.of(mapping) : Optional.empty();
      }
      return refuse(root.line(), "keys with values", YamlKeys.kind(root));
    }
  }

  /** Returns the value at which the parser stands; {@code place} names it, as its problems do. */
  private YamlNode node(YAMLParser parser, String place, int depth) throws IOException {
    long line = lineOf(parser);
    String column = "' in column " + Math.max(1, parser.currentTokenLocation().getColumnNr());
    if (parser.isCurrentAlias()) {
      refuse(line, WRITTEN_OUT, "the alias '*" + parser.getText() + column);
    } else if (parser.getObjectId() != null) {
      refuse(line, WRITTEN_OUT, "the anchor '&" + parser.getObjectId() + column);
    }
    if (depth > DEEPEST) {
      refuse(line, "at most " + DEEPEST + " levels", "more");
      parser.skipChildren();
      return new YamlNode.Empty(line);
    }
    JsonToken token = parser.currentToken();
    if (token == JsonToken.START_OBJECT) {
      return mapping(parser, place, depth);
    }
    if (token == JsonToken.START_ARRAY) {
      List<YamlNode> values = new ArrayList<>();
      while (parser.nextToken() != JsonToken.END_ARRAY) {
        values.add(node(parser, place + "[" + values.size() + "]", depth + 1));
      }
      return new YamlNode.Sequence(line, values);
    }
    return token == JsonToken.VALUE_NULL
        ? new YamlNode.Empty(line)
        : new YamlNode.Scalar(line, parser.getText());
  }

  private YamlNode mapping(YAMLParser parser, String place, int depth) throws IOException {
    long begun = lineOf(parser);
    Map<String, YamlNode> values = new LinkedHashMap<>();
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String key = parser.currentName();
      long line = lineOf(parser);
      String inner = place.isEmpty() ? key : place + "." + key;
      parser.nextToken();
      if (values.put(key, node(parser, inner, depth + 1)) != null) {
        problems.add(new InputProblem(name, line, inner, "the key once", "it twice"));
      }
    }
    return new YamlNode.Mapping(begun, values);
  }

  private static long lineOf(YAMLParser parser) {
    return Math.max(1, parser.currentTokenLocation().getLineNr());
  }

  private Optional<YamlNode.Mapping> refuse(long line, String expected, String found) {
    problems.add(new InputProblem(name, line, "", expected, found));
    return Optional.empty();
  }
}
