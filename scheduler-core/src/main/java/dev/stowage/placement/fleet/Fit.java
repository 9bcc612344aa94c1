package dev.stowage.placement.fleet;

import dev.stowage.config.Reason;
import dev.stowage.placement.PlacementInput.ReplicaBits;
import dev.stowage.placement.input.FlatInput;
import dev.stowage.placement.input.PairSet;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Answers which chunks a worker may keep or be given by the rules that are fixed while a plan is
 * made: status, leaving, version, labels, bans. What changes with each step of a plan, room and
 * domains, is asked of its board. An answer takes one access to an array, and a search among the
 * bans if there are any. Immutable.
 */
public final class Fit {
  private final FlatInput input;
  private final Fleet fleet;
  private final boolean isAnyBanned;

  public Fit(FlatInput input, Fleet fleet) {
    this.input = input;
    this.fleet = fleet;
    isAnyBanned = input.bans.length > 0;
  }

  /** Reports whether a worker may hold a chunk, whatever its status. */
  public boolean admits(int chunk, int worker) {
    return fleet.pools[input.chunks.pool(chunk)].admits[worker]
        && (!isAnyBanned || !PairSet.contains(input.bans, chunk, worker));
  }

  /** Reports whether a replica on a worker has to leave it. */
  public boolean isMisplaced(int chunk, int worker) {
    return fleet.leaving[worker] || !admits(chunk, worker);
  }

  /** Reports whether a held replica is wanted and sound, and may stay. */
  public boolean stays(int chunk, int at) {
    int worker = input.held.worker()[at];
    return (input.held.bits()[at] & (ReplicaBits.STATE_MASK | ReplicaBits.GIVEN_UP)) == 0
        && fleet.present[worker]
        && !isMisplaced(chunk, worker);
  }

  /** Returns why a replica on a worker has to leave it, or null if it may stay. */
  public @Nullable Reason leaves(int chunk, int worker) {
    return fleet.leaving[worker] ? Reason.WORKER_LEAVING : refusesPair(chunk, worker);
  }

  /** Returns why a worker is given no replica of a chunk, or null if these rules allow it. */
  public @Nullable Reason refuses(int chunk, int worker) {
    if (!fleet.present[worker]) {
      return Reason.DEPARTED;
    }
    if (input.avoided[worker]) {
      return Reason.AVOIDED;
    }
    if (fleet.placeable[worker]) {
      return refusesPair(chunk, worker);
    }
    return fleet.active[worker] ? Reason.TAKES_OVER : Reason.STATUS;
  }

  /**
   * Returns the rule without which {@code wanted} placeable workers that {@code isOpen} accepts
   * could hold a chunk, or {@link Reason#TOO_FEW_WORKERS} if no rule alone is to blame.
   */
  public Reason lacksWorkers(int chunk, int wanted, IntPredicate isOpen) {
    Pool pool = fleet.pools[input.chunks.pool(chunk)];
    for (Reason rule : Reason.OF_RULES) {
      int count = 0;
      for (int worker : fleet.order) {
        boolean isIn = fleet.placeable[worker] && isOpen.test(worker);
        Reason refusal = isIn ? refusesPair(chunk, worker) : null;
        count += isIn && (refusal == null || refusal == rule) ? 1 : 0;
      }
      if (count >= wanted && pool.isRefusedBy(rule)) {
        return rule;
      }
    }
    return Reason.TOO_FEW_WORKERS;
  }

  private @Nullable Reason refusesPair(int chunk, int worker) {
    Reason refusal = fleet.pools[input.chunks.pool(chunk)].refusal(worker);
    if (refusal != null) {
      return refusal;
    }
    return PairSet.contains(input.bans, chunk, worker) ? Reason.BANNED : null;
  }
}
