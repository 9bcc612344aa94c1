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
import java.util.function.IntConsumer;

/**
 * Step: a cycle gives no worker its first replica of a dataset that a hard rule forbids beside what
 * the worker had before or has after it. What the worker possesses after it was not given: an
 * inventory brought it.
 */
final class HardRules implements StepCheck {
  @Override
  public void check(AuditStep step, Findings findings) {
    PlacementConfig config = step.after().config().placement();
    if (step.kind() != AuditStep.Kind.SCHEDULE || !MaskRules.isAny(config)) {
      return;
    }
    List<Set<DatasetId>> before = datasetsOn(step);
    Facts fleet = step.after();
    List<Set<DatasetId>> all = new ArrayList<>();
    before.forEach(each -> all.add(new HashSet<>(each)));
    forEachReplica(
        fleet, slot -> all.get(fleet.rows.replicaWorker(slot)).add(dataset(fleet, slot)));
    forEachReplica(fleet, slot -> judge(fleet, slot, before, all, findings));
  }

  private static void judge(
      Facts fleet,
      int slot,
      List<Set<DatasetId>> before,
      List<Set<DatasetId>> all,
      Findings findings) {
    int worker = fleet.rows.replicaWorker(slot);
    DatasetId dataset = dataset(fleet, slot);
    Set<DatasetId> others = new HashSet<>(all.get(worker));
    if (before.get(worker).contains(dataset) || !others.remove(dataset)) {
      return;
    }
    Worker described = fleet.worker(worker).row().description();
    MaskRule.Holdings holdings = new MaskRule.Holdings(described, others::contains);
    Reason broken = MaskRules.broken(fleet.config().placement(), dataset, holdings);
    if (broken != null) {
      findings.add(
          Invariant.HARD_RULES,
          fleet.name(slot),
          "is the first of its dataset on a worker that has " + others + ": " + broken.word());
    }
  }

  private static void forEachReplica(Facts fleet, IntConsumer visitor) {
    for (int chunk : fleet.chunks()) {
      for (int slot : fleet.slots(chunk)) {
        visitor.accept(slot);
      }
    }
  }

  private static DatasetId dataset(Facts fleet, int slot) {
    return fleet.rows.chunkDataset(fleet.rows.replicaChunk(slot));
  }

  /** Returns the datasets that no step gave each worker, by its position. */
  private static List<Set<DatasetId>> datasetsOn(AuditStep step) {
    Facts before = step.before();
    Facts after = step.after();
    List<Set<DatasetId>> all = new ArrayList<>();
    for (int worker = 0; worker < after.rows.workerLimit(); worker++) {
      all.add(new HashSet<>());
    }
    forEachReplica(
        after,
        slot -> {
          if (after.isPossessed(slot)) {
            all.get(after.rows.replicaWorker(slot)).add(dataset(after, slot));
          }
        });
    forEachReplica(
        before,
        slot -> {
          int worker = before.rows.replicaWorker(slot);
          if (step.hasBothOfWorker(worker)) {
            all.get(worker).add(dataset(before, slot));
          }
        });
    return all;
  }
}
