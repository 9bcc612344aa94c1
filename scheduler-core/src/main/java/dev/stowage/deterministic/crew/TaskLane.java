package dev.stowage.deterministic.crew;

import dev.stowage.deterministic.Task;
import java.util.Arrays;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A first-in first-out lane of tasks of one priority, with a tail to steal from. */
final class TaskLane {
  private @Nullable Task[] ring = new @Nullable Task[16];
  private int head;
  private int size;

  int size() {
    return size;
  }

  void addLast(Task task) {
    if (size == ring.length) {
      grow();
    }
    ring[(head + size++) & (ring.length - 1)] = task;
  }

  Task takeFirst() {
    Task task = Objects.requireNonNull(ring[head]);
    ring[head] = null;
    head = (head + 1) & (ring.length - 1);
    size--;
    return task;
  }

  Task takeLast() {
    int tail = (head + --size) & (ring.length - 1);
    Task task = Objects.requireNonNull(ring[tail]);
    ring[tail] = null;
    return task;
  }

  void forEach(Consumer<Task> visitor) {
    for (int i = 0; i < size; i++) {
      visitor.accept(Objects.requireNonNull(ring[(head + i) & (ring.length - 1)]));
    }
  }

  private void grow() {
    @Nullable Task[] wider = Arrays.copyOfRange(ring, head, head + 2 * ring.length);
    System.arraycopy(ring, 0, wider, ring.length - head, head);
    Arrays.fill(wider, ring.length, wider.length, null);
    ring = wider;
    head = 0;
  }
}
