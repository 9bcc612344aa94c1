package dev.stowage.sim.kit.scenario.oracles;

import dev.stowage.Transfers.Transfer;
import dev.stowage.content.Decision.ScheduleReason;
import dev.stowage.lifecycle.LifecycleView;
import dev.stowage.lifecycle.ReplicaState;
import dev.stowage.model.ChunkNumber;
import dev.stowage.model.WorkerId;
import java.util.Optional;
import java.util.function.BiPredicate;

/**
 * Finds a copy of a chunk that is not at risk which leaves for a worker while a copy of a chunk at
 * risk could have left for it. A chunk is at risk if it was possessed once, and is possessed below
 * its floor, the former one while it is raised, by at most one counted worker or by fewer than half
 * of that floor.
 */
public final class UrgencyOracle {
  private static final String KIND = "urgency";

  private UrgencyOracle() {}

  /**
   * Returns the fault in the choice of a copy that leaves.
   *
   * @param books as they were when it was chosen
   * @param isComing whether a worker has a copy, or it is on its way, or may not be tried yet
   */
  public static Optional<Finding> wrong(
      Transfer leaving, LifecycleView books, BiPredicate<WorkerId, ChunkNumber> isComing) {
    ChunkNumber number = leaving.chunk().orElseThrow().number();
    boolean isRescued = leaving.decision().evidence().reason() == ScheduleReason.AGING;
    int worker = books.workerPosition(leaving.worker());
    if (isRescued || worker < 0 || isAtRisk(books, books.chunkPosition(number))) {
      return Optional.empty();
    }
    for (int slot = books.firstReplicaOn(worker);
        slot != LifecycleView.NONE;
        slot = books.nextReplicaOn(slot)) {
      int chunk = books.replicaChunk(slot);
      ChunkNumber other = books.chunkNumber(chunk);
      if (other != null
          && books.replicaState(slot) == ReplicaState.ASSIGNED
          && !books.possessed(slot)
          && isAtRisk(books, chunk)
          && !isComing.test(leaving.worker(), other)) {
        return Optional.of(
            new Finding(
                KIND,
                leaving.chunk().orElseThrow().key()
                    + " leaves for "
                    + leaving.worker()
                    + " as "
                    + leaving.decision().item().priorityClass()
                    + " before "
                    + books.chunkKey(chunk)
                    + ", which is at risk"));
      }
    }
    return Optional.empty();
  }

  /** Reports whether readers could lose a chunk. */
  public static boolean isAtRisk(LifecycleView books, int chunk) {
    if (chunk < 0 || !books.isOncePossessed(chunk)) {
      return false;
    }
    long counted =
        ReplicaSlots.of(books, chunk).stream()
            .filter(slot -> books.possessed(slot) && books.isCounted(books.replicaWorker(slot)))
            .count();
    int floor = books.formerFloor(chunk);
    return counted < floor && (counted <= 1 || 2 * counted < floor);
  }
}
