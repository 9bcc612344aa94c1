package dev.stowage.sim.tool.simulate;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stowage.sim.tool.report.CycleRecord;
import dev.stowage.sim.tool.report.EventRecord;
import dev.stowage.sim.tool.report.TextSummary;
import java.io.UncheckedIOException;
import java.util.List;

/** Writes what came of simulations for scripts: keys in snake case, sizes in bytes. Stateless. */
public final class SimulationJson {
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  private SimulationJson() {}

  /** Returns the runs of one profile; the profile determines all but {@code seconds}. */
  public static String of(List<Simulated> runs) {
    ObjectNode root = JSON.createObjectNode();
    root.put("profile", runs.get(0).profile().name());
    ArrayNode all = root.putArray("runs");
    runs.forEach(each -> add(each, all.addObject()));
    try {
      return JSON.writeValueAsString(root) + "\n";
    } catch (JsonProcessingException ofATree) {
      throw new UncheckedIOException(ofATree);
    }
  }

  private static void add(Simulated done, ObjectNode to) {
    to.put("name", done.name());
    to.put("seed", done.run().seed());
    to.put("steps", done.steps());
    to.put("partial", done.isPartial());
    to.put("plans", TextSummary.hashOfAllPlans(done.run()));
    to.put("violations", done.run().violations().size());
    ObjectNode figures = to.putObject("figures");
    for (Figure figure : Figure.values()) {
      double value = done.at(figure);
      if (Double.isFinite(value)) {
        figures.put(figure.word(), value);
      } else {
        figures.putNull(figure.word());
      }
    }
    ArrayNode events = to.putArray("events");
    for (EventRecord event : done.run().events()) {
      events
          .addObject()
          .put("name", event.name())
          .put("title", event.title())
          .put("first_step", event.firstCycle() - done.filledAt())
          .put("last_step", event.lastCycle() - done.filledAt())
          .put("bytes_moved", event.bytesMoved())
          .put("bytes_minimum", event.bytesMinimum());
    }
    ArrayNode steps = to.putArray("ledger");
    List<CycleRecord> cycles = done.run().cycles();
    for (CycleRecord cycle : cycles.subList(done.filledAt(), cycles.size())) {
      ObjectNode step = steps.addObject();
      step.put("step", cycle.cycle() - done.filledAt())
          .put("downloaded", cycle.movedBytes())
          .put("freed", cycle.freedBytes())
          .put("under_floor", cycle.underFloor())
          .put("unreadable", cycle.unreadable())
          .put("deferred", cycle.deferred())
          .put("shortfalls", cycle.shortfalls())
          .put("visible", cycle.visible());
      ObjectNode came = step.putObject("downloaded_by_cause");
      cycle.arrivedBytes().forEach(came::put);
    }
    ObjectNode gains = to.putObject("gains");
    done.gains().forEach(gains::put);
    ArrayNode failed = to.putArray("failed");
    done.failed().forEach(failed::add);
    ArrayNode violated = to.putArray("violated");
    done.run().violations().forEach(violated::add);
    to.putObject("seconds")
        .put("fill", done.stepSeconds().fill())
        .put("steps", done.stepSeconds().all())
        .put("slowest_step", done.stepSeconds().slowest());
  }
}
