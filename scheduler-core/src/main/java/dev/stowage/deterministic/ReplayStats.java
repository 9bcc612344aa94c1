package dev.stowage.deterministic;

import dev.stowage.deterministic.SchedulerEvent.TaskEnqueued;
import dev.stowage.deterministic.SchedulerEvent.TaskOutcome;
import dev.stowage.deterministic.SchedulerEvent.TaskRefused;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Counts of the events of a log without frames: all but external inputs are deterministic. */
public record ReplayStats(long total, long deterministic, long distinctTasks, long ticks) {
  /** Counts the events of a log. */
  public static ReplayStats of(List<SchedulerEvent> log) {
    List<SchedulerEvent> events = log.stream().filter(event -> !event.isFrame()).toList();
    TickBudget ticks = TickBudget.ofLimit(0);
    Set<Long> tasks = new HashSet<>();
    for (SchedulerEvent event : events) {
      if (event instanceof TaskOutcome outcome) {
        ticks = ticks.consume(outcome.run().ticks());
        tasks.add(outcome.run().taskId());
      } else if (event instanceof TaskEnqueued enqueued) {
        tasks.add(enqueued.task().id());
      } else if (event instanceof TaskRefused refused) {
        tasks.add(refused.task().id());
      }
    }
    long deterministic = events.stream().filter(SchedulerEvent::isDeterministic).count();
    return new ReplayStats(events.size(), deterministic, tasks.size(), ticks.used());
  }

  /** Returns the events that equal inputs do not imply. */
  public long nonDeterministic() {
    return total - deterministic;
  }

  /** Returns deterministic / total, 0 to 1; 1 for an empty log. For display only. */
  public double ratio() {
    return total == 0 ? 1.0 : (double) deterministic / total;
  }
}
