package dev.stowage.deterministic;

import dev.stowage.deterministic.queues.LogicalClock.Timestamp;
import java.util.Map;

/** Decides whether a task may run: a pure function of its context, at one tick per evaluation. */
@FunctionalInterface
public interface Guard {
  /** Reports whether the task may run. */
  boolean test(GuardContext context);

  /** The immutable input of a guard; clock and sorted state are of the start of round or step. */
  record GuardContext(Task task, int core, long round, Timestamp now, Map<String, Payload> state) {}
}
