package dev.stowage.lifecycle.questions;

/**
 * A question about one moment of a fleet. Leaders, followers, stores and the command line answer it
 * by the same code; {@link Questions} has those that come with the library. Immutable.
 *
 * @param <R> the type of the answer
 */
public interface Question<R> {
  /** Returns what must be readable in a {@link Reading}; nothing else has to be. */
  Needs needs();

  /** Returns the answer; keeps nothing of {@code reading}, and blocks its writers meanwhile. */
  R answer(Reading reading);
}
