package dev.stowage.rebalance;

/**
 * Where scorers run, and for how long: the host's seam for time limits. What it gives up on counts
 * as no opinion and as a failure of the scorer; its results are not looked at any more.
 */
@FunctionalInterface
public interface ScoringExecutor {
  /** Runs everything on the thread that asks, without a limit. */
  ScoringExecutor DIRECT =
      work -> {
        work.run();
        return true;
      };

  /**
   * Runs a piece of work, here or on another thread, and waits for it as long as it may take.
   *
   * @param work never throws
   * @return whether it ran to its end; false if it was given up, though it may still be running
   */
  boolean run(Runnable work);
}
