package dev.stowage.deterministic.crew;

import dev.stowage.deterministic.Priority;
import dev.stowage.deterministic.Task;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** One core's tasks in three lanes; a lane passed over {@code bound} times in a row goes next. */
public final class CoreQueue {
  private static final int LANES = Priority.values().length;

  private final int capacity;
  private final int bound;
  private final TaskLane[] lanes = new TaskLane[LANES];
  private final int[] passedOver = new int[LANES];
  private int size;

  public CoreQueue(int capacity, int bound) {
    this.capacity = capacity;
    this.bound = bound;
    for (int lane = 0; lane < LANES; lane++) {
      lanes[lane] = new TaskLane();
    }
  }

  public int size() {
    return size;
  }

  boolean isFull() {
    return size == capacity;
  }

  public boolean offer(Task task) {
    if (size == capacity) {
      return false;
    }
    lanes[task.priority().level()].addLast(task);
    size++;
    return true;
  }

  public Task take() {
    int pick = pick();
    passedOver[pick] = 0;
    for (int lower = pick + 1; lower < LANES; lower++) {
      passedOver[lower] = lanes[lower].size() > 0 ? passedOver[lower] + 1 : 0;
    }
    size--;
    return lanes[pick].takeFirst();
  }

  private int pick() {
    for (int lane = LANES - 1; lane > 0; lane--) {
      if (passedOver[lane] >= bound && lanes[lane].size() > 0) {
        return lane;
      }
    }
    int lane = 0;
    while (lanes[lane].size() == 0) {
      lane++;
    }
    return lane;
  }

  /** Takes from the lowest lane first; the result has the highest lane first. */
  List<Task> takeFromTail(int count) {
    List<Task> taken = new ArrayList<>(count);
    for (int lane = LANES - 1; lane >= 0; lane--) {
      while (taken.size() < count && lanes[lane].size() > 0) {
        taken.add(lanes[lane].takeLast());
      }
    }
    size -= taken.size();
    Collections.reverse(taken);
    return taken;
  }

  List<Task> lane(Priority priority) {
    List<Task> tasks = new ArrayList<>();
    lanes[priority.level()].forEach(tasks::add);
    return tasks;
  }

  int passedOver(Priority priority) {
    return passedOver[priority.level()];
  }

  void restorePassedOver(Priority priority, int count) {
    passedOver[priority.level()] = count;
  }
}
