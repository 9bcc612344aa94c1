package dev.stowage.sim.tool.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stowage.shape.Field;
import dev.stowage.shape.Kind;
import dev.stowage.shape.Shape;
import dev.stowage.shape.Unit;
import dev.stowage.sim.tool.report.NumberFormats;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;

/**
 * An answer to print.
 *
 * @param json the answer as a document
 * @param text the answer for people, in lines
 * @param exitCode the exit code of the command
 * @param isOver true if there is nothing more to watch
 */
record LiveAnswer(JsonNode json, List<String> text, int exitCode, boolean isOver) {
  private static final int PERCENT_MILLIONTHS = 10_000;

  LiveAnswer(JsonNode json, List<String> text, int exitCode) {
    this(json, text, exitCode, false);
  }

  /** Returns an answer of the library, to be watched until it is over. */
  static LiveAnswer untilOver(String json, List<String> text, boolean isOver) {
    return new LiveAnswer(parsed(json), text, ExitCode.OK, isOver);
  }

  /** Returns a document of the library. */
  static JsonNode parsed(String json) {
    try {
      return new ObjectMapper().readTree(json);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }

  /** Returns a row as an object of its fields. */
  static <T> ObjectNode object(Shape<T> shape, T row) {
    ObjectNode object = object();
    for (Field<T, ?> field : shape.fields()) {
      String text = field.text(row);
      if (field.kind() == Kind.NUMBER && !isNumber(text)) {
        object.putNull(field.name());
      } else if (field.kind() == Kind.NUMBER) {
        object.put(field.name(), new BigDecimal(text));
      } else if (field.kind() == Kind.FLAG) {
        object.put(field.name(), Boolean.parseBoolean(text));
      } else {
        object.put(field.name(), text);
      }
    }
    return object;
  }

  /** Returns a row as a line for each field. */
  static <T> List<String> lines(Shape<T> shape, T row) {
    List<List<String>> cells = new ArrayList<>();
    shape.fields().forEach(field -> cells.add(List.of(title(field), cell(field, row))));
    return aligned(cells);
  }

  /** Returns rows as a table with a column for each field. */
  static <T> List<String> table(Shape<T> shape, List<T> rows) {
    List<List<String>> cells = new ArrayList<>();
    cells.add(shape.fields().stream().map(LiveAnswer::title).toList());
    for (T row : rows) {
      cells.add(shape.fields().stream().map(field -> cell(field, row)).toList());
    }
    return aligned(cells);
  }

  private static String title(Field<?, ?> field) {
    String name = field.name();
    boolean isShownWithUnit = field.unit() == Unit.BYTES || field.unit() == Unit.MILLIONTHS;
    String bare =
        isShownWithUnit ? name.substring(0, name.length() - field.unit().suffix().length()) : name;
    return bare.replace('_', ' ');
  }

  private static <T> String cell(Field<T, ?> field, T row) {
    String text = field.text(row);
    if (!isNumber(text)) {
      return text;
    }
    return switch (field.unit()) {
      case BYTES -> Unit.BYTES.print(Long.parseLong(text));
      case MILLIONTHS ->
          NumberFormats.decimals(Long.parseLong(text) / (double) PERCENT_MILLIONTHS, 1) + " %";
      default -> text;
    };
  }

  private static boolean isNumber(String text) {
    return text.matches("-?[0-9]+");
  }

  private static List<String> aligned(List<List<String>> cells) {
    int[] widths = new int[cells.get(0).size()];
    for (List<String> row : cells) {
      for (int at = 0; at < widths.length; at++) {
        widths[at] = Math.max(widths[at], row.get(at).length());
      }
    }
    List<String> lines = new ArrayList<>();
    for (List<String> row : cells) {
      StringBuilder line = new StringBuilder();
      for (int at = 0; at < widths.length; at++) {
        line.append(row.get(at)).append(" ".repeat(widths[at] - row.get(at).length() + 2));
      }
      lines.add(line.toString().stripTrailing());
    }
    return lines;
  }
}
