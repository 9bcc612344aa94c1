package dev.stowage.rebalance;

/**
 * The host's hook to run scorers with time limits. Work given up counts as no opinion and as a
 * failure of the scorer; its results are ignored.
 */
@FunctionalInterface
public interface ScoringExecutor {
  /** Runs work on the calling thread without a limit. */
  ScoringExecutor DIRECT =
      work -> {
        work.run();
        return true;
      };

  /**
   * Runs work, which never throws, on any thread and waits within a time limit; returns false if
   * given up, though it may still run.
   */
  boolean run(Runnable work);
}
