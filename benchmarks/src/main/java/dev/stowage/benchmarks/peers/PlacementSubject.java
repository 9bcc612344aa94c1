package dev.stowage.benchmarks.peers;

/** A planner under measurement. */
public interface PlacementSubject {
  /** How the planner is called on the command line and in the table. */
  String name();

  /** What it is not told because it could not use it; empty if it is told all. */
  String limits();

  /** Whether the planner places one replica of each chunk, whatever the targets say. */
  default boolean isSingle() {
    return false;
  }

  /** Whether the planner has an answer of its own to this event. */
  default boolean answers(Event event) {
    return true;
  }

  /** Whose placement from scratch the events start from: usually its own. */
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
     * The call that is timed; made once.
     *
     * @throws Exception if the planner fails
     */
    void run() throws Exception;

    /** What came out; not timed. */
    Assignment assignment() throws Exception;
  }
}
