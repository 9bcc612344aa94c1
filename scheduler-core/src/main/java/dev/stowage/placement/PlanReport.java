package dev.stowage.placement;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.IntFunction;

/**
 * A plan as a person reads it: what changes, what it costs, what stays short and why.
 *
 * @param lines the report, one line each
 */
public record PlanReport(List<String> lines) {
  private static final int MOST_SHORTAGES = 10;

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
    PlanFigures figures = plan.figures();
    Map<ActionKind, Integer> kinds = new EnumMap<>(ActionKind.class);
    for (int action = 0; action < plan.actionCount(); action++) {
      kinds.merge(plan.kind(action), 1, Integer::sum);
    }
    lines.add(plan.actionCount() == 0 ? "Nothing changes." : "Actions: " + kinds);
    lines.add(
        String.format(
            Locale.ROOT,
            "Bytes to copy: %d; any plan needs at least %d. By cause: %s",
            figures.bytesAdded(),
            figures.bytesMinimum(),
            figures.bytesByCause()));
    lines.add(
        String.format(
            Locale.ROOT,
            "Fill over the mean: fullest %.4f, emptiest %.4f; %d replicas",
            figures.maxOverMeanFill() / 1e6,
            figures.minOverMeanFill() / 1e6,
            figures.replicas()));
    for (PoolFactor factor : plan.factors()) {
      lines.add(
          String.format(
              Locale.ROOT,
              "Weight %d: target %.3f, reached %d, %d workers may hold it",
              factor.weight(),
              factor.targetMillionths() / 1e6,
              factor.reached(),
              factor.eligibleWorkers()));
    }
    if (figures.backpressure()) {
      lines.add("Backpressure: the floors exceed what saturation allows the fleet to hold.");
    }
    if (figures.budgetLeftOverBytes() > 0) {
      lines.add("Postponed by the movement budget: " + figures.budgetLeftOverBytes() + " bytes");
    }
    shortages(lines, "Deferred", plan.deferrals(), chunkName);
    shortages(lines, "Short", plan.shortfalls(), chunkName);
    return new PlanReport(lines);
  }

  private static void shortages(
      List<String> lines, String what, List<Shortage> shortages, IntFunction<String> chunkName) {
    if (!shortages.isEmpty()) {
      lines.add(what + ": " + shortages.size() + " chunks");
    }
    for (Shortage each : shortages.subList(0, Math.min(MOST_SHORTAGES, shortages.size()))) {
      lines.add(
          "  "
              + chunkName.apply(each.chunk())
              + ": "
              + each.missing()
              + " missing, "
              + each.reason()
              + " ("
              + each.eligibleWorkers()
              + " workers may take it, most room "
              + each.largestRoomBytes()
              + " bytes)");
    }
  }

  /** The report, one line each. */
  public String text() {
    return String.join("\n", lines) + "\n";
  }
}
