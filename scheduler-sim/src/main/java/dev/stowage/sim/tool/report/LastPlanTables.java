package dev.stowage.sim.tool.report;

import java.util.ArrayList;
import java.util.List;

/** The tables of a {@link LastPlan}: levels, what leaves, and what is stuck. */
final class LastPlanTables {
  /** The most rows of a table that people still read. */
  private static final int MOST_ROWS = 200;

  private final LastPlan plan;

  LastPlanTables(LastPlan plan) {
    this.plan = plan;
  }

  String stuckSentence() {
    if (plan.stuck().isEmpty()) {
      return "Nothing is stuck: each replica that should leave its worker can.";
    }
    boolean isOne = plan.stuck().size() == 1;
    return NumberFormats.count(plan.stuck().size(), "replica")
        + " ("
        + NumberFormats.bytes(plan.stuckBytes())
        + ") should leave "
        + (isOne ? "its worker" : "their workers")
        + " and cannot, although no budget holds "
        + (isOne ? "it" : "them")
        + " back.";
  }

  List<String> limits(List<WorkerRecord> workers) {
    List<String> sentences = new ArrayList<>();
    for (LastPlan.DomainLimit each : plan.domains()) {
      sentences.add(
          "No chunk has over "
              + NumberFormats.count(each.reached(), "replica")
              + " in any of "
              + NumberFormats.count(each.domains(), "domain")
              + " of level "
              + each.level()
              + " ("
              + NumberFormats.count(each.most())
              + " allowed).");
    }
    for (WorkerRecord each : workers) {
      if (each.isCounted()) {
        sentences.add(
            each.name()
                + " holds "
                + NumberFormats.count(each.replicas(), "replica")
                + " ("
                + NumberFormats.count(each.maxReplicas())
                + " allowed).");
      }
    }
    return sentences;
  }

  String levels() {
    HtmlTable table =
        new HtmlTable(
            "Levels",
            List.of("Level", "Workers", "Fullest over the mean", "Emptiest over the mean"));
    for (LastPlan.Group each : plan.groups()) {
      table.row(
          NumberFormats.decimals(100 * each.level(), 2) + " %",
          NumberFormats.count(each.workers()),
          NumberFormats.decimals(each.maxOverMeanFill(), 4),
          NumberFormats.decimals(each.minOverMeanFill(), 4));
    }
    return table.html();
  }

  /** Returns a row for each leaving worker, or a sentence if there is none. */
  String leaving() {
    if (plan.leaving().isEmpty()) {
      return "<p>No worker is leaving.</p>";
    }
    HtmlTable table =
        new HtmlTable(
            "Leaving workers",
            List.of("Worker", "Still holds", "Bytes", "Stuck of these", "Stuck bytes"));
    for (LastPlan.Leaver each : plan.leaving()) {
      List<LastPlan.StuckReplica> stuck = plan.stuckOn(each.worker());
      table.row(
          each.worker(),
          NumberFormats.count(each.replicas()),
          NumberFormats.bytes(each.bytes()),
          NumberFormats.count(stuck.size()),
          NumberFormats.bytes(LastPlan.bytesOf(stuck)));
    }
    return table.html();
  }

  /** Returns a row for each stuck replica, up to a limit; an empty text if there is none. */
  String stuck() {
    if (plan.stuck().isEmpty()) {
      return "";
    }
    HtmlTable table =
        new HtmlTable(
            "Stuck replicas",
            List.of("Chunk", "Worker", "Size", "Reason", "Eligible workers", "Most room"));
    for (LastPlan.StuckReplica each : plan.stuck().subList(0, shown())) {
      table.row(
          each.chunk(),
          each.worker(),
          NumberFormats.bytes(each.sizeBytes()),
          each.reason(),
          NumberFormats.count(each.eligibleWorkers()),
          NumberFormats.bytes(each.mostRoomBytes()));
    }
    int more = plan.stuck().size() - shown();
    return table.html() + (more == 0 ? "" : "<p>And " + NumberFormats.count(more) + " more.</p>");
  }

  private int shown() {
    return Math.min(MOST_ROWS, plan.stuck().size());
  }
}
