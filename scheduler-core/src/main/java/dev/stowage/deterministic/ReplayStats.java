package dev.stowage.deterministic;

import java.util.List;
import java.util.TreeSet;

/**
 * Counts of a log. Frames are not counted: they are calls of the driver, not events.
 *
 * @param total events
 * @param deterministic events that equal inputs imply
 * @param nonDeterministic external inputs
 * @param distinctTasks different task ids
 * @param ticks logical ticks of all outcomes, saturating
 */
public record ReplayStats(
    long total, long deterministic, long nonDeterministic, long distinctTasks, long ticks) {

  static ReplayStats of(List<SchedulerEvent> events) {
    long deterministic = 0;
    long ticks = 0;
    TreeSet<Long> tasks = new TreeSet<>();
    for (SchedulerEvent event : events) {
      if (event.isDeterministic()) {
        deterministic++;
      }
      if (event instanceof TaskOutcome outcome) {
        ticks = TickBudget.saturatingAdd(ticks, outcome.ticks());
        tasks.add(outcome.taskId());
      } else if (event instanceof SchedulerEvent.TaskEnqueued enqueued) {
        tasks.add(enqueued.task().id());
      } else if (event instanceof SchedulerEvent.TaskRefused refused) {
        tasks.add(refused.task().id());
      }
    }
    long total = events.size();
    return new ReplayStats(total, deterministic, total - deterministic, tasks.size(), ticks);
  }

  /** Deterministic events per event, 0 to 1; 1 when there are none. For display only. */
  public double ratio() {
    return total == 0 ? 1.0 : (double) deterministic / total;
  }
}
