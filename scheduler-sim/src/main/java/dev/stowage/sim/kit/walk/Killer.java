package dev.stowage.sim.kit.walk;

import dev.stowage.sim.kit.world.Chance;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Kills the server under a walk, rarely: a walk draws once whether it does that at all, because
 * each time costs a start. Not thread-safe.
 */
final class Killer {
  /** As what a kill is counted. */
  static final String KILLED = "server killed";

  /** Kills nothing. */
  static final Killer NONE = new Killer(null);

  private static final int PERCENT_OF_WALKS = 30;
  private static final int STEPS_BETWEEN = 60;

  private final @Nullable Chance chance;

  private Killer(@Nullable Chance chance) {
    this.chance = chance;
  }

  /** The killer of one walk, which mostly kills nothing. */
  static Killer drawn(Chance chance) {
    return chance.happens(PERCENT_OF_WALKS) ? new Killer(chance) : NONE;
  }

  /** The line that lets the server be killed at its next commit; mostly none. */
  Optional<String> next() {
    Chance dice = chance;
    if (dice == null || dice.below(STEPS_BETWEEN) > 0) {
      return Optional.empty();
    }
    return Optional.of(dice.happens(50) ? "fault killed_before" : "fault killed_after");
  }
}
