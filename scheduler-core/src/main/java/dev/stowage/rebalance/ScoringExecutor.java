package dev.stowage.rebalance;

/** The host's hook to run scorers in limited time; work given up is a failure without result. */
@FunctionalInterface
public interface ScoringExecutor {
  /** Runs work on the calling thread without a limit. */
  ScoringExecutor DIRECT =
      work -> {
        work.run();
        return true;
      };

  /** Runs work, which never throws, on any thread; false if given up, though it may still run. */
  boolean run(Runnable work);
}
