package dev.stowage.benchmarks.peers;

/** A planner under measurement. */
public interface PlacementSubject {
  /** Reports whether the planner places one replica of each chunk, whatever the targets. */
  default boolean isSingle() {
    return false;
  }

  /**
   * Builds the planner's own input, which is not timed.
   *
   * @throws Exception if the planner refuses the problem
   */
  Trial prepare(PlacementProblem problem) throws Exception;

  /** One call on one input. */
  interface Trial {
    /**
     * Runs the timed call; called once.
     *
     * @throws Exception if the planner fails
     */
    void run() throws Exception;

    /** Returns the result; not timed. */
    Assignment assignment() throws Exception;
  }
}
