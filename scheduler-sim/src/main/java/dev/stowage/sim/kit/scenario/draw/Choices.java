package dev.stowage.sim.kit.scenario.draw;

import java.util.List;
import java.util.Optional;

/**
 * Where draws come from: a sequence of random numbers, or one that a property test makes smaller. 0
 * always stands for the simplest choice.
 */
@FunctionalInterface
public interface Choices {
  /** Returns a number from 0 to {@code bound} - 1. */
  int below(int bound);

  /** Reports whether an event of {@code percent} percent happens. */
  default boolean happens(int percent) {
    return below(100) >= 100 - percent;
  }

  /** Returns one of these, which are not empty. */
  default <T> T pick(List<T> from) {
    return from.get(below(from.size()));
  }

  /** Returns one of these; empty if there are none. */
  default <T> Optional<T> any(List<T> from) {
    return from.isEmpty() ? Optional.empty() : Optional.of(pick(from));
  }
}
