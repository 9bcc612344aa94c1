package dev.stowage.placement;

import dev.stowage.placement.answer.Help;
import dev.stowage.placement.answer.Roomless;
import dev.stowage.placement.answer.Takers;
import dev.stowage.placement.answer.Tightness;
import dev.stowage.placement.answer.WeightLines;
import dev.stowage.placement.answer.Words;
import dev.stowage.placement.board.Board;
import dev.stowage.placement.fleet.Fleet;
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
  private static final int MOST_SHORTAGES = 10;
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
    lines.addAll(WeightLines.of(plan.board(), plan.factors(), plan.deferrals()));
    if (plan.figures().backpressure()) {
      lines.addAll(Tightness.of(plan.board()));
    }
    Takers takers = new Takers(plan.board());
    List<Shortage> deferred = plan.deferrals();
    if (Roomless.isAll(deferred)) {
      lines.add("What stays short: " + Roomless.inWords(plan.board(), deferred));
    } else if (!deferred.isEmpty()) {
      lines.add(
          "What stays short: "
              + Words.count(deferred.size(), "chunk")
              + " left out: "
              + (deferred.size() == 1
                  ? "it is new, and its floor finds no place"
                  : "they are new, and their floors find no place"));
      shortages(lines, deferred, takers, chunkName);
    }
    List<Shortage> below = plan.shortfalls();
    if (Roomless.isAll(below)) {
      lines.add("What stays short: " + Roomless.inWords(plan.board(), below));
    } else if (!below.isEmpty()) {
      lines.add(
          "What stays short: "
              + Words.count(below.size(), "chunk")
              + (below.size() == 1 ? " below its floor" : " below their floors"));
      shortages(lines, below, takers, chunkName);
    }
    List<Shortage> all = new ArrayList<>(deferred);
    all.addAll(below);
    lines.addAll(Help.ofShort(plan.board(), all));
    stuck(lines, plan, chunkName);
    plan.cutShort().stream().map(Words::cutShort).forEach(lines::add);
    if (plan.isFeasible()) {
      lines.add("Nothing stays short: every floor is met.");
    } else if (plan.deferrals().isEmpty() && plan.shortfalls().isEmpty()) {
      int stuck = plan.stuck().size();
      lines.add(
          "Every floor is met, but "
              + Words.count(stuck, "replica")
              + (stuck == 1 ? " is stuck." : " are stuck."));
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
                    + Words.count(sum[0], "replica")
                    + (cause == Cause.NEW ? " of new chunks " : " ")
                    + Words.done(kind)
                    + (cause == Cause.NEW ? "" : " for " + Words.name(cause))
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
            Words.count(figures.replicas(), "replica"),
            figures.maxOverMeanFill() / MILLION,
            figures.groups().size() > 1 ? " at its level" : "",
            figures.minOverMeanFill() / MILLION));
  }

  private static void shortages(
      List<String> lines, List<Shortage> shortages, Takers takers, IntFunction<String> chunkName) {
    for (Shortage each : shortages.subList(0, Math.min(MOST_SHORTAGES, shortages.size()))) {
      lines.add(
          "  "
              + chunkName.apply(each.chunk())
              + ": "
              + Words.count(each.missing(), "replica")
              + " missing; "
              + takers.why(each)
              + takers(takers.count(each.chunk()), each.largestRoomBytes()));
    }
    if (shortages.size() > MOST_SHORTAGES) {
      lines.add("  and " + (shortages.size() - MOST_SHORTAGES) + " more");
    }
  }

  private static String takers(int workers, long mostRoom) {
    return workers == 0 ? "" : " (" + Words.takers(workers, mostRoom) + ")";
  }

  private static void stuck(List<String> lines, PlacementPlan plan, IntFunction<String> chunkName) {
    List<PlacementPlan.Stuck> stuck = plan.stuck();
    if (stuck.isEmpty()) {
      return;
    }
    Fleet fleet = plan.board().fleet;
    lines.add(
        "What is stuck: "
            + (stuck.size() == 1
                ? "1 replica should leave its worker and cannot"
                : stuck.size() + " replicas should leave their workers and cannot"));
    for (PlacementPlan.Stuck each : stuck.subList(0, Math.min(MOST_SHORTAGES, stuck.size()))) {
      lines.add(
          "  "
              + chunkName.apply(each.chunk())
              + " on "
              + fleet.worker(each.worker()).id()
              + ": "
              + each.reason().inWords().whyStuck()
              + takers(each.eligibleWorkers(), each.mostRoomBytes()));
    }
    if (stuck.size() > MOST_SHORTAGES) {
      lines.add("  and " + (stuck.size() - MOST_SHORTAGES) + " more");
    }
    lines.addAll(Help.ofStuck(plan.board(), stuck));
  }

  /** Returns the report, one line each. */
  public String text() {
    return String.join("\n", lines) + "\n";
  }
}
