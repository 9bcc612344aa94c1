package dev.stowage.sim.tool.report;

/** A chart of the page: a canvas that a screen reader renders as a sentence, and its numbers. */
final class ReportFigure {
  private ReportFigure() {}

  /**
   * Returns a figure.
   *
   * @param id the id of the canvas
   * @param title the headline
   * @param lead the point to look for
   * @param spoken the content of the chart for people who cannot see it
   * @param table the numbers as a table
   */
  static String html(String id, String title, String lead, String spoken, String table) {
    return frame(id, title, lead, "", table)
        .replace(
            "@plot@",
            "<div class=\"plot\"><canvas id=\""
                + id
                + "\" role=\"img\" aria-label=\""
                + HtmlTable.escaped(spoken)
                + "\"></canvas></div>");
  }

  /** Returns the map of fill over the cycles: a canvas without fixed height, key, pointer text. */
  static String map(String title, String lead, String spoken, String table) {
    String key =
        "<p class=\"pointed\" id=\"fill-pointed\" aria-live=\"off\"></p><p class=\"key\">empty"
            + " <span class=\"ramp\" aria-hidden=\"true\"></span> full; red: above its"
            + " capacity</p>";
    return frame("fill-map", title, lead, key, table)
        .replace(
            "@plot@",
            "<div class=\"plot map\"><canvas id=\"fill-map\" role=\"img\" aria-label=\""
                + HtmlTable.escaped(spoken)
                + "\"></canvas></div>");
  }

  private static String frame(String id, String title, String lead, String key, String table) {
    return "<figure class=\"card\" aria-labelledby=\""
        + id
        + "-title\"><figcaption><h2 id=\""
        + id
        + "-title\">"
        + HtmlTable.escaped(title)
        + "</h2><p class=\"lead\">"
        + HtmlTable.escaped(lead)
        + "</p></figcaption>@plot@"
        + key
        + "<details><summary>The numbers</summary>"
        + table
        + "</details></figure>";
  }
}
