package dev.stowage.deterministic;

import dev.stowage.deterministic.TaskContext.Execution;
import dev.stowage.deterministic.TaskContext.View;
import dev.stowage.deterministic.queues.SpscQueue;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * A logical core: a FIFO lane of tasks for each priority, its own value, and the out-box of a
 * round. The driver fills the lanes; in a round the thread that claimed the core empties them.
 */
final class Core {
  private static final int LANES = Priority.values().length;

  private final int number;
  private final int capacity;
  private final List<SpscQueue<Task>> lanes = new ArrayList<>();
  private final int[] passedOver = new int[LANES];
  private final List<Execution> outbox = new ArrayList<>();
  private Payload local = Payload.EMPTY;

  Core(int number, int capacity) {
    this.number = number;
    this.capacity = capacity;
    for (int lane = 0; lane < LANES; lane++) {
      lanes.add(SpscQueue.ofCapacity(capacity));
    }
  }

  int number() {
    return number;
  }

  int size() {
    return lanes.stream().mapToInt(SpscQueue::size).sum();
  }

  List<Execution> outbox() {
    return outbox;
  }

  boolean offer(Task task) {
    if (size() == capacity) {
      return false;
    }
    SpscQueue<Task> lane = lanes.get(task.priority().ordinal());
    lane.offer(task);
    lane.releaseProducer();
    return true;
  }

  /** Runs tasks of the lanes into the out-box. */
  void run(int tasks, View view) {
    for (int position = 0; position < tasks; position++) {
      run(take(), position, view);
    }
    lanes.forEach(SpscQueue::releaseConsumer);
  }

  /** Runs a task into the out-box; {@code position} is its place among those of the core. */
  void run(Task task, int position, View view) {
    Execution execution = new TaskContext(view, task, number, position, local).run();
    outbox.add(execution);
    local = execution.local();
  }

  private Task take() {
    int pick = pick();
    passedOver[pick] = 0;
    for (int lower = pick + 1; lower < LANES; lower++) {
      passedOver[lower] = lanes.get(lower).isEmpty() ? 0 : passedOver[lower] + 1;
    }
    return Objects.requireNonNull(lanes.get(pick).poll());
  }

  private int pick() {
    for (int lane = LANES - 1; lane > 0; lane--) {
      if (passedOver[lane] >= SchedulerConfig.STARVATION_BOUND && !lanes.get(lane).isEmpty()) {
        return lane;
      }
    }
    int lane = 0;
    while (lanes.get(lane).isEmpty()) {
      lane++;
    }
    return lane;
  }
}
