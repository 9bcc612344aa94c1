package dev.stowage.lifecycle.answering;

import dev.stowage.answer.Question;
import java.util.Objects;

/**
 * A question as those see it who answer it: leaders, followers, stores and the command line, all by
 * this code. Immutable.
 *
 * @param <R> the type of the answer
 */
public interface Inquiry<R> extends Question<R> {
  /** Returns a question that can be answered; throws for one that did not come with the library. */
  static <R> Inquiry<R> of(Question<R> question) {
    if (Objects.requireNonNull(question, "question") instanceof Inquiry<R> inquiry) {
      return inquiry;
    }
    throw new IllegalArgumentException(question + " is not one of Questions");
  }

  /** Returns what must be readable in a {@link Reading}; nothing else has to be. */
  Needs needs();

  /**
   * Returns the answer; keeps nothing of {@code reading}, and may block its writers meanwhile. Must
   * not throw: a store takes an exception for a sign of damaged rows.
   */
  R answer(Reading reading);
}
