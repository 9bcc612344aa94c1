package dev.stowage.sim.tool.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.ToLongFunction;

/** The numbers that the script in the page draws, as JSON that is safe inside a script element. */
final class ChartData {
  private static final ObjectMapper JSON = new ObjectMapper();

  private static final List<String> CAUSES =
      List.of("new", "repair", "growth", "balance", "evacuate", "relocate", "intent");

  private final RunRecord run;

  ChartData(RunRecord run) {
    this.run = run;
  }

  String json() {
    ObjectNode root = JSON.createObjectNode();
    ArrayNode cycles = root.putArray("cycles");
    for (CycleRecord each : run.cycles()) {
      cycles.addObject().put("cycle", each.cycle()).put("tick", each.tick());
    }
    bands(root.putArray("bands"));
    ArrayNode causes = root.putArray("causes");
    for (String cause : causes()) {
      add(causes, cause, cause, each -> each.plannedBytes().getOrDefault(cause, 0L));
    }
    ArrayNode moved = root.putArray("moved");
    run.cycles().forEach(each -> moved.add(each.movedBytes()));
    ArrayNode settled = root.putArray("settled");
    add(settled, "confirmed", "confirmed", each -> each.replicas().confirmed());
    add(settled, "all others", "waiting", each -> moving(each.replicas()));
    ArrayNode moving = root.putArray("moving");
    add(moving, "draining", "draining", each -> each.replicas().draining());
    add(moving, "superseded", "superseded", each -> each.replicas().superseded());
    add(moving, "waiting for bytes", "waiting", each -> each.replicas().waiting());
    fill(root.putArray("fill"));
    loss(run.loss(), root.putObject("loss"));
    try {
      return JSON.writeValueAsString(root).replace("<", "\\u003c");
    } catch (JsonProcessingException ofATree) {
      throw new UncheckedIOException(ofATree);
    }
  }

  /** Returns the causes that moved bytes, in the order in which they are stacked. */
  List<String> causes() {
    TreeSet<String> seen = new TreeSet<>();
    run.cycles().forEach(each -> seen.addAll(each.plannedBytes().keySet()));
    List<String> causes = new ArrayList<>(CAUSES);
    causes.retainAll(seen);
    seen.removeAll(causes);
    causes.addAll(seen);
    return causes;
  }

  private static void loss(ZoneLossRecord loss, ObjectNode node) {
    loss.bands().forEach(node.putArray("bands")::add);
    series(node.putArray("classes"), loss.classBytes());
    series(node.putArray("risk"), loss.atRisk());
  }

  private static void series(ArrayNode all, Map<String, long[]> lines) {
    lines.forEach((name, values) -> {
      ArrayNode numbers = all.addObject().put("label", name).putArray("values");
      Arrays.stream(values).forEach(numbers::add);
    });
  }

  private static long moving(ReplicaCounts counts) {
    return counts.waiting() + counts.superseded() + counts.draining();
  }

  private void bands(ArrayNode bands) {
    for (EventRecord event : run.events()) {
      bands
          .addObject()
          .put("name", event.title())
          .put("from", event.firstCycle() - 1)
          .put("to", event.lastCycle() - 1);
    }
  }

  private void add(
      ArrayNode series, String label, String colour, ToLongFunction<CycleRecord> value) {
    ObjectNode one = series.addObject().put("label", label).put("colour", colour);
    ArrayNode values = one.putArray("values");
    run.cycles().forEach(each -> values.add(value.applyAsLong(each)));
  }

  private void fill(ArrayNode rows) {
    for (WorkerRecord worker : run.workers()) {
      ObjectNode row =
          rows.addObject()
              .put("name", worker.name())
              .put("zone", worker.zone())
              .put("capacity", worker.capacityBytes());
      ArrayNode values = row.putArray("permille");
      run.cycles().forEach(each -> values.add(each.fill().getOrDefault(worker.name(), -1)));
    }
  }
}
