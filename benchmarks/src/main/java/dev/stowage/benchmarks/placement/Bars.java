package dev.stowage.benchmarks.placement;

import dev.stowage.benchmarks.peers.Event;
import dev.stowage.benchmarks.peers.Quality;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/**
 * The figures to reach (placement design, section 5), the measured ones, and the verdicts. A bar
 * without a measurement is left out.
 */
final class Bars {
  private static final String COLD = "stowage";
  private static final String WARM = "stowage-warm";
  private static final List<String> OF_EQUAL_SIZES =
      List.of("10k50", "10k200", "r3", "500k2000", "1m2000", "10k", "100k", "500k", "1m");

  /** The cells by shape, planner and event. */
  private final Map<String, Map<String, Map<Event, Cell>>> cells;

  private final List<String> rows = new ArrayList<>();

  Bars(Map<String, Map<String, Map<Event, Cell>>> cells) {
    this.cells = cells;
  }

  /** Returns the bars as rows of Markdown; empty if none of our planners was measured. */
  List<String> rows() {
    rows.clear();
    threeReplicas();
    meanFactorOfTwentyThree();
    quality();
    special();
    return List.copyOf(rows);
  }

  private void threeReplicas() {
    atMost("from scratch, 100,000 x 200 x 3, CPU s", 0.1, cpu("r3", COLD, Event.SCRATCH));
    atMost("one leaves, 100,000 x 200 x 3, cold, CPU s", 0.06, cpu("r3", COLD, Event.LEAVE));
    atMost("one joins, 100,000 x 200 x 3, cold, CPU s", 0.06, cpu("r3", COLD, Event.JOIN));
    atMost("one leaves, 100,000 x 200 x 3, warm, CPU s", 0.01, cpu("r3", WARM, Event.LEAVE));
    atMost("one joins, 100,000 x 200 x 3, warm, CPU s", 0.01, cpu("r3", WARM, Event.JOIN));
    atMost(
        "growth from 100,000 x 200 to 1,000,000 x 2,000, times",
        12,
        over(cpu("1m2000", COLD, Event.SCRATCH), cpu("r3", COLD, Event.SCRATCH)));
  }

  private void meanFactorOfTwentyThree() {
    for (String shape : List.of("1m2000", "1m")) {
      String title = PublishedShape.byName(shape).title();
      atMost(
          "nothing changed, " + title + ", cold over from scratch",
          0.05,
          over(cpu(shape, COLD, Event.STEADY), cpu(shape, COLD, Event.SCRATCH)));
      atMost("nothing changed, " + title + ", warm, CPU s", 0.001, cpu(shape, WARM, Event.STEADY));
    }
    atMost("from scratch, 100,000 x 500, CPU s", 0.5, cpu("100k", COLD, Event.SCRATCH));
    atMost("from scratch, 500,000 x 2,000, CPU s", 3, cpu("500k", COLD, Event.SCRATCH));
    for (Event event : List.of(Event.STEADY, Event.LEAVE, Event.JOIN)) {
      String what = event.title() + ", 500,000 x 2,000, ";
      atMost(what + "cold, CPU s", 0.3, cpu("500k", COLD, event));
      atMost(what + "warm, CPU s", 0.02, cpu("500k", WARM, event));
    }
    atMost(
        "10 % leave, 500,000 x 2,000, moved over minimum B",
        1.02, figure("500k", COLD, Event.TENTH, Bars::overB));
    atMost(
        "bytes per replica added by the planner, 500,000 x 2,000, from scratch",
        24,
        figure("500k", COLD, Event.SCRATCH, Bars::addedPerReplica));
    atMost(
        "bytes per replica added by the planner, 500,000 x 2,000, steady",
        24,
        figure("500k", COLD, Event.STEADY, Bars::addedPerReplica));
    atMost(
        "peak bytes per replica, steady, inputs included, 500,000 x 2,000",
        32,
        figure("500k", COLD, Event.STEADY, cell -> cell.peakBytes() / replicas(cell)));
  }

  private void quality() {
    atMost("one leaves, moved over minimum B, worst shape", 1.0005, worst(Event.LEAVE));
    atMost("one joins, moved over fair share, worst shape", 1.02, worst(Event.JOIN));
    atMost(
        "max/mean, equal sizes, worst of all", 1.01, worst(OF_EQUAL_SIZES, Quality::maxOverMean));
    atLeast(
        "min/mean, equal sizes, worst of all",
        0.99,
        negative(worst(OF_EQUAL_SIZES, each -> -each.minOverMean())));
    atMost(
        "max/mean, capacities 1 : 2 : 4", 1.01, worst(List.of("capacities"), Quality::maxOverMean));
    atMost("max/mean, Debian 12", 1.02, worst(List.of("debian12"), Quality::maxOverMean));
  }

  private void special() {
    for (Shape shape : Shape.all()) {
      if (shape.name().startsWith("full")) {
        atMost(
            "replicas missing, " + shape.title(),
            0,
            worst(List.of(shape.name()), each -> each.missing()));
      }
    }
    atMost("10,000 deferred chunks, cold, CPU s", 1, cpu("deferred", COLD, Event.GROWTH));
  }

  private OptionalDouble worst(Event event) {
    return measured(OF_EQUAL_SIZES)
        .filter(cell -> cell.event() == event)
        .mapToDouble(Bars::overB)
        .max();
  }

  private OptionalDouble worst(List<String> shapes, ToDoubleFunction<Quality> figure) {
    return measured(shapes)
        .flatMap(cell -> Stream.ofNullable(cell.quality()))
        .mapToDouble(figure)
        .max();
  }

  private Stream<Cell> measured(List<String> shapes) {
    return shapes.stream()
        .flatMap(shape -> Stream.of(COLD, WARM).map(planner -> group(shape, planner)))
        .flatMap(group -> group.values().stream())
        .filter(cell -> cell.quality() != null);
  }

  private Map<Event, Cell> group(String shape, String planner) {
    return cells.getOrDefault(shape, Map.of()).getOrDefault(planner, Map.of());
  }

  private OptionalDouble cpu(String shape, String planner, Event event) {
    return figure(shape, planner, event, Cell::cpuSeconds);
  }

  private OptionalDouble figure(
      String shape, String planner, Event event, ToDoubleFunction<Cell> figure) {
    Cell cell = group(shape, planner).get(event);
    return cell == null || cell.quality() == null
        ? OptionalDouble.empty()
        : OptionalDouble.of(figure.applyAsDouble(cell));
  }

  private static double overB(Cell cell) {
    Quality quality = cell.quality();
    return quality == null
        ? Double.NaN
        : quality.movedBytes() / (double) Math.max(1, quality.minimumB());
  }

  private static double addedPerReplica(Cell cell) {
    return (cell.peakBytes() - cell.inputBytes()) / replicas(cell);
  }

  private static double replicas(Cell cell) {
    Quality quality = cell.quality();
    return quality == null ? Double.NaN : Math.max(1, quality.replicas());
  }

  private static OptionalDouble over(OptionalDouble one, OptionalDouble other) {
    return one.isPresent() && other.isPresent()
        ? OptionalDouble.of(one.getAsDouble() / other.getAsDouble())
        : OptionalDouble.empty();
  }

  private static OptionalDouble negative(OptionalDouble value) {
    return value.isPresent() ? OptionalDouble.of(-value.getAsDouble()) : value;
  }

  private void atMost(String what, double bar, OptionalDouble ours) {
    ours.ifPresent(value -> row(what, "<= ", bar, value, value <= bar));
  }

  private void atLeast(String what, double bar, OptionalDouble ours) {
    ours.ifPresent(value -> row(what, ">= ", bar, value, value >= bar));
  }

  private void row(String what, String sign, double bar, double ours, boolean isMet) {
    rows.add(
        String.format(
            Locale.ROOT,
            "| %s | %s%s | %.4f | %s |%n",
            what,
            sign,
            Double.toString(bar),
            ours,
            isMet ? "met" : "**not met**"));
  }
}
