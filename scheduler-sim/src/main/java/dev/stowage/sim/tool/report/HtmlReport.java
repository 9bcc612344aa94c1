package dev.stowage.sim.tool.report;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;

/**
 * Writes a run as one HTML page that opens from disk without a network: charts, the same numbers as
 * tables, and how to run it again. Style, script and the charting library are inlined.
 */
public final class HtmlReport {
  private final RunRecord run;
  private final ChartData charts;

  private HtmlReport(RunRecord run) {
    this.run = run;
    charts = new ChartData(run);
  }

  /** Returns the page about {@code run}. Equal runs give equal pages, byte for byte. */
  public static String of(RunRecord run) {
    return new HtmlReport(run).page();
  }

  private String page() {
    Map<String, String> parts = new LinkedHashMap<>();
    parts.put("title", HtmlTable.escaped(run.title()));
    parts.put("verdict", HtmlTable.escaped(verdict()));
    parts.put("verdict-class", isGood() ? "good" : "bad");
    parts.put("tiles", tiles());
    parts.put("story", story());
    parts.put("figures", figures());
    parts.put("minimum-note", HtmlTable.escaped(minimumNote()));
    parts.put("events-table", eventsTable());
    parts.put("factors-table", factorsTable());
    parts.put("workers-table", workersTable());
    LastPlanTables plan = new LastPlanTables(run.lastPlan());
    parts.put("limits-note", HtmlTable.escaped(String.join(" ", plan.limits(run.workers()))));
    parts.put("levels-table", plan.levels());
    parts.put("leaving-table", plan.leaving());
    parts.put("stuck-note", HtmlTable.escaped(plan.stuckSentence()));
    parts.put("stuck-table", plan.stuck());
    parts.put("violations", violations());
    parts.put("command", HtmlTable.escaped(run.command()));
    parts.put("configuration-table", configurationTable());
    parts.put("hashes-table", hashesTable());
    parts.put("css", resource("report.css"));
    parts.put("data", charts.json());
    parts.put("library", library());
    parts.put("script", resource("report.js"));
    return filled(resource("report.html"), parts);
  }

  /** Returns the template with its parts, in one pass that never scans inserted text. */
  private static String filled(String template, Map<String, String> parts) {
    StringBuilder page = new StringBuilder();
    int from = 0;
    for (int open = template.indexOf("{{"); open >= 0; open = template.indexOf("{{", from)) {
      int close = template.indexOf("}}", open);
      String name = template.substring(open + 2, close);
      page.append(template, from, open).append(parts.get(name));
      from = close + 2;
    }
    return page.append(template.substring(from)).toString();
  }

  private boolean isGood() {
    return run.violations().isEmpty()
        && run.totals().deferred() + run.totals().shortfalls() == 0
        && run.lastPlan().stuck().isEmpty();
  }

  private String verdict() {
    RunTotals totals = run.totals();
    if (!run.violations().isEmpty()) {
      return NumberFormats.count(run.violations().size(), "violation") + " of an invariant";
    }
    if (!isGood()) {
      return "The fleet is too small: "
          + NumberFormats.count(totals.deferred(), "chunk")
          + " found no place, "
          + missing(totals.shortfalls())
          + ", "
          + NumberFormats.count(run.lastPlan().stuck().size(), "replica")
          + " cannot leave "
          + (run.lastPlan().stuck().size() == 1 ? "its worker" : "their workers")
          + ". No invariant was violated.";
    }
    return "No invariant was violated in "
        + NumberFormats.count(run.checks())
        + " checks; everything converged.";
  }

  private static String missing(long replicas) {
    String are = replicas == 1 ? " is missing" : " are missing";
    return NumberFormats.count(replicas, "replica") + " of the floor" + are;
  }

  private String tiles() {
    RunTotals totals = run.totals();
    StringBuilder html = new StringBuilder();
    tile(html, NumberFormats.count(totals.chunks()), "chunks");
    tile(html, NumberFormats.count(totals.replicas()), "replicas");
    tile(
        html,
        NumberFormats.count(totals.correctionsFired()),
        "of " + NumberFormats.count(totals.corrections()) + " corrections fired");
    tile(html, NumberFormats.decimals(totals.maxOverMeanFill(), 3), "fullest worker over the mean");
    tile(html, NumberFormats.bytes(moved()), "moved in all");
    tile(
        html,
        NumberFormats.count(run.cycles().size()),
        "cycles in " + NumberFormats.decimals(run.timing().seconds(), 1) + " s");
    return html.toString();
  }

  private static void tile(StringBuilder html, String figure, String label) {
    html.append("<li><b>")
        .append(HtmlTable.escaped(figure))
        .append("</b><span>")
        .append(HtmlTable.escaped(label))
        .append("</span></li>\n");
  }

  private long moved() {
    return run.events().stream().mapToLong(EventRecord::bytesMoved).sum();
  }

  private String story() {
    StringBuilder html = new StringBuilder();
    for (EventRecord event : run.events()) {
      String cost =
          event.bytesMoved() == 0
              ? "nothing moved"
              : NumberFormats.bytes(event.bytesMoved()) + " moved";
      html.append("<li>")
          .append(HtmlTable.escaped(event.title()))
          .append(" <span>")
          .append(HtmlTable.escaped(cost + ", " + event.cycles() + " cycles"))
          .append("</span></li>\n");
    }
    return html.toString();
  }

  private String figures() {
    return ReportFigure.html(
            "bytes",
            "Bytes by cause",
            "Bars: the bytes that each cycle asked the workers to download, by cause. Line: the"
                + " bytes that arrived.",
            "Stacked bars, one per cycle. " + spokenCauses(1),
            causesTable())
        + laterBytes()
        + "<div class=\"pair\">"
        + ReportFigure.html(
            "replicas",
            "Replicas by state",
            "Confirmed replicas serve readers; the rest is on its way in or out.",
            "Stacked areas, one value per cycle. At the end "
                + NumberFormats.count(run.totals().replicas())
                + " replicas.",
            statesTable())
        + ReportFigure.html(
            "moving",
            "Replicas on the move",
            "The thin band on top of the other chart, enlarged"
                + (run.events().size() < 2
                    ? "."
                    : ", from cycle " + run.events().get(1).firstCycle() + " on."),
            "Stacked areas of the replicas that wait for bytes, are superseded or drain.",
            statesTable())
        + "</div>"
        + ReportFigure.map(
            "Fill per worker",
            "One row per worker, one column per cycle: assigned bytes divided by capacity.",
            "Map of the fill of "
                + run.workers().size()
                + " workers over the cycles. At the end the fullest has "
                + NumberFormats.decimals(run.totals().maxOverMeanFill(), 3)
                + " times the mean, the emptiest "
                + NumberFormats.decimals(run.totals().minOverMeanFill(), 3)
                + " times.",
            fillTable())
        + new ZoneLossFigures(run.loss()).html();
  }

  /** Returns the figure of bytes after the first placement, which dwarfs the rest. */
  private String laterBytes() {
    if (run.events().size() < 2) {
      return "";
    }
    long first = run.events().get(1).firstCycle();
    return ReportFigure.html(
        "bytes-later",
        "Bytes by cause after the first placement",
        "The chart above from cycle " + first + " on, enlarged.",
        "Stacked bars, one per cycle. " + spokenCauses(first),
        causesTable());
  }

  private String spokenCauses(long firstCycle) {
    List<String> parts = new ArrayList<>();
    for (String cause : charts.causes()) {
      long sum =
          run.cycles().stream()
              .filter(each -> each.cycle() >= firstCycle)
              .mapToLong(each -> each.plannedBytes().getOrDefault(cause, 0L))
              .sum();
      parts.add(cause + " " + NumberFormats.bytes(sum));
    }
    return parts.isEmpty() ? "Nothing moved." : "In all: " + String.join(", ", parts) + ".";
  }

  private String causesTable() {
    List<String> titles = new ArrayList<>(List.of("Cycle", "Tick"));
    titles.addAll(charts.causes());
    titles.addAll(List.of("downloaded", "budget left", "held back"));
    HtmlTable table = new HtmlTable("Bytes by cause", titles);
    for (CycleRecord each : run.cycles()) {
      List<String> cells = new ArrayList<>(List.of(NumberFormats.count(each.tick())));
      for (String cause : charts.causes()) {
        cells.add(NumberFormats.bytes(each.plannedBytes().getOrDefault(cause, 0L)));
      }
      cells.add(NumberFormats.bytes(each.movedBytes()));
      cells.add(BudgetText.left(each.budget()));
      cells.add(BudgetText.held(each.budget()));
      table.row(NumberFormats.count(each.cycle()), cells.toArray());
    }
    return table.html();
  }

  private String statesTable() {
    HtmlTable table =
        new HtmlTable(
            "Replicas by state",
            List.of(
                "Cycle",
                "Confirmed",
                "Waiting",
                "Superseded",
                "Draining",
                "Deferred",
                "Stuck",
                "Lagging portals"));
    for (CycleRecord each : run.cycles()) {
      ReplicaCounts counts = each.replicas();
      table.row(
          NumberFormats.count(each.cycle()),
          NumberFormats.count(counts.confirmed()),
          NumberFormats.count(counts.waiting()),
          NumberFormats.count(counts.superseded()),
          NumberFormats.count(counts.draining()),
          NumberFormats.count(each.deferred()),
          NumberFormats.count(each.stuck()),
          each.laggingPortals());
    }
    return table.html();
  }

  private String fillTable() {
    List<String> titles = new ArrayList<>(List.of("Worker"));
    for (EventRecord event : run.events()) {
      titles.add("after cycle " + event.lastCycle());
    }
    HtmlTable table = new HtmlTable("Fill per worker after each event, in percent", titles);
    for (WorkerRecord worker : run.workers()) {
      List<String> cells = new ArrayList<>();
      for (EventRecord event : run.events()) {
        Integer permille = run.cycles().get((int) event.lastCycle() - 1).fill().get(worker.name());
        cells.add(permille == null ? "away" : NumberFormats.decimals(permille / 10.0, 1));
      }
      table.row(worker.name(), cells.toArray());
    }
    return table.html();
  }

  private static String minimumNote() {
    return "The minimum is what no planner could undercut: the bytes of the replicas that were"
        + " missing, or the bytes by which workers lay below or above an even fill and were brought"
        + " to it, whichever is more.";
  }

  private String eventsTable() {
    HtmlTable table =
        new HtmlTable(
            "Events",
            List.of(
                "Event",
                "Moved / minimum",
                "Moved",
                "Minimum",
                "Cycles",
                "Swaps fired",
                "Drained"));
    int number = 1;
    for (EventRecord event : run.events()) {
      table.row(
          number++ + ". " + event.name(),
          NumberFormats.decimals(event.movedOverMinimum(), 4),
          NumberFormats.bytes(event.bytesMoved()),
          NumberFormats.bytes(event.bytesMinimum()),
          event.firstCycle() + "-" + event.lastCycle(),
          NumberFormats.count(event.swapsFired()),
          NumberFormats.count(event.replicasDrained()));
    }
    return table.html();
  }

  private String factorsTable() {
    HtmlTable table =
        new HtmlTable(
            "Replicas by weight",
            List.of("Weight", "Wanted", "Fewest held", "Chunks", "Bytes of one replica"));
    for (WeightRecord each : run.weights()) {
      table.row(
          Integer.toString(each.weight()),
          each.target(),
          each.fewest(),
          NumberFormats.count(each.chunks()),
          NumberFormats.bytes(each.bytes()));
    }
    return table.html();
  }

  private String workersTable() {
    HtmlTable table =
        new HtmlTable(
            "Workers at the end",
            List.of("Worker", "Fill", "Capacity", "Zone", "Status", "Replicas"));
    for (WorkerRecord each : run.workers()) {
      table.rowWithBar(
          each.name(),
          each.permille(),
          NumberFormats.bytes(each.capacityBytes()),
          each.zone(),
          each.status(),
          each.replicasShown());
    }
    return table.html();
  }

  private String violations() {
    if (run.violations().isEmpty()) {
      return "";
    }
    StringBuilder html =
        new StringBuilder("<section class=\"card alarm\"><h2>Violated invariants</h2><ul>");
    for (String violation : run.violations()) {
      html.append("<li>").append(HtmlTable.escaped(violation)).append("</li>\n");
    }
    return html.append("</ul></section>").toString();
  }

  private String configurationTable() {
    HtmlTable table = new HtmlTable("Configuration", List.of("Setting", "Value"));
    table.styledRow("seed", "wrap", Long.toString(run.seed()));
    run.configuration().forEach((name, value) -> table.styledRow(name, "wrap", value));
    return table.html();
  }

  private String hashesTable() {
    HtmlTable table = new HtmlTable("Plan hashes", List.of("Cycle", "SHA-256 of the plan"));
    for (CycleRecord each : run.cycles()) {
      table.styledRow(NumberFormats.count(each.cycle()), "hash", each.planHash());
    }
    return table.html();
  }

  private static String library() {
    Properties charts = new Properties();
    try (InputStream bytes = HtmlReport.class.getResourceAsStream("charts.properties")) {
      charts.load(bytes);
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
    String script = text("/" + charts.getProperty("script"));
    int sourceMap = script.lastIndexOf("//# sourceMappingURL");
    return sourceMap < 0 ? script : script.substring(0, sourceMap);
  }

  private static String resource(String name) {
    return text("/dev/stowage/sim/tool/report/" + name);
  }

  private static String text(String path) {
    try (InputStream bytes = HtmlReport.class.getResourceAsStream(path)) {
      if (bytes == null) {
        throw new IOException("no resource " + path);
      }
      return new String(bytes.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }
}
