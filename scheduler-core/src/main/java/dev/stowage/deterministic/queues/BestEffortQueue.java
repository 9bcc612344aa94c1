package dev.stowage.deterministic.queues;

import dev.stowage.deterministic.basics.Backoff;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * An unbounded queue for any number of producers and consumers. No order is promised between
 * producers; one producer's elements leave in its own order. Never use it where order reaches a log
 * unrecorded. Operations but {@link #take} are lock-free, with the memory effects and the
 * reclaiming of the JDK's {@link ConcurrentLinkedQueue}.
 *
 * @param <E> element type
 */
public final class BestEffortQueue<E> {
  private final ConcurrentLinkedQueue<E> queue = new ConcurrentLinkedQueue<>();

  private BestEffortQueue() {}

  /** An empty queue. */
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

  /**
   * Takes some element, parking with a growing delay while there is none.
   *
   * @throws InterruptedException if interrupted while waiting
   */
  public E take() throws InterruptedException {
    Backoff backoff = new Backoff();
    while (true) {
      E element = queue.poll();
      if (element != null) {
        return element;
      }
      backoff.pauseInterruptibly();
    }
  }

  /** Whether there was nothing to take. */
  public boolean isEmpty() {
    return queue.isEmpty();
  }

  /** How many elements there are, counted one by one: O(n), and inexact under concurrency. */
  public int size() {
    return queue.size();
  }
}
