package dev.stowage.placement;

import dev.stowage.model.Eligibility;
import dev.stowage.model.WorkerVersion;
import dev.stowage.placement.answer.Words;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
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
    costs(lines, plan);
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
    stuck(lines, plan, chunkName);
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
        throw new PlanFigures.TooLargeException("the sizes of what changes");
      }
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
                + Words.bytes(figures.bytesAdded())
                + " to copy; any plan has to copy "
                + Words.bytes(figures.bytesMinimum())
                + over);
    long leftOver = plan.budgetLeftOverBytes();
    if (leftOver > 0) {
      lines.add("  the movement budget puts off " + Words.bytes(leftOver) + " more");
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

  private static void stuck(List<String> lines, PlacementPlan plan, IntFunction<String> chunkName) {
    List<PlacementPlan.Stuck> stuck = plan.stuck();
    if (stuck.isEmpty()) {
      return;
    }
    PlacementInput input = plan.input();
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
              + input.worker(each.worker()).id()
              + ": "
              + Words.why(each.reason())
              + " ("
              + Words.count(each.eligibleWorkers(), "worker")
              + " may take it, the most room on one is "
              + Words.bytes(each.mostRoomBytes())
              + ")");
    }
    if (stuck.size() > MOST_SHORTAGES) {
      lines.add("  and " + (stuck.size() - MOST_SHORTAGES) + " more");
    }
    new Help(plan, input).tell(lines);
  }

  /** What would free the stuck replicas; each thing by itself, computed from what they lack. */
  private static final class Help {
    private final PlacementPlan plan;
    private final PlacementInput input;
    private long roomBytes;
    private long lackingBytes = Long.MAX_VALUE;
    private boolean frozen;
    private boolean isLimitInTheWay;
    private int pinned;

    /** Labels and version that one more worker needs, with the bytes that it is to take. */
    private final Map<String, Long> workers = new TreeMap<>();

    Help(PlacementPlan plan, PlacementInput input) {
      this.plan = plan;
      this.input = input;
    }

    void tell(List<String> lines) {
      for (PlacementPlan.Stuck each : plan.stuck()) {
        switch (each.reason()) {
          case FROZEN -> frozen = true;
          case PINNED -> pinned++;
          case TOO_FEW_WORKERS -> needWorker(each.chunk(), " that has no replica of it", "");
          case DOMAIN_LIMIT -> {
            String where = " in a domain that may have one more of it";
            needWorker(each.chunk(), where, "," + where);
          }
          case NO_ROOM -> needRoom(each);
        }
      }
      if (frozen) {
        lines.add("  it would help to end the freeze");
      }
      if (pinned > 0) {
        lines.add("  it would help to end " + Words.count(pinned, "pin"));
      }
      if (roomBytes > 0 || isLimitInTheWay) {
        lines.add(
            "  it would help to have one more worker with "
                + Words.bytes(roomBytes)
                + " free; "
                + (isLimitInTheWay
                    ? "a max_replicas that is one higher"
                    : Words.bytes(lackingBytes) + " more")
                + " on one that there is would free the first");
      }
      workers.forEach((kind, bytes) ->
          lines.add(
              "  it would help to have one more active worker"
                  + kind
                  + " and "
                  + Words.bytes(bytes)
                  + " free"));
    }

    private void needRoom(PlacementPlan.Stuck each) {
      isLimitInTheWay |= plan.isLimitInTheWay(each);
      long size = input.sizeBytes(each.chunk());
      roomBytes = plus(roomBytes, size);
      lackingBytes = Math.min(lackingBytes, Math.max(1, size - each.mostRoomBytes()));
    }

    private void needWorker(int chunk, String otherwise, String where) {
      Eligibility needs = input.eligibilityOf(chunk);
      List<String> labels = needs.requiredLabels().sorted();
      String kind =
          labels.isEmpty()
              ? " with"
              : " with the label" + (labels.size() == 1 ? " " : "s ") + String.join(", ", labels);
      if (!needs.minVersion().equals(WorkerVersion.ZERO)) {
        kind += (labels.isEmpty() ? " " : ", ") + "version " + needs.minVersion();
      }
      if (kind.equals(" with")) {
        kind = otherwise;
      } else {
        kind += where;
      }
      workers.merge(kind, input.sizeBytes(chunk), Help::plus);
    }

    private static long plus(long one, long other) {
      long sum = one + other;
      if (sum < 0) {
        throw new PlanFigures.TooLargeException("the sizes of what is stuck");
      }
      return sum;
    }
  }

  /** The report, one line each. */
  public String text() {
    return String.join("\n", lines) + "\n";
  }
}
