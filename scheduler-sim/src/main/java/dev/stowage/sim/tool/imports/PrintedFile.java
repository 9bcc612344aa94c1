package dev.stowage.sim.tool.imports;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.io.JsonEOFException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.stowage.sim.tool.csv.FileText;
import dev.stowage.sim.tool.csv.ProblemList;
import java.io.CharArrayReader;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A file that another system has printed: lines of text, or JSON documents with lines around them.
 */
final class PrintedFile {
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();
  private static final Pattern BEGINS_JSON = Pattern.compile("\\s*(\\{.*|\\[\\s*([\\[{\\]].*)?)");
  private static final String CUT_OFF = "the end of the file: the output was cut off";

  /**
   * A JSON document of a file.
   *
   * @param heading the last line with text before it; empty if there is none
   */
  record Document(String heading, JsonPart root) {}

  private final Path path;
  private final String text;

  private PrintedFile(Path path, String text) {
    this.path = path;
    this.text = text;
  }

  /** Returns the text of a file; empty, with a problem recorded, if it cannot be read. */
  static Optional<PrintedFile> read(Path path, ProblemList problems) {
    return FileText.read(path, problems).map(text -> new PrintedFile(path, text));
  }

  Path path() {
    return path;
  }

  Place at(long line) {
    return new Place(path.toString(), line, "");
  }

  /** Reports whether a line begins a JSON document. */
  boolean isJson() {
    return text.lines().anyMatch(line -> BEGINS_JSON.matcher(line).matches());
  }

  /**
   * Returns the lines.
   *
   * @throws Refused if the last one has no end, as of an output that was cut off
   */
  List<String> lines() throws Refused {
    List<String> lines = text.lines().toList();
    if (!text.endsWith("\n")) {
      throw at(Math.max(1, lines.size())).refused("the end of the line", CUT_OFF);
    }
    return lines;
  }

  /** Returns the refusal of output that ends before {@code expected}. */
  Refused cutOff(String expected) {
    return at(Math.max(1, text.lines().count())).refused(expected, CUT_OFF);
  }

  /** Returns the documents; what stands between them is the headings. */
  List<Document> documents() throws Refused {
    List<Document> documents = new ArrayList<>();
    char[] all = text.toCharArray();
    String heading = "";
    long line = 1;
    int at = 0;
    while (at < text.length()) {
      int end = text.indexOf('\n', at);
      String next = text.substring(at, end < 0 ? text.length() : end);
      if (BEGINS_JSON.matcher(next).matches()) {
        int length = document(all, at, line, heading, documents);
        line += text.substring(at, at + length).lines().count() - 1;
        at += length;
        heading = "";
      } else {
        heading = next.isBlank() ? heading : next.strip();
        at = end < 0 ? text.length() : end + 1;
        line++;
      }
    }
    return documents;
  }

  /** Reads the document that begins at a place, and returns the number of its characters. */
  private int document(char[] all, int from, long line, String heading, List<Document> documents)
      throws Refused {
    Reader rest = new CharArrayReader(all, from, all.length - from);
    try (JsonParser parser = JSON.createParser(rest)) {
      JsonNode root = JSON.readTree(parser);
      int length = (int) parser.currentLocation().getCharOffset();
      documents.add(new Document(heading, new JsonPart(at(0), root)));
      return length;
    } catch (JsonEOFException cut) {
      throw cutOff("the end of the JSON document that begins in line " + line);
    } catch (JsonProcessingException malformed) {
      JsonLocation location = malformed.getLocation();
      long inner = location == null ? 1 : Math.max(1, location.getLineNr());
      throw at(line + inner - 1).refused("well-formed JSON", malformed.getOriginalMessage());
    } catch (IOException unreadable) {
      throw at(line).refused("well-formed JSON", unreadable.getClass().getSimpleName());
    }
  }
}
