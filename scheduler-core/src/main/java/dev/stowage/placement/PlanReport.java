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
    shortages(
        lines,
        plan.deferrals().size() == 1
            ? "left out: new, and its floor finds no place"
            : "left out: new, and their floors find no place",
        plan.deferrals(),
        chunkName);
    shortages(
        lines,
        plan.shortfalls().size() == 1 ? "below its floor" : "below their floors",
        plan.shortfalls(),
        chunkName);
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
              + Words.count(each.largestRoomBytes(), "byte")
              + ")");
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
    private long lackingBytes = Long.MAX_VALUE;
    private boolean frozen;
    private boolean isLimitInTheWay;
    private boolean isRoomLacking;
    private int pinned;

    /** What more workers have to be, with the chunks that each of them is to take. */
    private final Map<String, Needed> workers = new TreeMap<>();

    Help(PlacementPlan plan, PlacementInput input) {
      this.plan = plan;
      this.input = input;
    }

    void tell(List<String> lines) {
      String domain = " in a domain that may have one more of it";
      boolean isLimited = !input.config().maxPerDomain().isEmpty();
      for (PlacementPlan.Stuck each : plan.stuck()) {
        switch (each.reason()) {
          case FROZEN -> frozen = true;
          case PINNED -> {
            pinned++;
            if (each.mostRoomBytes() < input.sizeBytes(each.chunk())) {
              needRoom(each, isLimited ? domain : "");
            }
          }
          case TOO_FEW_WORKERS -> needWorker(each.chunk(), isLimited ? domain : "");
          case DOMAIN_LIMIT -> needWorker(each.chunk(), domain);
          case NO_ROOM -> needRoom(each, isLimited ? domain : "");
        }
      }
      if (frozen) {
        lines.add("  it would help to end the freeze");
      }
      if (pinned > 0) {
        lines.add("  it would help to end " + Words.count(pinned, "pin"));
      }
      workers.forEach((kind, needed) -> lines.add("  it would help to have " + needed.text(kind)));
      if (isRoomLacking) {
        lines.add(
            "  "
                + (isLimitInTheWay
                    ? "a max_replicas that is one higher"
                    : Words.atLeast(lackingBytes) + " more")
                + " on one that may take it would free the first");
      }
    }

    private void needRoom(PlacementPlan.Stuck each, String where) {
      isRoomLacking = true;
      isLimitInTheWay |= plan.isLimitInTheWay(each);
      long size = input.sizeBytes(each.chunk());
      lackingBytes = Math.min(lackingBytes, Math.max(1, size - each.mostRoomBytes()));
      needWorker(each.chunk(), where);
    }

    /** Asks for another worker that a chunk could go to. */
    private void needWorker(int chunk, String where) {
      Eligibility needs = input.eligibilityOf(chunk);
      List<String> labels = needs.requiredLabels().sorted();
      String kind =
          labels.isEmpty()
              ? ""
              : " with the label" + (labels.size() == 1 ? " " : "s ") + String.join(", ", labels);
      if (!needs.minVersion().equals(WorkerVersion.ZERO)) {
        kind += (labels.isEmpty() ? " with " : ", ") + "version " + needs.minVersion();
      }
      kind += kind.isEmpty() || where.isEmpty() ? where : "," + where;
      workers.computeIfAbsent(kind, any -> new Needed()).add(chunk, input.sizeBytes(chunk));
    }
  }

  /** Workers of one kind that would free what is stuck, each of which takes one of every chunk. */
  private static final class Needed {
    private final Map<Integer, Integer> replicasOf = new TreeMap<>();
    private long bytes;
    private int count;

    void add(int chunk, long size) {
      int replicas = replicasOf.merge(chunk, 1, Integer::sum);
      count = Math.max(count, replicas);
      bytes += replicas == 1 ? size : 0;
      if (bytes < 0) {
        throw new PlanFigures.TooLargeException("the sizes of what is stuck");
      }
    }

    String text(String kind) {
      return (count == 1 ? "one more active worker" : count + " more active workers")
          + (count == 1 ? kind : kind.replace("in a domain", "in domains"))
          + (kind.isEmpty() ? " with " : " and ")
          + Words.atLeast(bytes)
          + (count == 1 ? " free" : " free each");
    }
  }

  /** The report, one line each. */
  public String text() {
    return String.join("\n", lines) + "\n";
  }
}
