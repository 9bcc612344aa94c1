package dev.stowage.placement;

import dev.stowage.answer.Progress.Cause;
import dev.stowage.config.Reason;
import dev.stowage.placement.PlacementPlan.PlanFigures;
import dev.stowage.placement.PlacementPlan.Shortage;
import dev.stowage.placement.PlanChanges.ActionKind;
import dev.stowage.placement.answer.Factors;
import dev.stowage.placement.answer.Shortages;
import dev.stowage.placement.answer.Wording;
import dev.stowage.placement.board.Board;
import dev.stowage.placement.fleet.Pool;
import dev.stowage.shape.Unit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.IntFunction;
import java.util.function.IntPredicate;

/**
 * A plan for human readers, as lines.
 *
 * @param lines the lines of the report
 */
public record PlanReport(List<String> lines) {
  private static final double MILLION = 1e6;

  /** Keeps an unmodifiable copy. */
  public PlanReport {
    lines = List.copyOf(lines);
  }

  /** Returns the report of a plan; {@code chunkName} names a chunk position. */
  public static PlanReport of(PlacementPlan plan, IntFunction<String> chunkName) {
    List<String> lines = new ArrayList<>();
    changes(lines, plan);
    rules(lines, plan.board());
    costs(lines, plan);
    lines.addAll(Factors.of(plan.factors()));
    if (plan.isBackpressure()) {
      lines.add(
          "Backpressure: the floors exceed what saturation allows the workers that may hold them.");
    }
    List<Shortage> all = new ArrayList<>(plan.deferrals());
    all.addAll(plan.shortfalls());
    if (!all.isEmpty()) {
      lines.add(
          "What stays short: "
              + Wording.count(plan.deferrals().size(), "new chunk")
              + " left out, "
              + Wording.count(plan.shortfalls().size(), "chunk")
              + " below the floor");
      Shortages.ofShort(plan.board(), all, chunkName).forEach(each -> lines.add("  " + each));
    }
    List<PlacementPlan.Stuck> stuck = plan.stuck();
    if (!stuck.isEmpty()) {
      String what = Wording.count(stuck.size(), "replica") + " that should leave and cannot";
      lines.add("What is stuck: " + what);
      Shortages.ofStuck(plan.board(), stuck, chunkName).forEach(each -> lines.add("  " + each));
    }
    if (!plan.cutShort().isEmpty()) {
      lines.add("Not every way was tried: more moves that make room may be possible");
    }
    if (plan.isFeasible()) {
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
      sum[1] += plan.actionBytes(action);
      if (sum[1] < 0) {
        throw new PlanFigures.TooLargeException("the sizes of the changed replicas");
      }
    }
    lines.add(sums.isEmpty() ? "Nothing changes." : "What changes:");
    sums.forEach((kind, byCause) ->
        byCause.forEach((cause, sum) ->
            lines.add(
                "  "
                    + Wording.count(sum[0], "replica")
                    + (cause == Cause.NEW ? " of new chunks " : " ")
                    + Wording.done(kind)
                    + (cause == Cause.NEW ? "" : " for " + Wording.name(cause))
                    + ", "
                    + Unit.BYTES.print(sum[1]))));
  }

  /** Adds a line for each dataset to which a rule leaves fewer workers than its floors need. */
  private static void rules(List<String> lines, Board board) {
    for (int number : board.fleet.poolOrder) {
      Pool pool = board.fleet.pools[number];
      for (String key : board.input.pools.get(number).keys()) {
        int floor = Objects.requireNonNull(board.input.sums.of(number)).floor();
        int left = pool.placeable.length;
        IntPredicate isRefused = it -> Reason.OF_RULES.contains(pool.refusal(it));
        long refused = Arrays.stream(board.fleet.order).filter(isRefused).count();
        if (left < floor && refused > 0) {
          lines.add(
              String.format(
                  Locale.ROOT,
                  "%s cannot be met: floors need %d workers, %d are left and %d refused",
                  key,
                  floor,
                  left,
                  refused));
        }
      }
    }
  }

  private static void costs(List<String> lines, PlacementPlan plan) {
    PlanFigures figures = plan.figures();
    String over =
        figures.bytesMinimum() == 0
            ? ""
            : String.format(
                Locale.ROOT,
                ", %.3f of that",
                figures.bytesAdded() / (double) figures.bytesMinimum());
    lines.add(
        figures.bytesAdded() == 0
            ? "What it costs: nothing has to be copied"
            : "What it costs: "
                + Unit.BYTES.print(figures.bytesAdded())
                + " to copy; any plan has to copy "
                + Unit.BYTES.print(figures.bytesMinimum())
                + over);
    long leftOver = plan.budgetLeftOverBytes();
    if (leftOver > 0) {
      lines.add("  the movement budget puts off " + Unit.BYTES.print(leftOver) + " more");
    }
    lines.add(
        String.format(
            Locale.ROOT,
            "Afterwards: %s; the fullest worker at %.4f of the mean fill%s, the emptiest at %.4f",
            Wording.count(figures.replicas(), "replica"),
            figures.maxOverMeanFill() / MILLION,
            figures.groups().size() > 1 ? " at its level" : "",
            figures.minOverMeanFill() / MILLION));
  }

  /** Returns the report, one line each. */
  public String text() {
    return String.join("\n", lines) + "\n";
  }
}
