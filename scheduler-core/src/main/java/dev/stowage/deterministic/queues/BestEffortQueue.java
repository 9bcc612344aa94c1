package dev.stowage.deterministic.queues;

import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * An unbounded queue for any number of threads; only one producer's elements keep their order. It
 * is lock-free, with the memory effects of {@link ConcurrentLinkedQueue}.
 */
public final class BestEffortQueue<E> {
  private final ConcurrentLinkedQueue<E> queue = new ConcurrentLinkedQueue<>();

  private BestEffortQueue() {}

  /** Creates an empty queue. */
  public static <E> BestEffortQueue<E> empty() {
    return new BestEffortQueue<>();
  }

  /** Adds an element; there is always room. */
  public void enqueue(E element) {
    queue.add(Objects.requireNonNull(element, "element"));
  }

  /** Takes some element, or empty if there is none. */
  public Optional<E> dequeue() {
    return Optional.ofNullable(queue.poll());
  }
}
