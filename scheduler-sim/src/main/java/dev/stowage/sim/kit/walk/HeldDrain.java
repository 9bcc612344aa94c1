package dev.stowage.sim.kit.walk;

import dev.stowage.lifecycle.LifecycleSnapshot;
import dev.stowage.lifecycle.LifecycleView;
import dev.stowage.lifecycle.ReplicaState;
import dev.stowage.sim.kit.scenario.Story;
import dev.stowage.sim.kit.world.Chance;
import java.util.ArrayList;
import java.util.List;

/**
 * Draws losses at the worst moment: the window of a draining replica is over when so many of those
 * that took its place are lost that the deletion rule has to hold it. Left to other deeds that is
 * rare. Not thread-safe.
 */
final class HeldDrain implements Provocation {
  private static final int PERCENT = 25;

  private final Chance chance;

  /** Draws losses from this. */
  HeldDrain(Chance chance) {
    this.chance = chance;
  }

  /** Lines after which the next scheduling cycle has something to hold. */
  @Override
  public List<String> lines(Story story) {
    if (!chance.happens(PERCENT)) {
      return List.of();
    }
    LifecycleSnapshot books = story.books();
    List<List<String>> ways = new ArrayList<>();
    books.forEachChunk(chunk -> {
      int slot = books.isLive(chunk) ? draining(books, chunk) : LifecycleView.NONE;
      List<String> losses = slot == LifecycleView.NONE ? List.of() : losses(books, chunk);
      if (!losses.isEmpty()) {
        long left = books.readableUntil(slot) - story.tick();
        List<String> way = new ArrayList<>(left > 0 ? List.of("tick " + left) : List.of());
        way.addAll(losses);
        way.add("schedule");
        ways.add(way);
      }
    });
    return ways.isEmpty() ? List.of() : ways.get(chance.below(ways.size()));
  }

  /** A replica of it that goes when its window is over, if nothing holds it. */
  private static int draining(LifecycleSnapshot books, int chunk) {
    int found = LifecycleView.NONE;
    for (int slot = books.firstReplica(chunk);
        slot != LifecycleView.NONE;
        slot = books.nextReplica(slot)) {
      boolean isDraining = books.replicaState(slot) == ReplicaState.DRAINING;
      found = isDraining && isHeld(books, slot) ? slot : found;
    }
    return found;
  }

  /** So many lose the bytes that fewer than the floor have them beside it. */
  private static List<String> losses(LifecycleSnapshot books, int chunk) {
    List<String> lines = new ArrayList<>();
    for (int slot = books.firstReplica(chunk);
        slot != LifecycleView.NONE;
        slot = books.nextReplica(slot)) {
      if (books.supersededAt(slot) == 0 && isHeld(books, slot)) {
        lines.add(
            "lost " + books.workerId(books.replicaWorker(slot)) + " " + books.chunkKey(chunk));
      }
    }
    int enough = Math.max(0, lines.size() - books.floor(chunk) + 1);
    return lines.subList(0, Math.min(enough, lines.size()));
  }

  private static boolean isHeld(LifecycleSnapshot books, int slot) {
    return books.isCounted(books.replicaWorker(slot)) && books.reportedPossessed(slot);
  }
}
