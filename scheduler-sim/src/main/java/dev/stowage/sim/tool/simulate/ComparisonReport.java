package dev.stowage.sim.tool.simulate;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stowage.sim.tool.report.CycleRecord;
import dev.stowage.sim.tool.report.EventRecord;
import dev.stowage.sim.tool.report.HtmlReport;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;

/**
 * Writes simulations of one profile as one HTML page: the figures in which they differ first, then
 * charts over the steps with a line for each run, and the events of each run. Stateless.
 */
public final class ComparisonReport {
  private static final ObjectMapper JSON = new ObjectMapper();

  private ComparisonReport() {}

  /** A value of a figure, and as people read it. */
  public record Cell(double value, String shown) {}

  /** A figure of every run, in their order. */
  public record Row(String name, List<Cell> cells) {
    private boolean isAlike() {
      return cells.stream().map(Cell::value).distinct().count() == 1;
    }
  }

  /** A run: its settings, its events after the first fill, and what went wrong, in words. */
  public record Run(
      String name, String settings, List<EventRecord> events, List<String> troubles) {}

  /**
   * Returns the page about at least one run of a profile.
   *
   * @param command the command line that makes it again
   */
  public static String of(List<Simulated> done, String command) {
    List<Row> rows = new ArrayList<>();
    for (RunFigure figure : RunFigure.values()) {
      rows.add(
          new Row(
              figure.word(), done.stream().map(each -> cell(figure, each.at(figure))).toList()));
    }
    List<Run> runs = done.stream().map(ComparisonReport::run).toList();
    Map<String, List<List<Long>>> series = new HashMap<>();
    series.put("moved", done.stream().map(ComparisonReport::moved).toList());
    series.put("underFloor", values(done, each -> each.chunks().underFloor()));
    series.put("unreadable", values(done, each -> each.chunks().unreadable()));
    int steps = done.stream().mapToInt(Simulated::steps).max().orElse(0);
    Map<String, Object> model = new HashMap<>();
    model.put("title", "Runs of " + done.get(0).profile().name() + " compared");
    model.put("runs", runs);
    model.put("differing", rows.stream().filter(each -> !each.isAlike()).toList());
    model.put("alike", rows.stream().filter(Row::isAlike).toList());
    model.put("movedRows", rows.stream().filter(each -> each.name().startsWith("moved")).toList());
    model.put("series", series);
    model.put("stepCount", steps);
    model.put(
        "hasUnreadable",
        series.getOrDefault("unreadable", List.of()).stream()
            .anyMatch(each -> each.stream().anyMatch(count -> count > 0)));
    model.put("charts", charts(done, series, steps));
    model.put("command", command);
    return HtmlReport.page("compare", model);
  }

  private static Cell cell(RunFigure figure, double value) {
    return new Cell(value, SimulationText.shown(figure, value));
  }

  private static Run run(Simulated each) {
    List<String> troubles = new ArrayList<>(each.run().violations());
    each.failed().forEach(failed -> troubles.add("expectation failed: " + failed));
    if (each.isPartial()) {
      troubles.add("interrupted after step " + each.steps());
    }
    return new Run(
        each.name(),
        SimulationText.settings(each),
        each.run().events().stream().filter(it -> it.firstCycle() > each.filledAt()).toList(),
        troubles);
  }

  private static List<CycleRecord> steps(Simulated each) {
    List<CycleRecord> cycles = each.run().cycles();
    return cycles.subList(each.filledAt(), each.filledAt() + each.steps());
  }

  private static List<Long> moved(Simulated each) {
    List<Long> sums = new ArrayList<>();
    long sum = 0;
    for (CycleRecord cycle : steps(each)) {
      sum += cycle.movedBytes();
      sums.add(sum);
    }
    return sums;
  }

  private static List<List<Long>> values(List<Simulated> done, ToLongFunction<CycleRecord> value) {
    return done.stream()
        .map(each -> steps(each).stream().map(value::applyAsLong).toList())
        .toList();
  }

  private static String charts(
      List<Simulated> done, Map<String, List<List<Long>>> series, int steps) {
    ObjectNode root = JSON.createObjectNode();
    root.put("steps", steps);
    ArrayNode runs = root.putArray("runs");
    for (int at = 0; at < done.size(); at++) {
      ObjectNode run = runs.addObject().put("name", done.get(at).name());
      int place = at;
      series.forEach((name, values) -> values.get(place).forEach(run.withArray(name)::add));
    }
    return root.toString().replace("<", "\\u003c");
  }
}
