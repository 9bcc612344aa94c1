package dev.stowage.sim.scenario;

import dev.stowage.store.StorageException;
import java.util.function.Supplier;

/** Tries again what a fault of the store interrupted, as every host should. Not thread-safe. */
final class Patience {
  /**
   * An answer.
   *
   * @param value what was answered
   * @param isDoubtful whether an attempt before it may have taken effect
   */
  record Attempt<T>(T value, boolean isDoubtful) {}

  private boolean isInterrupted;

  /** Asks, and asks once more if the store failed. */
  <T> Attempt<T> attempt(Supplier<T> asked) {
    try {
      return new Attempt<>(asked.get(), false);
    } catch (StorageException.Transient interrupted) {
      isInterrupted = true;
      boolean isDoubtful = interrupted.outcome() == StorageException.Outcome.UNKNOWN;
      return new Attempt<>(asked.get(), isDoubtful);
    }
  }

  /** The answer alone. */
  <T> T ask(Supplier<T> asked) {
    return attempt(asked).value();
  }

  /** Whether a fault interrupted something since this was last asked. */
  boolean drainInterruption() {
    boolean wasInterrupted = isInterrupted;
    isInterrupted = false;
    return wasInterrupted;
  }
}
