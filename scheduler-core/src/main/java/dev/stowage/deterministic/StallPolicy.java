package dev.stowage.deterministic;

/**
 * Decides whether a round goes on waiting for a task. This is the host's seam: the library has no
 * clock, so the host measures with its own. What it decides is recorded as an input, so a replay
 * fails the same task at the same place without running it.
 *
 * <p>With a policy other than {@link #NEVER} the calling thread runs no task itself. It asks again
 * and again while tasks run, first every few microseconds, then about every millisecond.
 */
@FunctionalInterface
public interface StallPolicy {
  /** Waits for ever. */
  StallPolicy NEVER = running -> false;

  /**
   * Whether to give up this task: it fails as {@link SchedulerEvent.Failure#BLOCKED}, its thread is
   * interrupted, and its core stops for this round. Called on the driving thread.
   */
  boolean abandons(Running running);

  /**
   * A task that has not returned yet.
   *
   * @param round the round's number
   * @param core the core that runs it
   * @param taskId unsigned
   * @param timesAsked how often the policy was asked about it before
   */
  record Running(long round, int core, long taskId, long timesAsked) {}
}
