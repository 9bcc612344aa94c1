package example;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A page of plain HTML that loads itself anew, drawn from what the JSON answers are drawn from. */
final class Page {
  private final StringBuilder html = new StringBuilder();

  Page(String title) {
    html.append("<!doctype html><html lang='en'><head><meta charset='utf-8'>")
        .append("<meta http-equiv='refresh' content='2'><title>")
        .append(escaped(title))
        .append(
            "</title><style>body{font:15px sans-serif;margin:2em}table{border-collapse:collapse}")
        .append("td,th{text-align:left;padding:.2em 1em .2em 0;border-bottom:1px solid #ccc}")
        .append("</style></head><body><h1>")
        .append(escaped(title))
        .append("</h1>\n");
  }

  Page text(String text) {
    html.append("<p>").append(escaped(text)).append("</p>\n");
    return this;
  }

  /** Adds a table with a row for each entry. */
  Page facts(String heading, Map<String, ?> facts) {
    List<Map<String, Object>> rows = new ArrayList<>();
    facts.forEach((name, value) -> rows.add(Json.row("what", name, "value", value)));
    return table(heading, rows);
  }

  /** Adds a table whose columns are the keys of the first row. */
  Page table(String heading, List<Map<String, Object>> rows) {
    html.append("<h2>").append(escaped(heading)).append("</h2>\n");
    if (rows.isEmpty()) {
      return text("none");
    }
    html.append("<table><tr>");
    rows.get(0).keySet().forEach(each -> html.append("<th>").append(escaped(each)).append("</th>"));
    html.append("</tr>\n");
    for (Map<String, Object> row : rows) {
      html.append("<tr>");
      row.values()
          .forEach(each -> html.append("<td>").append(escaped(shown(each))).append("</td>"));
      html.append("</tr>\n");
    }
    html.append("</table>\n");
    return this;
  }

  Http.Answer answer() {
    return Http.Answer.text("text/html", html + "</body></html>\n");
  }

  private static String shown(Object value) {
    if (value instanceof List<?> list) {
      return String.join("; ", list.stream().map(String::valueOf).toList());
    }
    return value instanceof Double ? Json.of(value) : String.valueOf(value);
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace("'", "&#39;");
  }
}
