package dev.stowage.placement;

import dev.stowage.placement.answer.Words;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.IntFunction;

/**
 * A plan as a person reads it: what changes, what it costs, what chunks get, and what stays short
 * and why.
 *
 * @param lines the report, one line each
 */
public record PlanReport(List<String> lines) {
  private static final int MOST_SHORTAGES = 10;
  private static final double MILLION = 1e6;

  /** Keeps an unmodifiable copy. */
  public PlanReport {
    lines = List.copyOf(lines);
  }

  /**
   * The report of a plan.
   *
   * @param chunkName how a chunk at a position is called
   */
  public static PlanReport of(PlacementPlan plan, IntFunction<String> chunkName) {
    List<String> lines = new ArrayList<>();
    changes(lines, plan);
    costs(lines, plan.figures());
    for (PoolFactor factor : plan.factors()) {
      lines.add(
          String.format(
              Locale.ROOT,
              "Weight %d: %s each of a target of %s; %s may be given them",
              factor.weight(),
              Words.count(factor.reached(), "replica"),
              factor(factor.targetMillionths()),
              Words.count(factor.eligibleWorkers(), "worker")));
    }
    if (plan.figures().backpressure()) {
      lines.add("Backpressure: the floors alone exceed what saturation allows the fleet to hold.");
    }
    shortages(lines, "left out: new, and their floors find no place", plan.deferrals(), chunkName);
    shortages(lines, "below their floor", plan.shortfalls(), chunkName);
    if (plan.deferrals().isEmpty() && plan.shortfalls().isEmpty()) {
      lines.add("Nothing stays short: every floor is met.");
    }
    return new PlanReport(lines);
  }

  private static void changes(List<String> lines, PlacementPlan plan) {
    Map<ActionKind, Map<Cause, long[]>> sums = new EnumMap<>(ActionKind.class);
    for (int action = 0; action < plan.actionCount(); action++) {
      long[] sum =
          sums.computeIfAbsent(plan.kind(action), kind -> new EnumMap<>(Cause.class))
              .computeIfAbsent(plan.cause(action), cause -> new long[2]);
      sum[0]++;
      long bytes = sum[1] + plan.actionBytes(action);
      sum[1] = bytes < 0 ? Long.MAX_VALUE : bytes;
    }
    lines.add(sums.isEmpty() ? "Nothing changes." : "What changes:");
    sums.forEach((kind, byCause) ->
        byCause.forEach((cause, sum) ->
            lines.add(
                "  "
                    + Words.count(sum[0], "replica")
                    + " "
                    + Words.done(kind)
                    + " for "
                    + Words.name(cause)
                    + ", "
                    + Words.bytes(sum[1]))));
  }

  private static void costs(List<String> lines, PlanFigures figures) {
    String over =
        figures.bytesMinimum() == 0
            ? ""
            : String.format(
                Locale.ROOT,
                ", %.3f of that",
                figures.bytesAdded() / (double) figures.bytesMinimum());
    lines.add(
        "What it costs: "
            + Words.bytes(figures.bytesAdded())
            + " to copy; any plan has to copy "
            + Words.bytes(figures.bytesMinimum())
            + over);
    if (figures.budgetLeftOverBytes() > 0) {
      lines.add(
          "  the movement budget puts off " + Words.bytes(figures.budgetLeftOverBytes()) + " more");
    }
    lines.add(
        String.format(
            Locale.ROOT,
            "Afterwards: %s; the fullest worker at %.4f of the mean fill, the emptiest at %.4f",
            Words.count(figures.replicas(), "replica"),
            figures.maxOverMeanFill() / MILLION,
            figures.minOverMeanFill() / MILLION));
  }

  private static String factor(long millionths) {
    return millionths % PlacementConfig.ONE == 0
        ? Long.toString(millionths / PlacementConfig.ONE)
        : String.format(Locale.ROOT, "%.3f", millionths / MILLION);
  }

  private static void shortages(
      List<String> lines, String what, List<Shortage> shortages, IntFunction<String> chunkName) {
    if (!shortages.isEmpty()) {
      lines.add("What stays short: " + Words.count(shortages.size(), "chunk") + " " + what);
    }
    for (Shortage each : shortages.subList(0, Math.min(MOST_SHORTAGES, shortages.size()))) {
      lines.add(
          "  "
              + chunkName.apply(each.chunk())
              + ": "
              + Words.count(each.missing(), "replica")
              + " missing; "
              + Words.why(each.reason())
              + " ("
              + Words.count(each.eligibleWorkers(), "worker")
              + " may, the most room on one is "
              + each.largestRoomBytes()
              + " bytes)");
    }
    if (shortages.size() > MOST_SHORTAGES) {
      lines.add("  and " + (shortages.size() - MOST_SHORTAGES) + " more");
    }
  }

  /** The report, one line each. */
  public String text() {
    return String.join("\n", lines) + "\n";
  }
}
