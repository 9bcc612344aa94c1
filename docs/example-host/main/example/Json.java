package example;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Writes maps, lists, texts, numbers and truth values as JSON. */
final class Json {
  private Json() {}

  /** Returns a map of names and values, given in turn, that keeps their order. */
  static Map<String, Object> row(Object... pairs) {
    Map<String, Object> row = new LinkedHashMap<>();
    for (int i = 0; i < pairs.length; i += 2) {
      row.put((String) pairs[i], pairs[i + 1]);
    }
    return row;
  }

  static String of(Object value) {
    if (value == null) {
      return "null";
    } else if (value instanceof Optional<?> optional) {
      return of(optional.orElse(null));
    } else if (value instanceof Map<?, ?> map) {
      return map.entrySet().stream()
          .map(each -> text(String.valueOf(each.getKey())) + ": " + of(each.getValue()))
          .collect(Collectors.joining(", ", "{", "}"));
    } else if (value instanceof Collection<?> list) {
      return list.stream().map(Json::of).collect(Collectors.joining(", ", "[", "]"));
    } else if (value instanceof Double number) {
      return number(number);
    } else if (value instanceof Number || value instanceof Boolean) {
      return value.toString();
    }
    return text(value.toString());
  }

  private static String number(double value) {
    if (!Double.isFinite(value)) {
      return "null";
    }
    boolean isWhole = value == Math.rint(value) && Math.abs(value) < 1e15;
    return isWhole ? Long.toString((long) value) : String.format(Locale.ROOT, "%.4f", value);
  }

  private static String text(String value) {
    StringBuilder written = new StringBuilder("\"");
    for (char each : value.toCharArray()) {
      if (each == '"' || each == '\\') {
        written.append('\\').append(each);
      } else if (each < ' ') {
        written.append(String.format(Locale.ROOT, "\\u%04x", (int) each));
      } else {
        written.append(each);
      }
    }
    return written.append('"').toString();
  }
}
