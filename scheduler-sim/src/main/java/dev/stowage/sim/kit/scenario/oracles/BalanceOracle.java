package dev.stowage.sim.kit.scenario.oracles;

import dev.stowage.lifecycle.LifecycleView;
import dev.stowage.model.ChunkNumber;
import dev.stowage.model.Eligibility;
import dev.stowage.model.Worker;
import dev.stowage.model.WorkerStatus;
import dev.stowage.placement.rules.Rules;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An oracle of balance in a settled fleet: no worker whose distance from the common level exceeds
 * the slack could give a replica to another worker, or take one, so that the greater of both
 * distances shrinks (placement design, section 3). It applies to fleets where every worker may hold
 * every chunk and as many as fit, without wishes, and where neither zones nor limits of domains
 * bind. It only detects. Stateless.
 */
public final class BalanceOracle {
  private record Load(int worker, double capacity, double bytes) {
    double fill() {
      return bytes / capacity;
    }

    double fillWith(double more) {
      return (bytes + more) / capacity;
    }
  }

  private BalanceOracle() {}

  /** Reports whether balance can be judged: the level alone decides where a replica lies. */
  public static boolean canJudge(LifecycleView fleet) {
    boolean isLimited =
        !fleet.config().placement().maxPerDomain().isEmpty()
            || Rules.isAny(fleet.config().placement());
    boolean[] isPlain = {fleet.wishes().isEmpty() && !fleet.isFrozen() && !isLimited};
    fleet.forEachWorker(worker -> {
      Worker described = fleet.worker(worker);
      isPlain[0] &=
          (described.zone().equals(described.id().value()) && !described.isLimited())
              || fleet.workerRow(worker).status() == WorkerStatus.DEPARTED;
      isPlain[0] &=
          fleet.workerRow(worker).status() == WorkerStatus.ACTIVE && fleet.isPlaceable(worker);
    });
    fleet.forEachChunk(chunk -> isPlain[0] &= fleet.eligibility(chunk).equals(Eligibility.ANY));
    return isPlain[0];
  }

  /**
   * Returns a move that would have made the fleet more even.
   *
   * @param pinned the chunks that are not levelled: those that an intent moved, for its cooldown
   *     (placement design, section 3, step 5)
   */
  public static Optional<Finding> uneven(LifecycleView fleet, Set<ChunkNumber> pinned) {
    List<Load> loads = loads(fleet);
    double capacity = loads.stream().mapToDouble(Load::capacity).sum();
    double level = loads.stream().mapToDouble(Load::bytes).sum() / capacity;
    double slack = fleet.config().placement().balanceSlackMillionths() / 1e6 * level;
    for (Load giver : loads) {
      for (Load taker : loads) {
        boolean isOff = giver.fill() > level + slack || taker.fill() < level - slack;
        if (isOff && giver.fill() > level && taker.fill() < level) {
          Optional<Finding> found = moving(fleet, giver, taker, level, pinned);
          if (found.isPresent()) {
            return found;
          }
        }
      }
    }
    return Optional.empty();
  }

  private static List<Load> loads(LifecycleView fleet) {
    List<Load> loads = new ArrayList<>();
    fleet.forEachWorker(worker -> {
      if (fleet.workerRow(worker).status() != WorkerStatus.ACTIVE) {
        return;
      }
      long[] bytes = {0};
      fleet.forEachChunk(chunk -> {
        if (fleet.findReplica(chunk, worker) != LifecycleView.NONE) {
          bytes[0] += fleet.chunkSizeBytes(chunk);
        }
      });
      loads.add(new Load(worker, Math.max(1, fleet.worker(worker).capacityBytes()), bytes[0]));
    });
    return loads;
  }

  private static boolean isPinned(@Nullable ChunkNumber number, Set<ChunkNumber> pinned) {
    return number != null && pinned.contains(number);
  }

  private static Optional<Finding> moving(
      LifecycleView fleet, Load giver, Load taker, double level, Set<ChunkNumber> pinned) {
    double before = Math.max(giver.fill() - level, level - taker.fill());
    List<String> found = new ArrayList<>();
    fleet.forEachChunk(chunk -> {
      int slot = fleet.findReplica(chunk, giver.worker());
      boolean isMovable =
          slot != LifecycleView.NONE
              && fleet.isLive(chunk)
              && !isPinned(fleet.chunkNumber(chunk), pinned)
              && fleet.supersededAt(slot) == 0
              && fleet.findReplica(chunk, taker.worker()) == LifecycleView.NONE;
      if (!isMovable) {
        return;
      }
      double size = fleet.chunkSizeBytes(chunk);
      double given = giver.fillWith(-size);
      double taken = taker.fillWith(size);
      double after = Math.max(Math.abs(given - level), Math.abs(taken - level));
      if (given > taker.fill() && after < before - 1e-9 && taken <= 1) {
        found.add(
            "the fleet would be more even with "
                + fleet.chunkKey(chunk)
                + " on "
                + fleet.workerId(taker.worker())
                + " than on "
                + fleet.workerId(giver.worker()));
      }
    });
    return found.stream().findFirst().map(what -> new Finding("balance", what));
  }
}
