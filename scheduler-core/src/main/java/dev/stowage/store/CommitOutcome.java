package dev.stowage.store;

/** What became of a commit. */
public enum CommitOutcome {
  /** It is durable. */
  COMMITTED,
  /** It is not, and never will be: a late arrival would be fenced. */
  NOT_COMMITTED
}
