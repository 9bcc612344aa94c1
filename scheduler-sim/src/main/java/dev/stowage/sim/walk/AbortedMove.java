package dev.stowage.sim.walk;

import dev.stowage.lifecycle.LifecycleSnapshot;
import dev.stowage.rebalance.MoveRecord;
import dev.stowage.sim.scenario.Story;
import dev.stowage.sim.world.Chance;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Draws the removal of a chunk while one of its replicas is moved, which left to other deeds is
 * rare: the move ends before the copy is there. Not thread-safe.
 */
final class AbortedMove {
  /** Draws nothing. */
  static final AbortedMove NONE = new AbortedMove(null);

  private static final int PERCENT = 20;

  private final @Nullable Chance chance;

  private AbortedMove(@Nullable Chance chance) {
    this.chance = chance;
  }

  /** Draws removals from this. */
  static AbortedMove drawn(Chance chance) {
    return new AbortedMove(chance);
  }

  /** The line of a removal; mostly none. */
  Optional<String> line(Story story) {
    Chance dice = chance;
    if (dice == null || !dice.happens(PERCENT)) {
      return Optional.empty();
    }
    LifecycleSnapshot books = story.books();
    List<String> moved =
        story.moves().stream()
            .filter(move -> move.phase() == MoveRecord.Phase.COPYING)
            .map(move -> books.chunkPosition(move.chunk()))
            .filter(chunk -> chunk >= 0 && books.isLive(chunk) && !books.isMarked(chunk))
            .map(chunk -> "remove " + books.chunkKey(chunk))
            .toList();
    return moved.isEmpty() ? Optional.empty() : Optional.of(moved.get(dice.below(moved.size())));
  }
}
