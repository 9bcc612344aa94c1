package dev.stowage.audit;

import dev.stowage.answer.Violation.Invariant;
import dev.stowage.config.PlacementConfig;
import dev.stowage.config.Reason;
import dev.stowage.config.Reason.MaskRule;
import dev.stowage.model.DatasetId;
import dev.stowage.model.Worker;
import dev.stowage.placement.rules.MaskRules;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Step: a cycle gives no worker its first replica of a dataset that a hard rule forbids beside what
 * the worker had before or has after it. What the worker possesses after it was not given: an
 * inventory brought it.
 */
final class HardRules implements StepCheck {
  @Override
  public void check(AuditStep step, Findings findings) {
    PlacementConfig config = step.after().row().config().placement();
    if (step.kind() != AuditStep.Kind.SCHEDULE || !MaskRules.isAny(config)) {
      return;
    }
    List<Set<DatasetId>> before = datasetsOn(step);
    FleetSnapshot fleet = step.after();
    List<Set<DatasetId>> all = new ArrayList<>();
    before.forEach(each -> all.add(new HashSet<>(each)));
    for (int replica = 0; replica < fleet.replicaCount(); replica++) {
      all.get(fleet.replicas().worker[replica]).add(dataset(fleet, replica));
    }
    for (int replica = 0; replica < fleet.replicaCount(); replica++) {
      int worker = fleet.replicas().worker[replica];
      DatasetId dataset = dataset(fleet, replica);
      Set<DatasetId> others = new HashSet<>(all.get(worker));
      if (before.get(worker).contains(dataset) || !others.remove(dataset)) {
        continue;
      }
      Worker described = fleet.workers().described[worker];
      MaskRule.Holdings holdings = new MaskRule.Holdings(described, others::contains);
      Reason broken = MaskRules.broken(config, dataset, holdings);
      if (broken != null) {
        findings.add(
            Invariant.HARD_RULES,
            fleet.replicaName(replica),
            "is the first of its dataset on a worker that has " + others + ": " + broken.word());
      }
    }
  }

  private static DatasetId dataset(FleetSnapshot fleet, int replica) {
    return fleet.chunks().key[fleet.replicas().chunk[replica]].dataset();
  }

  /** Returns the datasets that no step gave each worker, by its position after it. */
  private static List<Set<DatasetId>> datasetsOn(AuditStep step) {
    List<Set<DatasetId>> all = new ArrayList<>();
    for (int worker = 0; worker < step.after().workerCount(); worker++) {
      all.add(new HashSet<>());
    }
    Facts facts = new Facts(step.after());
    for (int replica = 0; replica < step.after().replicaCount(); replica++) {
      if (facts.isPossessed(replica)) {
        all.get(step.after().replicas().worker[replica]).add(dataset(step.after(), replica));
      }
    }
    FleetSnapshot before = step.before();
    for (int replica = 0; replica < before.replicaCount(); replica++) {
      int worker = step.workerAfter(before.replicas().worker[replica]);
      if (worker >= 0) {
        all.get(worker).add(dataset(before, replica));
      }
    }
    return all;
  }
}
