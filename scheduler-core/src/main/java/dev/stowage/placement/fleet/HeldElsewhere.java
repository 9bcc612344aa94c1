package dev.stowage.placement.fleet;

import dev.stowage.columns.IntColumn;
import dev.stowage.columns.IntList;
import dev.stowage.columns.WideSum;
import dev.stowage.model.WorkerStatus;
import dev.stowage.placement.PlacementInput.ReplicaBits;
import dev.stowage.placement.input.FlatInput;
import dev.stowage.placement.input.HeldReplicas;
import java.util.List;

/**
 * Counts replicas of bounded classes on cordoned, suspect and avoided workers, which come on top of
 * placeable ones (placement design, section 2). Stateless.
 */
final class HeldElsewhere {
  private HeldElsewhere() {}

  static void forget(List<WeightClass> classes) {
    for (WeightClass each : classes) {
      each.elsewhere = new WideSum();
      each.mostElsewhere = 0;
    }
  }

  /** Counts for classes with a share above their placeable workers; returns if any was found. */
  static boolean count(FlatInput input, Fleet fleet, IntColumn classOf, List<WeightClass> classes) {
    boolean bounded = false;
    for (WeightClass each : classes) {
      bounded |= each.isBounded();
    }
    boolean[] keeps = new boolean[fleet.count];
    boolean any = false;
    for (int worker : fleet.order) {
      WorkerStatus status = fleet.worker(worker).status();
      keeps[worker] =
          status.isPresent() && status != WorkerStatus.LEAVING && !fleet.placeable[worker];
      any |= keeps[worker];
    }
    if (!bounded || !any) {
      return false;
    }
    boolean found = false;
    for (int chunk = 0; chunk < input.chunks.count; chunk++) {
      if (input.chunks.exists(chunk) && classes.get(classOf.get(chunk)).isBounded()) {
        found |= count(input, fleet, keeps, chunk, classes.get(classOf.get(chunk)));
      }
    }
    return found;
  }

  private static boolean count(
      FlatInput input, Fleet fleet, boolean[] keeps, int chunk, WeightClass of) {
    Fit fit = new Fit(input, fleet);
    IntList workers = new IntList();
    HeldReplicas held = input.held;
    for (int i = held.begin(chunk); i < held.end(chunk); i++) {
      int worker = held.worker()[i];
      boolean kept =
          keeps[worker]
              && (held.bits()[i] & ReplicaBits.STATE_MASK) == ReplicaBits.ASSIGNED
              && fit.admits(chunk, worker);
      if (kept) {
        workers.add(worker);
      }
    }
    int count = fleet.limits.isAny() ? countBeside(fleet, of, workers) : workers.size();
    of.elsewhere.addProduct(input.chunks.size[chunk], count);
    of.mostElsewhere = Math.max(of.mostElsewhere, count);
    return count > 0;
  }

  /** Returns how many replicas the domains admit on these workers on top of the pool's. */
  private static int countBeside(Fleet fleet, WeightClass of, IntList workers) {
    DomainCount together = new DomainCount(fleet.limits, fleet.count);
    for (int worker : fleet.pools[of.eligibility].placeable) {
      together.take(worker);
    }
    int alone = together.size();
    for (int i = 0; i < workers.size(); i++) {
      together.take(workers.get(i));
    }
    return together.size() - alone;
  }
}
