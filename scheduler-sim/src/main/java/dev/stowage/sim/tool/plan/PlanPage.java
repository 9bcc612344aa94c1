package dev.stowage.sim.tool.plan;

import dev.stowage.answer.Explanation;
import dev.stowage.answer.Progress.CopyTime;
import dev.stowage.placement.PlacementPlan;
import dev.stowage.placement.PlacementPlan.PlanFigures;
import dev.stowage.placement.PlanChanges;
import dev.stowage.placement.PlanChanges.ActionKind;
import dev.stowage.shape.Unit;
import dev.stowage.sim.tool.report.HtmlReport;
import dev.stowage.sim.tool.report.NumberFormats;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * Writes a plan as one HTML page: what it costs, how long it takes and what stays short or stuck;
 * the workers before and after; the bytes by cause and from whom to whom; the actions, and why.
 */
public final class PlanPage {
  private static final int MOST_MOVES = 2_000;
  private static final int MOST_FLOWS = 50;
  private static final int MOST_EXPLAINED = 200;
  private static final int MOST_LABELS = 24;
  private static final double WIDTH = 900;
  private static final double LEAST_APART = 3;
  private static final double MOST_APART = 60;
  private static final double MARGIN = 40;
  private static final double MOST_WIDE = 2_560;
  private static final double FONT = 11;

  private final PlanCase of;
  private final PlacementPlan plan;
  private final PlanChanges changes;

  private final Function<PlanChanges, Optional<CopyTime>> rates;

  private PlanPage(
      PlanCase of, PlacementPlan plan, Function<PlanChanges, Optional<CopyTime>> rates) {
    this.of = of;
    this.plan = plan;
    this.rates = rates;
    changes = changes(of, plan);
  }

  /** A worker of the table, in bytes; the level is negative for a worker that is not active. */
  public record Line(
      String name,
      String status,
      String domain,
      long capacity,
      long before,
      long after,
      long level,
      long in,
      long out) {}

  /** A worker of the chart, in units of the drawing. */
  public record Dot(double x, double before, double after, String title) {}

  /** The workers of a domain in the chart. */
  public record Domain(boolean isOdd, double from, double width, double middle, String label) {}

  /** The bytes of a cause, and their share. */
  public record Share(String name, long bytes, double percent) {}

  /** Sums up what goes from one worker to another one. */
  public record Flow(String from, String to, long replicas, long bytes) {}

  /** An action of the table. */
  public record Move(
      String chunk,
      boolean isExplained,
      String action,
      String from,
      String to,
      long size,
      String cause,
      String reason) {}

  /** An explanation that an address can name. */
  public record Explained(String id, String subject, List<String> lines) {}

  /**
   * Returns the page of a plan. Throws {@link PlanFigures.TooLargeException} if bytes exceed a
   * long.
   *
   * @param rates the time that copies take in the fleet, if it is live
   * @param command the command that makes it again
   */
  public static String of(
      PlanCase of,
      PlacementPlan plan,
      Function<PlanChanges, Optional<CopyTime>> rates,
      String title,
      String command) {
    return new PlanPage(of, plan, rates).page(title, command);
  }

  /** Returns what a plan changes. */
  public static PlanChanges changes(PlanCase of, PlacementPlan plan) {
    return plan.changes(chunk -> of.keys().get(chunk));
  }

  private String page(String title, String command) {
    Map<String, Object> model = new HashMap<>();
    boolean isAll = changes.laterBytes() == 0;
    String now = Unit.BYTES.print(plan.figures().bytesAdded());
    String later = Unit.BYTES.print(changes.laterBytes());
    model.put("title", isAll ? title : title + ": " + now + " now, " + later + " later");
    model.put("answer", answer());
    model.put("isFeasible", plan.isFeasible());
    chart(model);
    Comparator<Line> moved = Comparator.comparingDouble(it -> (double) it.in + it.out);
    model.put("workers", lines().stream().sorted(moved.reversed()).toList());
    model.put("causes", causes());
    model.put("flows", flows());
    Set<Integer> explained = new LinkedHashSet<>();
    for (int at = 0; at < plan.actionCount() && explained.size() < MOST_EXPLAINED; at++) {
      explained.add(plan.actionChunk(at));
    }
    model.put("moves", moves(explained));
    int hidden = changes.moves().size() - MOST_MOVES;
    model.put(
        "hidden",
        hidden <= 0
            ? ""
            : "The first "
                + NumberFormats.count(MOST_MOVES)
                + "; "
                + NumberFormats.count(hidden)
                + " more are in actions.csv.");
    model.put("missing", missing());
    model.put("explained", explanations(explained));
    model.put("hash", plan.planHash());
    model.put("command", command);
    return HtmlReport.page("plan", model);
  }

  private List<String> answer() {
    PlanFigures figures = plan.figures();
    long moved = changes.moves().stream().filter(it -> it.copiedBytes() > 0).count();
    String cost =
        figures.bytesAdded() == 0
            ? "Nothing has to be copied."
            : Unit.BYTES.print(figures.bytesAdded())
                + " are copied as "
                + NumberFormats.count(moved, "replica")
                + "; any plan has to copy "
                + Unit.BYTES.print(figures.bytesMinimum())
                + ".";
    String rest =
        plan.isFeasible()
            ? "Nothing stays short or stuck."
            : NumberFormats.count(plan.deferrals().size(), "new chunk")
                + " left out, "
                + NumberFormats.count(plan.shortfalls().size(), "chunk")
                + " below the floor, "
                + NumberFormats.count(plan.stuck().size(), "replica")
                + " stuck.";
    String held =
        changes.laterBytes() == 0
            ? ""
            : " The movement budget puts off "
                + Unit.BYTES.print(changes.laterBytes())
                + " to later plans.";
    return List.of(cost + held, PlanTime.inWords(changes, rates), rest);
  }

  private List<Line> lines() {
    List<Line> lines = new ArrayList<>();
    for (PlanChanges.Share each : changes.workers()) {
      lines.add(
          new Line(
              each.worker().value(),
              PlanFields.lower(of.input().worker(lines.size()).status()),
              each.domain(),
              each.capacityBytes(),
              each.beforeBytes(),
              each.afterBytes(),
              each.levelBytes().orElse(-1),
              each.inBytes(),
              each.outBytes()));
    }
    return lines;
  }

  private static double points(long bytes, PlanChanges.Share of) {
    return 100.0 * (bytes - of.levelBytes().orElse(0)) / of.capacityBytes();
  }

  private void chart(Map<String, Object> model) {
    List<PlanChanges.Share> drawn = new ArrayList<>();
    changes.workers().stream().filter(it -> it.levelBytes().isPresent()).forEach(drawn::add);
    drawn.sort(Comparator.comparing(PlanChanges.Share::domain));
    double before = 0;
    double after = 0;
    for (PlanChanges.Share each : drawn) {
      before = Math.max(before, Math.abs(points(each.beforeBytes(), each)));
      after = Math.max(after, Math.abs(points(each.afterBytes(), each)));
    }
    double scale = Math.max(0.1, Math.max(before, after));
    double apart = Math.max(LEAST_APART, Math.min(MOST_APART, WIDTH / Math.max(1, drawn.size())));
    List<Dot> dots = new ArrayList<>();
    Map<String, List<Dot>> byDomain = new LinkedHashMap<>();
    for (PlanChanges.Share each : drawn) {
      double x = MARGIN + apart * dots.size();
      Dot dot =
          new Dot(
              x,
              110 - 100 * points(each.beforeBytes(), each) / scale,
              110 - 100 * points(each.afterBytes(), each) / scale,
              each.worker()
                  + ": "
                  + NumberFormats.decimals(points(each.beforeBytes(), each), 2)
                  + " before, "
                  + NumberFormats.decimals(points(each.afterBytes(), each), 2)
                  + " after");
      dots.add(dot);
      byDomain.computeIfAbsent(each.domain(), domain -> new ArrayList<>()).add(dot);
    }
    List<Domain> domains = new ArrayList<>();
    byDomain.forEach((name, members) -> {
      double from = members.get(0).x() - apart / 2;
      double width = apart * members.size();
      String label = byDomain.size() <= MOST_LABELS ? name : "";
      domains.add(new Domain(domains.size() % 2 > 0, from, width, from + width / 2, label));
    });
    double width = 2 * MARGIN + apart * Math.max(1, dots.size());
    model.put("dots", dots);
    model.put("domains", domains);
    model.put("width", width);
    double least = Math.min(width, MOST_WIDE);
    model.put("least", least);
    model.put("font", FONT * width / least);
    model.put("scale", scale);
    model.put("mostBefore", before);
    model.put("mostAfter", after);
  }

  private List<Share> causes() {
    List<Share> all = new ArrayList<>();
    double sum = Math.max(1, plan.figures().bytesAdded());
    plan.figures()
        .bytesByCause()
        .forEach((cause, bytes) ->
            all.add(
                new Share(PlanFields.lower(cause), bytes, Math.round(1000 * bytes / sum) / 10.0)));
    return all;
  }

  private List<Flow> flows() {
    Map<List<String>, long[]> sums = new HashMap<>();
    for (PlanChanges.Move move : changes.moves()) {
      if (move.to().isPresent()) {
        List<String> pair =
            List.of(move.from().map(it -> it.value()).orElse(""), move.to().get().value());
        long[] sum = sums.computeIfAbsent(pair, any -> new long[2]);
        sum[0]++;
        sum[1] += move.copiedBytes();
      }
    }
    return sums.entrySet().stream()
        .map(it ->
            new Flow(it.getKey().get(0), it.getKey().get(1), it.getValue()[0], it.getValue()[1]))
        .sorted(
            Comparator.comparingLong(Flow::bytes)
                .reversed()
                .thenComparing(Flow::from)
                .thenComparing(Flow::to))
        .limit(MOST_FLOWS)
        .toList();
  }

  private List<Move> moves(Set<Integer> explained) {
    Set<String> names = new LinkedHashSet<>();
    explained.forEach(chunk -> names.add(of.name(chunk)));
    return changes.moves().stream()
        .limit(MOST_MOVES)
        .map(it ->
            new Move(
                it.chunk().toString(),
                names.contains(it.chunk().toString()),
                it.kind() == ActionKind.ADD && it.from().isPresent()
                    ? "move"
                    : PlanFields.lower(it.kind()),
                it.from().map(id -> id.value()).orElse(""),
                it.to().map(id -> id.value()).orElse(""),
                it.sizeBytes(),
                PlanFields.lower(it.cause()),
                PlanFields.lower(it.reason()).replace('_', ' ')))
        .toList();
  }

  private List<String> missing() {
    List<String> lines = new ArrayList<>();
    plan.deferrals()
        .forEach(
            it -> lines.add(of.name(it.chunk()) + ": left out, " + PlanFields.lower(it.reason())));
    plan.shortfalls()
        .forEach(it ->
            lines.add(
                of.name(it.chunk())
                    + ": "
                    + NumberFormats.count(it.missing(), "replica")
                    + " missing, "
                    + PlanFields.lower(it.reason())));
    plan.stuck()
        .forEach(it ->
            lines.add(
                of.name(it.chunk()) + " on " + plan.worker(it.worker()) + ": " + it.inWords()));
    return lines.size() <= MOST_EXPLAINED ? lines : lines.subList(0, MOST_EXPLAINED);
  }

  private List<Explained> explanations(Set<Integer> chunks) {
    List<Explained> all = new ArrayList<>();
    for (int worker = 0; worker < of.input().workerCount(); worker++) {
      PlanChanges.Share share = changes.workers().get(worker);
      boolean isChanged = share.inBytes() > 0 || share.outBytes() > 0;
      if (isChanged && all.size() < MOST_EXPLAINED) {
        all.add(explained("worker=" + share.worker(), plan.explainWorker(worker)));
      }
    }
    for (int chunk : chunks) {
      all.add(explained("chunk=" + of.name(chunk), plan.explain(chunk, of::name)));
    }
    return all;
  }

  private static Explained explained(String name, Explanation of) {
    return new Explained("why:" + name, of.subject(), of.lines());
  }
}
