package dev.stowage.sim.walk;

import dev.stowage.lifecycle.LifecycleSnapshot;
import dev.stowage.rebalance.MoveRecord;
import dev.stowage.sim.scenario.Story;
import dev.stowage.sim.world.Chance;
import java.util.List;

/**
 * Draws the removal of a chunk while one of its replicas is moved, which left to other deeds is
 * rare: the move ends before the copy is there. Not thread-safe.
 */
final class AbortedMove implements Provocation {
  private static final int PERCENT = 20;

  private final Chance chance;

  /** Draws removals from this. */
  AbortedMove(Chance chance) {
    this.chance = chance;
  }

  /** The line of a removal. */
  @Override
  public List<String> lines(Story story) {
    if (!chance.happens(PERCENT)) {
      return List.of();
    }
    LifecycleSnapshot books = story.books();
    List<String> moved =
        story.moves().stream()
            .filter(move -> move.phase() == MoveRecord.Phase.COPYING)
            .map(move -> books.chunkPosition(move.chunk()))
            .filter(chunk -> chunk >= 0 && books.isLive(chunk) && !books.isMarked(chunk))
            .map(chunk -> "remove " + books.chunkKey(chunk))
            .toList();
    return moved.isEmpty() ? List.of() : List.of(moved.get(chance.below(moved.size())));
  }
}
