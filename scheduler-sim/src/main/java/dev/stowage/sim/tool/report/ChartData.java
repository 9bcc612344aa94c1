package dev.stowage.sim.tool.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.function.ToLongFunction;

/**
 * The numbers that the script in the page draws, as JSON that is safe inside a script element. A
 * series of zeros is left out, so that no legend names it.
 */
final class ChartData {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final long MILLION = 1_000_000;

  private static final List<String> CAUSES =
      List.of("new", "repair", "growth", "balance", "evacuate", "relocate", "intent");

  private final RunRecord run;

  ChartData(RunRecord run) {
    this.run = run;
  }

  String json() {
    ObjectNode root = JSON.createObjectNode();
    ArrayNode cycles = root.putArray("cycles");
    long from = 0;
    for (CycleRecord each : run.cycles()) {
      cycles.addObject().put("cycle", each.cycle()).put("from", from).put("to", each.tick());
      from = each.tick();
    }
    events(root.putArray("events"));
    root.put("shownFrom", run.shownFrom() - 1);
    ArrayNode causes = root.putArray("causes");
    for (String cause : causes()) {
      add(causes, cause, cause, each -> each.arrivedBytes().getOrDefault(cause, 0L));
    }
    values(root.putArray("underFloor"), each -> each.chunks().underFloor());
    values(root.putArray("unreadable"), each -> each.chunks().unreadable());
    ArrayNode moving = root.putArray("moving");
    add(moving, "draining", "draining", each -> each.replicas().draining());
    add(moving, "superseded", "superseded", each -> each.replicas().superseded());
    add(moving, "waiting for bytes", "waiting", each -> each.replicas().waiting());
    deviation(root.putArray("deviation"));
    try {
      return JSON.writeValueAsString(root).replace("<", "\\u003c");
    } catch (JsonProcessingException ofATree) {
      throw new UncheckedIOException(ofATree);
    }
  }

  /** Returns the causes of arrived bytes, in the order in which they are stacked. */
  List<String> causes() {
    TreeSet<String> seen = new TreeSet<>();
    run.cycles().forEach(each -> seen.addAll(each.arrivedBytes().keySet()));
    List<String> causes = new ArrayList<>(CAUSES);
    causes.retainAll(seen);
    seen.removeAll(causes);
    causes.addAll(seen);
    return causes;
  }

  private void events(ArrayNode events) {
    for (EventRecord event : run.events()) {
      events
          .addObject()
          .put("title", event.title())
          .put("from", run.begunAt(event))
          .put("to", run.endOf(event).tick());
    }
  }

  private void add(
      ArrayNode series, String label, String colour, ToLongFunction<CycleRecord> value) {
    if (run.cycles().stream().anyMatch(each -> value.applyAsLong(each) != 0)) {
      values(
          series.addObject().put("label", label).put("colour", colour).putArray("values"), value);
    }
  }

  private void values(ArrayNode values, ToLongFunction<CycleRecord> value) {
    run.cycles().forEach(each -> values.add(value.applyAsLong(each)));
  }

  /**
   * Adds by how many millionths of its own water level each worker lies above it; null while it is
   * away or takes no copies.
   */
  private void deviation(ArrayNode rows) {
    for (WorkerRecord worker : run.workersByZone()) {
      ArrayNode values =
          rows.addObject()
              .put("name", worker.name())
              .put("zone", worker.zone())
              .put("capacity", worker.capacityBytes())
              .putArray("values");
      for (CycleRecord each : run.cycles()) {
        Integer fill = each.fill().get(worker.name());
        int level = each.level().getOrDefault(worker.name(), 0);
        if (fill == null || level == 0) {
          values.addNull();
        } else {
          values.add((fill - level) * MILLION / level);
        }
      }
    }
  }
}
