package dev.stowage.sim.kit.scenario.oracles;

import java.util.Objects;

/**
 * What is wrong with a fleet, or with us.
 *
 * @param kind the invariant that does not hold, or another title that stays the same while the
 *     story around it is made shorter
 * @param text what was found
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
