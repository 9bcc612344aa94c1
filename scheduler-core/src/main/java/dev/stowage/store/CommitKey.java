package dev.stowage.store;

/**
 * Names one commit for ever, so that after an unknown outcome its caller can learn which it was,
 * and so that a commit that is tried again takes effect once.
 *
 * @param epoch the epoch of the lease that wrote it, at least 1
 * @param sequence counts the commits of that epoch, from 1
 */
public record CommitKey(long epoch, long sequence) {
  /** Refuses an epoch or a sequence below 1. */
  public CommitKey {
    if (epoch < 1 || sequence < 1) {
      throw new IllegalArgumentException(
          "commit is " + epoch + "." + sequence + "; at least 1.1 is accepted");
    }
  }

  @Override
  public String toString() {
    return epoch + "." + sequence;
  }
}
