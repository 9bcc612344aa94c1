package dev.stowage.answer;

/**
 * A question about one moment of a fleet, which leaders, followers, stores and the command line
 * answer alike. {@link dev.stowage.lifecycle.questions.Questions} has them all. Immutable.
 *
 * @param <R> the type of the answer
 */
public interface Question<R> {}
