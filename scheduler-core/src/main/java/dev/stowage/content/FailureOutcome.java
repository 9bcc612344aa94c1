package dev.stowage.content;

/** What becomes of an item that failed. */
public sealed interface FailureOutcome {
  /**
   * It is tried again.
   *
   * @param atNanos not before this time
   * @param failures how often it has failed
   */
  record Retry(long atNanos, int failures) implements FailureOutcome {}

  /**
   * It has failed too often, or there is no room for it among what waits, and is given up.
   *
   * @param failures how often it has failed
   */
  record GivenUp(int failures) implements FailureOutcome {}

  /** It was cancelled in flight, so it is not tried again. */
  record Cancelled() implements FailureOutcome {}

  /** Nothing with its id is in flight, as far as is remembered. */
  record Unknown() implements FailureOutcome {}
}
