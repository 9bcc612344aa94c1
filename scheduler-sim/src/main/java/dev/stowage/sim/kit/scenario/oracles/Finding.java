package dev.stowage.sim.kit.scenario.oracles;

import java.util.Objects;

/**
 * A violation, in a fleet or in its checks.
 *
 * @param kind the violated invariant, or another title that stays constant while the story around
 *     it is shortened
 * @param text the finding in words
 */
public record Finding(String kind, String text) {
  /** Refuses nulls with {@link NullPointerException}. */
  public Finding {
    Objects.requireNonNull(kind, "kind");
    Objects.requireNonNull(text, "text");
  }

  @Override
  public String toString() {
    return kind + ": " + text;
  }
}
