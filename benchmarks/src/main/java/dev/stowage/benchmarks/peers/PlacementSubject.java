package dev.stowage.benchmarks.peers;

/** A planner under measurement. */
public interface PlacementSubject {
  /** Returns the name of the planner on the command line and in the table. */
  String name();

  /** Returns the parts of the problem that the planner cannot use; empty if it uses all. */
  String limits();

  /** Reports whether the planner places one replica of each chunk, whatever the targets. */
  default boolean isSingle() {
    return false;
  }

  /** Reports whether the planner has an answer of its own to this event. */
  default boolean answers(Event event) {
    return true;
  }

  /** Returns the name of the planner whose placement from scratch the events start from. */
  default String base() {
    return name();
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
