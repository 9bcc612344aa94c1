package dev.stowage.sim.kit.scenario;

import dev.stowage.store.StorageException;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
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

  private final BooleanSupplier tookEffect;
  private final TreeSet<Integer> repeated = new TreeSet<>();
  private Set<Integer> toRepeat = Set.of();
  private int asked;
  private boolean isInterrupted;
  private boolean isAnswerLost;

  /** {@code tookEffect}: whether what was just interrupted is durable all the same. */
  Patience(BooleanSupplier tookEffect) {
    this.tookEffect = tookEffect;
  }

  /** A step begins; what was asked in it is counted from here. */
  void begin() {
    begin(Set.of());
  }

  /** The same for a step in which these are asked twice, as they were in another world. */
  void begin(Set<Integer> twice) {
    asked = 0;
    repeated.clear();
    toRepeat = twice;
  }

  /**
   * What took effect twice since the step began: an attempt did, and nobody knew. A cycle that is
   * made twice may decide more than one that is made once.
   */
  Set<Integer> repeated() {
    return new TreeSet<>(repeated);
  }

  /** The next answer does not reach who asked: it is asked again. */
  StepOutcome loseAnswer() {
    isAnswerLost = true;
    return StepOutcome.DONE;
  }

  /** Asks, and asks again if the store failed. */
  <T> Attempt<T> attempt(Supplier<T> question) {
    int number = asked++;
    boolean isDoubtful = toRepeat.contains(number) || isAnswerLost;
    isAnswerLost = false;
    if (isDoubtful) {
      // The first answer is the one that got lost.
      T unused = persist(question, number).value();
    }
    Attempt<T> attempt = persist(question, number);
    return new Attempt<>(attempt.value(), isDoubtful || attempt.isDoubtful());
  }

  private <T> Attempt<T> persist(Supplier<T> question, int number) {
    boolean isDoubtful = false;
    for (int tries = 1; tries < MOST_TRIES; tries++) {
      try {
        return new Attempt<>(question.get(), isDoubtful);
      } catch (StorageException.Transient interrupted) {
        isInterrupted = true;
        isDoubtful |= interrupted.outcome() == StorageException.Outcome.UNKNOWN;
        if (tookEffect.getAsBoolean()) {
          repeated.add(number);
        }
      }
    }
    return new Attempt<>(question.get(), isDoubtful);
  }

  /** The answer alone. */
  <T> T ask(Supplier<T> question) {
    return attempt(question).value();
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
