package dev.stowage.sim.kit.scenario.oracles;

import dev.stowage.answer.ChunkStatus.ChunkState;
import dev.stowage.answer.LeaderStanding;
import dev.stowage.lifecycle.KeptValue;
import dev.stowage.lifecycle.LifecycleView;
import dev.stowage.model.WorkerStatus;
import dev.stowage.shape.Shape;
import java.util.List;
import java.util.Optional;
import java.util.function.IntPredicate;

/** Counts anew what a cycle keeps for the readers of a fleet, over all chunks. */
public final class StandingOracle {
  private StandingOracle() {}

  /** Returns the difference of what a cycle kept from the books that it left. */
  public static Optional<Finding> wrong(LifecycleView books) {
    int[] sums = new int[3];
    books.forEachChunk(chunk -> {
      if (books.isLive(chunk) && books.chunkState(chunk) == ChunkState.VISIBLE) {
        int floor = books.formerFloor(chunk);
        long counted = copies(books, chunk, books::isCounted);
        long left = copies(books, chunk, worker -> isCountedOrAway(books, worker));
        boolean isFew = left < floor && (left <= 1 || 2 * left < floor);
        sums[0] += counted < floor ? 1 : 0;
        sums[1] += counted < floor && isFew ? 1 : 0;
        sums[2] += ReplicaSlots.of(books, chunk).stream().noneMatch(books::routed) ? 1 : 0;
      }
    });
    LeaderStanding kept = books.kept(KeptValue.LEADER_STANDING);
    LeaderStanding counted = kept.withChunks(sums[0], sums[1], sums[2]);
    return kept.equals(counted)
        ? Optional.empty()
        : Optional.of(
            new Finding(
                "standing",
                "a cycle kept "
                    + Shape.of(LeaderStanding.class).difference(kept, counted)
                    + " by the books that it left"));
  }

  private static boolean isCountedOrAway(LifecycleView books, int worker) {
    boolean isAway = books.worker(worker).status() == WorkerStatus.AWAY;
    return books.isCounted(worker) || (isAway && !books.owesInventory(worker));
  }

  private static long copies(LifecycleView books, int chunk, IntPredicate counts) {
    List<Integer> slots = ReplicaSlots.of(books, chunk);
    return slots.stream()
        .filter(slot -> books.possessed(slot) && counts.test(books.replicaWorker(slot)))
        .count();
  }
}
