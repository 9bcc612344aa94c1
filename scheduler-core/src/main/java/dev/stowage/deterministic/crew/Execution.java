package dev.stowage.deterministic.crew;

import dev.stowage.deterministic.Guards.Receipt;
import dev.stowage.deterministic.SchedulerEvent;
import dev.stowage.deterministic.Task.TaskOutcome;
import dev.stowage.deterministic.Task;
import dev.stowage.deterministic.queues.Timestamp;
import dev.stowage.evidence.Hash256;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A task's result without timestamp; exactly one of output, failure and guard id is set. */
public record Execution(
    Task task,
    long ticks,
    @Nullable Hash256 output,
    SchedulerEvent.@Nullable Failure failure,
    String detail,
    int guardId,
    @Nullable Receipt receipt,
    List<Effect> effects) {

  static Execution executed(Task task, long ticks, Hash256 output) {
    return new Execution(task, ticks, output, null, "", -1, null, List.of());
  }

  static Execution executed(Task task, long ticks, Hash256 output, List<Effect> effects) {
    return new Execution(task, ticks, output, null, "", -1, null, effects);
  }

  static Execution observed(Task task, Receipt receipt) {
    return new Execution(task, receipt.steps(), receipt.output(), null, "", -1, receipt, List.of());
  }

  static Execution failed(Task task, long ticks, SchedulerEvent.Failure failure, String detail) {
    return new Execution(task, ticks, null, failure, detail, -1, null, List.of());
  }

  static Execution rejected(Task task, long ticks, int guardId, @Nullable Receipt receipt) {
    return new Execution(task, ticks, null, null, "", guardId, receipt, List.of());
  }

  public TaskOutcome outcome(int core, Timestamp timestamp) {
    if (failure != null) {
      return new SchedulerEvent.TaskFailed(task.id(), core, timestamp, ticks, failure, detail);
    }
    return output != null
        ? new SchedulerEvent.TaskExecuted(task.id(), core, timestamp, ticks, output)
        : new SchedulerEvent.TaskRejected(task.id(), core, timestamp, ticks, guardId);
  }
}
