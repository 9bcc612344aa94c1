package dev.stowage.content;

/** The consequence of an item's failure. */
public sealed interface FailureOutcome {
  /** The item is tried again at {@code atNanos} or later, after {@code failures} failures. */
  record Retry(long atNanos, int failures) implements FailureOutcome {}

  /** The item is given up after {@code failures} failures, or for want of room. */
  record GivenUp(int failures) implements FailureOutcome {}

  /** The item was cancelled in flight and is not tried again. */
  record Cancelled() implements FailureOutcome {}

  /** No item with this id is remembered in flight. */
  record Unknown() implements FailureOutcome {}
}
