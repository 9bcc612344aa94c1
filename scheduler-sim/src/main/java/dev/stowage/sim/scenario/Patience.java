package dev.stowage.sim.scenario;

import dev.stowage.store.StorageException;
import java.util.function.Supplier;

/** Tries again what a fault of the store interrupted, as every host should. Not thread-safe. */
final class Patience {
  /** A server that was killed leaves a pool of dead connections behind. */
  private static final int MOST_TRIES = 30;

  /**
   * An answer.
   *
   * @param value what was answered
   * @param isDoubtful whether an attempt before it may have taken effect
   */
  record Attempt<T>(T value, boolean isDoubtful) {}

  private boolean isInterrupted;

  /** Asks, and asks again if the store failed. */
  <T> Attempt<T> attempt(Supplier<T> asked) {
    boolean isDoubtful = false;
    for (int tries = 1; tries < MOST_TRIES; tries++) {
      try {
        return new Attempt<>(asked.get(), isDoubtful);
      } catch (StorageException.Transient interrupted) {
        isInterrupted = true;
        isDoubtful |= interrupted.outcome() == StorageException.Outcome.UNKNOWN;
      }
    }
    return new Attempt<>(asked.get(), isDoubtful);
  }

  /** The answer alone. */
  <T> T ask(Supplier<T> asked) {
    return attempt(asked).value();
  }

  /** Whether a fault interrupted something since this was last drained. */
  boolean isInterrupted() {
    return isInterrupted;
  }

  /** Whether a fault interrupted something since this was last asked. */
  boolean drainInterruption() {
    boolean wasInterrupted = isInterrupted;
    isInterrupted = false;
    return wasInterrupted;
  }
}
