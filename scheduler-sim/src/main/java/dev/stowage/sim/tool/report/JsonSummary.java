package dev.stowage.sim.tool.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * Writes the figures of a run for scripts. Keys are those of its records in snake case, sizes in
 * bytes.
 */
public final class JsonSummary {
  private static final ObjectMapper JSON =
      new ObjectMapper().setPropertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE);

  private JsonSummary() {}

  /** Returns the summary; the seed determines all but {@code timing} and {@code seconds}. */
  public static ObjectNode of(RunRecord run) {
    ObjectNode root = object(run.totals());
    root.put("cycles", run.cycles().size());
    root.put("seconds", run.timing().seconds());
    root.put("workers", run.workers().size());
    root.put("checks", run.checkCount());
    root.set("checks_by_oracle", tree(run.checks()));
    root.set("never_judged", tree(run.neverAsked()));
    root.put("seed", run.seed());
    root.put("command", run.command());
    root.put("plans", run.hashOfAllPlans());
    root.put("violations", run.violations().size());
    root.set("violated", tree(run.violations()));
    root.put("headline", run.headline());
    root.set("unfinished", tree(run.verdict().unfinished()));
    root.set("notes", tree(run.notes()));
    lastPlan(run.lastPlan(), root);
    ArrayNode events = root.putArray("events");
    for (EventRecord event : run.events()) {
      events.add(
          object(event)
              .put("ticks_until_whole", run.ticksUntilWhole(event))
              .put("most_under_floor", run.mostUnderFloor(event))
              .put("most_unreadable", run.mostUnreadable(event)));
    }
    ObjectNode achieved = root.putObject("replication_by_weight");
    run.weights().forEach(each -> achieved.put("" + each.weight(), each.fewest()));
    ObjectNode targets = root.putObject("target_by_weight");
    run.weights().forEach(each -> targets.put("" + each.weight(), each.target()));
    root.set("configuration", tree(run.configuration()));
    root.set("timing", tree(run.timing()));
    ArrayNode hashes = root.putArray("plan_hashes");
    run.cycles().forEach(each -> hashes.add(each.planHash()));
    return root;
  }

  private static void lastPlan(LastPlan plan, ObjectNode root) {
    root.put("stuck", plan.stuck().size());
    root.put("stuck_bytes", plan.stuckBytes());
    ArrayNode leaving = root.putArray("leaving");
    for (LastPlan.Leaver each : plan.leaving()) {
      leaving.add(
          object(each)
              .put("stuck_replicas", plan.stuckOn(each.worker()).size())
              .put("stuck_bytes", LastPlan.bytesOf(plan.stuckOn(each.worker()))));
    }
    root.set("domains", tree(plan.domains()));
    root.set("groups", tree(plan.groups()));
  }

  private static ObjectNode object(Object of) {
    return JSON.valueToTree(of);
  }

  private static JsonNode tree(Object of) {
    return JSON.valueToTree(of);
  }
}
