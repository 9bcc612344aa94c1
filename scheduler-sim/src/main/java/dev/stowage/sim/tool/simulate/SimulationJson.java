package dev.stowage.sim.tool.simulate;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stowage.sim.tool.report.CycleRecord;
import dev.stowage.sim.tool.report.JsonSummary;
import java.util.List;

/** Writes what came of simulations for scripts: keys in snake case, sizes in bytes. Stateless. */
public final class SimulationJson {
  private static final ObjectMapper JSON = new ObjectMapper();

  private SimulationJson() {}

  /**
   * Returns the runs of one profile; the profile determines all but {@code seconds}, {@code timing}
   * and {@code step_seconds}.
   */
  public static ObjectNode of(List<Simulated> runs) {
    ObjectNode root = JSON.createObjectNode();
    root.put("profile", runs.get(0).profile().name());
    ArrayNode all = root.putArray("runs");
    runs.forEach(each -> all.add(run(each)));
    return root;
  }

  private static ObjectNode run(Simulated done) {
    ObjectNode to = JSON.createObjectNode();
    to.put("name", done.name());
    to.put("steps", done.steps());
    to.put("filled_at", done.filledAt());
    to.put("partial", done.isPartial());
    to.setAll(JsonSummary.of(done.run()));
    ObjectNode figures = to.putObject("figures");
    for (RunFigure figure : RunFigure.values()) {
      double value = done.at(figure);
      if (Double.isFinite(value)) {
        figures.put(figure.word(), value);
      } else {
        figures.putNull(figure.word());
      }
    }
    ArrayNode steps = to.putArray("ledger");
    List<CycleRecord> cycles = done.run().cycles();
    for (CycleRecord cycle : cycles.subList(done.filledAt(), cycles.size())) {
      ObjectNode step = steps.addObject();
      step.put("step", cycle.cycle() - done.filledAt())
          .put("downloaded", cycle.movedBytes())
          .put("freed", cycle.freedBytes())
          .put("under_floor", cycle.chunks().underFloor())
          .put("unreadable", cycle.chunks().unreadable())
          .put("deferred", cycle.deferred())
          .put("shortfalls", cycle.shortfalls())
          .put("visible", cycle.chunks().visible());
      ObjectNode came = step.putObject("downloaded_by_cause");
      cycle.arrivedBytes().forEach(came::put);
    }
    ObjectNode gains = to.putObject("gains");
    done.gains().forEach(gains::put);
    done.failed().forEach(to.putArray("failed")::add);
    to.putObject("step_seconds")
        .put("fill", done.stepSeconds().fill())
        .put("steps", done.stepSeconds().all())
        .put("slowest_step", done.stepSeconds().slowest());
    return to;
  }
}
