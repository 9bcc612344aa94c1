package dev.stowage.sim.kit.scenario;

import dev.stowage.command.Result;
import dev.stowage.config.MovementBudget;
import dev.stowage.lifecycle.LifecycleView;
import dev.stowage.model.ChunkNumber;
import dev.stowage.sim.kit.scenario.oracles.Finding;
import dev.stowage.sim.kit.scenario.oracles.ReplicaSlots;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The oracles that see a fleet from outside: the moves of its plans, and the views of a portal over
 * time. They only detect; the caller decides what a finding means. Stateless.
 */
final class WorldOracles {
  /**
   * The causes that the movement budget limits; floors and the moves that make room for them are
   * never limited.
   */
  private static final List<String> BUDGETED = List.of("growth", "balance", "intent");

  private WorldOracles() {}

  /**
   * Returns a plan beyond its budget; a single replica larger than the whole budget may move alone.
   *
   * @param budget the budget before the cycle
   */
  static Optional<Finding> overBudget(
      Result.Scheduled cycle, MovementBudget budget, LifecycleView books) {
    long moved =
        cycle.movement().bytesAddedByCause().entrySet().stream()
            .filter(each -> BUDGETED.contains(each.getKey().toLowerCase(Locale.ROOT)))
            .mapToLong(each -> each.getValue())
            .sum();
    if (moved == 0 || (moved <= budget.bytes() && budget.replicas() > 0)) {
      return Optional.empty();
    }
    long[] most = {budget.bytes()};
    boolean isShut = budget.bytes() == 0 || budget.replicas() == 0;
    if (isShut) {
      return Optional.of(
          new Finding(
              "movement budget", moved + " bytes of growth and moves, the budget allows none"));
    }
    books.forEachChunk(chunk -> most[0] = Math.max(most[0], books.chunkSizeBytes(chunk)));
    return moved <= most[0]
        ? Optional.empty()
        : Optional.of(
            new Finding(
                "movement budget",
                moved + " bytes of growth and moves, the budget allows " + most[0]));
  }

  /**
   * Returns a live chunk of which a cycle left fewer possessed replicas than its floor and than
   * before: no move, shrinking or preemption may do that. Losses through departed workers or
   * changed disks are no effect of the cycle, nor are replicas of a worker that owes an inventory
   * after the cycle, because news of it was set aside. Replicas of a returned worker count.
   */
  static Optional<Finding> fewerCopies(LifecycleView before, LifecycleView after) {
    List<Finding> found = new ArrayList<>();
    after.forEachChunk(chunk -> {
      ChunkNumber number = after.isLive(chunk) ? after.chunkNumber(chunk) : null;
      int former = number == null ? LifecycleView.NONE : before.chunkPosition(number);
      if (former >= 0) {
        int was = possessed(before, former, after);
        int is = possessed(after, chunk, after);
        if (is < Math.min(after.floor(chunk), was)) {
          found.add(
              new Finding(
                  "a move keeps copies",
                  after.chunkKey(chunk)
                      + ": "
                      + is
                      + " possessed replicas after a cycle, "
                      + was
                      + " before it, and a floor of "
                      + after.floor(chunk)));
        }
      }
    });
    return found.stream().findFirst();
  }

  /**
   * Returns the number of possessed replicas of a chunk on workers that are present in both views
   * with the same disk. A registration that is set aside counts in the cycle that sets it aside.
   */
  private static int possessed(LifecycleView books, int chunk, LifecycleView other) {
    int count = 0;
    for (int slot : ReplicaSlots.of(books, chunk)) {
      int worker = books.replicaWorker(slot);
      int there = other.workerPosition(books.workerId(worker));
      boolean counts =
          books.isPresent(worker)
              && there >= 0
              && other.isPresent(there)
              && books.incarnation(worker).equals(other.incarnation(there))
              && !other.owesInventory(there);
      count += counts && books.reportedPossessed(slot) ? 1 : 0;
    }
    return count;
  }
}
