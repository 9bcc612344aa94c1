package dev.stowage.deterministic;

import dev.stowage.deterministic.queues.Timestamp;
import java.util.Map;
import java.util.Objects;

/** Decides whether a task may run: a pure function of its context, at one tick per evaluation. */
@FunctionalInterface
public interface Guard {
  /** Reports whether the task may run. */
  boolean test(GuardContext context);

  /** The immutable input of a guard; clock and sorted state are of the start of round or step. */
  public record GuardContext(
      Task task, int core, long round, Timestamp now, Map<String, Payload> state) {
    /** Throws {@code NullPointerException} if a reference is null. */
    public GuardContext {
      Objects.requireNonNull(task, "task");
      Objects.requireNonNull(now, "now");
      Objects.requireNonNull(state, "state");
    }

    /** Returns an observation's context, a call's argument, or the eight bytes of a pure value. */
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
