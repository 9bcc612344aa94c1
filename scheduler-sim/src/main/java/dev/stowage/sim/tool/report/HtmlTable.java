package dev.stowage.sim.tool.report;

import java.util.List;

/** Writes one table; every text is escaped. */
final class HtmlTable {
  private final StringBuilder html = new StringBuilder();

  HtmlTable(String caption, List<String> titles) {
    html.append("<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"")
        .append(escaped(caption))
        .append("\"><table><thead><tr>");
    for (String title : titles) {
      html.append("<th scope=\"col\">").append(escaped(title)).append("</th>");
    }
    html.append("</tr></thead><tbody>\n");
  }

  /** Adds a row whose first cell names it. */
  HtmlTable row(String name, Object... cells) {
    html.append("<tr><th scope=\"row\">").append(escaped(name)).append("</th>");
    for (Object cell : cells) {
      html.append("<td>").append(escaped(String.valueOf(cell))).append("</td>");
    }
    html.append("</tr>\n");
    return this;
  }

  HtmlTable styledRow(String name, String style, String cell) {
    html.append("<tr><th scope=\"row\">")
        .append(escaped(name))
        .append("</th><td class=\"")
        .append(style)
        .append("\">")
        .append(escaped(cell))
        .append("</td></tr>\n");
    return this;
  }

  /** Adds a row whose second cell is a bar of {@code permille} thousandths. */
  HtmlTable rowWithBar(String name, int permille, Object... cells) {
    int start = html.length();
    row(name, cells);
    int behindName = html.indexOf("</th>", start) + "</th>".length();
    html.insert(
        behindName,
        "<td><span class=\"bar\" aria-hidden=\"true\"><i style=\"width:"
            + Math.min(1000, permille) / 10.0
            + "%\"></i></span>"
            + NumberFormats.decimals(permille / 10.0, 1)
            + " %</td>");
    return this;
  }

  String html() {
    return html + "</tbody></table></div>";
  }

  static String escaped(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;")
        .replace("'", "&#39;");
  }
}
