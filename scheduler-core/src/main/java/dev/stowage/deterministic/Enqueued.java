package dev.stowage.deterministic;

/** The answer to an enqueue. Either way it is in the log. */
public sealed interface Enqueued {
  /**
   * The task waits in a queue.
   *
   * @param core the core it will run on, unless it is stolen
   * @param timestamp the clock after its tick; of an ordered task the timestamp it waits for
   */
  record Accepted(int core, Timestamp timestamp) implements Enqueued {}

  /**
   * The task was not taken.
   *
   * @param reason which queue is full
   * @param capacity how many tasks it holds
   */
  record Refused(SchedulerEvent.Refusal reason, int capacity) implements Enqueued {}
}
