package dev.stowage.deterministic;

import dev.stowage.deterministic.queues.Timestamp;
import java.util.Map;
import java.util.Objects;

/**
 * A predicate that a task must satisfy before it runs. Must be a pure function of its context:
 * equal contexts, equal answers, on any thread. Each evaluation costs the task one tick.
 */
@FunctionalInterface
public interface Guard {
  /** Whether the task may run. */
  boolean test(GuardContext context);

  /**
   * What a guard may look at. Immutable.
   *
   * @param task the task that wants to run
   * @param core the core it would run on
   * @param round rounds completed so far
   * @param now the logical clock at the start of the round or step
   * @param state the shared state at the same moment; unmodifiable, sorted by name
   */
  public record GuardContext(
      Task task, int core, long round, Timestamp now, Map<String, Payload> state) {
    /** Refuses null. */
    public GuardContext {
      Objects.requireNonNull(task, "task");
      Objects.requireNonNull(now, "now");
      Objects.requireNonNull(state, "state");
    }

    /** What an observation observes, what a call is called with; a pure value's eight bytes. */
    public Payload subject() {
      Work work = task.work();
      if (work instanceof Work.Observation observation) {
        return observation.context();
      }
      return work instanceof Work.Call call
          ? call.argument()
          : Payload.ofLong(((Work.Pure) work).value());
    }
  }
}
