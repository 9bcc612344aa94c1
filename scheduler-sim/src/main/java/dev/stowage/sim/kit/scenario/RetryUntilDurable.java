package dev.stowage.sim.kit.scenario;

import dev.stowage.store.StorageException;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Retries operations that a store fault interrupted, as hosts should. Not thread-safe. */
final class RetryUntilDurable {
  /** The most attempts; a killed server leaves a pool of dead connections behind. */
  private static final int MOST_TRIES = 30;

  /**
   * An answer.
   *
   * @param value the answer
   * @param isDoubtful true if an earlier attempt may have taken effect
   */
  record Attempt<T>(T value, boolean isDoubtful) {}

  private final BooleanSupplier tookEffect;
  private final TreeSet<Integer> repeated = new TreeSet<>();
  private Set<Integer> toRepeat = Set.of();
  private int asked;
  private boolean isInterrupted;
  private boolean isAnswerLost;

  /** Creates a retrier; {@code tookEffect} reports whether the interrupted operation is durable. */
  RetryUntilDurable(BooleanSupplier tookEffect) {
    this.tookEffect = tookEffect;
  }

  void begin() {
    begin(Set.of());
  }

  /** Begins a step whose questions numbered in {@code twice} are repeated. */
  void begin(Set<Integer> twice) {
    asked = 0;
    repeated.clear();
    toRepeat = twice;
  }

  /**
   * Returns the numbers of the questions in this step that took effect twice because an interrupted
   * attempt did so unnoticed. A repeated cycle may decide more than one cycle.
   */
  Set<Integer> repeated() {
    return new TreeSet<>(repeated);
  }

  StepOutcome loseAnswer() {
    isAnswerLost = true;
    return StepOutcome.DONE;
  }

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

  <T> T ask(Supplier<T> question) {
    return attempt(question).value();
  }

  boolean isInterrupted() {
    return isInterrupted;
  }

  /** Reports whether a fault interrupted an operation since the last call of this method. */
  boolean drainInterruption() {
    boolean wasInterrupted = isInterrupted;
    isInterrupted = false;
    return wasInterrupted;
  }
}
