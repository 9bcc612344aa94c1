package dev.stowage.sim.tool.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.UncheckedIOException;

/** Writes the figures of a run for scripts. Keys are in snake case, sizes in bytes. */
public final class JsonSummary {
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  private JsonSummary() {}

  /** Returns the summary; the seed determines all but {@code timing} and {@code seconds}. */
  public static String of(RunRecord run) {
    ObjectNode root = JSON.createObjectNode();
    RunTotals totals = run.totals();
    root.put("violations", run.violations().size());
    root.put("corrections", totals.corrections());
    root.put("corrections_fired", totals.correctionsFired());
    root.put("max_over_mean_fill", totals.maxOverMeanFill());
    root.put("min_over_mean_fill", totals.minOverMeanFill());
    root.put("cycles", run.cycles().size());
    root.put("seconds", run.timing().seconds());
    root.put("chunks", totals.chunks());
    root.put("replicas", totals.replicas());
    root.put("workers", run.workers().size());
    root.put("deferred", totals.deferred());
    root.put("shortfalls", totals.shortfalls());
    root.put("backpressure", totals.backpressure());
    lastPlan(run.lastPlan(), root);
    root.put("checks", run.checks());
    root.put("seed", run.seed());
    root.put("command", run.command());
    events(run, root.putArray("events"));
    weights(run, root);
    ObjectNode configuration = root.putObject("configuration");
    run.configuration().forEach(configuration::put);
    timing(run.timing(), root.putObject("timing"));
    ArrayNode broken = root.putArray("violated");
    run.violations().forEach(broken::add);
    ArrayNode hashes = root.putArray("plan_hashes");
    run.cycles().forEach(each -> hashes.add(each.planHash()));
    try {
      return JSON.writeValueAsString(root) + "\n";
    } catch (JsonProcessingException ofATree) {
      throw new UncheckedIOException(ofATree);
    }
  }

  /** Adds the keys of a plan's summary (simulation design, section 4). */
  private static void lastPlan(LastPlan plan, ObjectNode root) {
    root.put("stuck", plan.stuck().size());
    root.put("stuck_bytes", plan.stuckBytes());
    ArrayNode leaving = root.putArray("leaving");
    for (LastPlan.Leaver each : plan.leaving()) {
      leaving
          .addObject()
          .put("worker_id", each.worker())
          .put("replicas", each.replicas())
          .put("bytes", each.bytes())
          .put("stuck_replicas", plan.stuckOn(each.worker()).size())
          .put("stuck_bytes", LastPlan.bytesOf(plan.stuckOn(each.worker())));
    }
    ArrayNode domains = root.putArray("domains");
    for (LastPlan.DomainLimit each : plan.domains()) {
      domains
          .addObject()
          .put("level", each.level())
          .put("domains", each.domains())
          .put("max_per_domain", each.most())
          .put("reached", each.reached());
    }
    ArrayNode groups = root.putArray("groups");
    for (LastPlan.Group each : plan.groups()) {
      groups
          .addObject()
          .put("level", each.level())
          .put("workers", each.workers())
          .put("max_over_mean_fill", each.maxOverMeanFill())
          .put("min_over_mean_fill", each.minOverMeanFill());
    }
  }

  private static void events(RunRecord run, ArrayNode events) {
    for (EventRecord event : run.events()) {
      events
          .addObject()
          .put("name", event.name())
          .put("title", event.title())
          .put("bytes_moved", event.bytesMoved())
          .put("bytes_minimum", event.bytesMinimum())
          .put("bytes_stateless", event.bytesStateless())
          .put("ticks_until_whole", run.ticksUntilWhole(event))
          .put("most_under_floor", run.mostUnderFloor(event))
          .put("most_unreadable", run.mostUnreadable(event))
          .put("first_cycle", event.firstCycle())
          .put("last_cycle", event.lastCycle())
          .put("swaps_fired", event.swapsFired())
          .put("replicas_drained", event.replicasDrained());
    }
  }

  private static void weights(RunRecord run, ObjectNode root) {
    ObjectNode achieved = root.putObject("replication_by_weight");
    run.weights().forEach(each -> achieved.put("" + each.weight(), each.fewest()));
    ObjectNode targets = root.putObject("target_by_weight");
    run.weights().forEach(each -> targets.put("" + each.weight(), each.target()));
  }

  private static void timing(RunTiming timing, ObjectNode node) {
    node.put("schedule_millis_mean", timing.scheduleMillis())
        .put("publish_millis_mean", timing.publishMillis())
        .put("audit_millis_mean", timing.auditMillis())
        .put("slowest_cycle_millis", timing.slowestCycleMillis());
  }
}
