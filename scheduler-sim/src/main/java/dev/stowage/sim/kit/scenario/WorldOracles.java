package dev.stowage.sim.kit.scenario;

import dev.stowage.lifecycle.LifecycleView;
import dev.stowage.lifecycle.Result;
import dev.stowage.model.ChunkNumber;
import dev.stowage.placement.MovementBudget;
import dev.stowage.sim.kit.scenario.oracles.Finding;
import dev.stowage.sim.kit.scenario.oracles.Slots;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What can be judged only from outside of a fleet: what its plans move, and what a portal sees from
 * one look to the next. They only detect; whoever asks decides what a finding means. Stateless.
 */
final class WorldOracles {
  /** What the movement budget holds back; floors and what makes room for them are never held. */
  private static final List<String> BUDGETED = List.of("growth", "balance", "intent");

  private WorldOracles() {}

  /**
   * Whether a plan moved more than its budget: one replica that is larger than all of it may go
   * alone.
   *
   * @param budget as it was before the cycle
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
          new Finding("movement budget", moved + " bytes of growth and moves, nothing may go"));
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
   * A live chunk of which a cycle left fewer possessed replicas than its floor, and fewer than
   * there were: no move, no shrinking and no preemption may do that. What went with a worker that
   * is not there any more, or with its disk, is no cycle's doing; nor is what one said that owes an
   * inventory after the cycle, because news of it was set aside. What one that is back brought
   * along counts.
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
   * Possessed replicas of a chunk on workers that are present, in the other view too, with the same
   * disk: a registration that is set aside counts all the same, in the cycle that sets it aside.
   */
  private static int possessed(LifecycleView books, int chunk, LifecycleView other) {
    int count = 0;
    for (int slot : Slots.of(books, chunk)) {
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
