package dev.stowage.deterministic.queues;

import dev.stowage.deterministic.Bounds;
import dev.stowage.deterministic.CoreLocal.ForeignAccess;
import java.util.Objects;
import org.jctools.queues.varhandle.SpscVarHandleArrayQueue;
import org.jspecify.annotations.Nullable;

/**
 * A FIFO ring for one producer and one consumer thread, of 1 to {@link #MAX_CAPACITY} elements. A
 * taker sees all that the producer did before. {@link #offer} and {@link #poll} are wait-free. With
 * assertions on, a side belongs to its first thread until {@link #releaseProducer} or {@link
 * #releaseConsumer}, and throws {@code IllegalStateException} for others.
 */
public final class SpscQueue<E> {
  /** The greatest capacity, 2^30 elements. */
  public static final int MAX_CAPACITY = 1 << 30;

  private final int capacity;
  private final SpscVarHandleArrayQueue<E> ring;

  /** The producer's first full index at its last look at the consumer, which saves cache misses. */
  private long limit;

  private @Nullable Thread producer;
  private @Nullable Thread consumer;

  private SpscQueue(int capacity) {
    this.capacity = capacity;
    this.limit = capacity;
    this.ring = new SpscVarHandleArrayQueue<>(capacity);
  }

  /** Creates a queue; throws {@code IllegalArgumentException} unless 1 to {@link #MAX_CAPACITY}. */
  public static <E> SpscQueue<E> ofCapacity(int capacity) {
    return new SpscQueue<>(Bounds.between(capacity, 1, MAX_CAPACITY, "queue capacity"));
  }

  /** Adds an element, or returns false if the queue is full. Producer only. */
  public boolean offer(E element) {
    Objects.requireNonNull(element, "element");
    assert ownsProducer();
    long index = ring.currentProducerIndex();
    if (index >= limit) {
      limit = ring.currentConsumerIndex() + capacity;
      if (index >= limit) {
        return false;
      }
    }
    return ring.offer(element);
  }

  /** Takes the oldest element, or returns null if the queue is empty. Consumer only. */
  public @Nullable E poll() {
    assert ownsConsumer();
    return ring.poll();
  }

  /** Returns the number of elements, exact on a side's own thread while the other rests. */
  public int size() {
    return ring.size();
  }

  /** Reports whether the queue is empty, as exactly as {@link #size()}. */
  public boolean isEmpty() {
    return ring.isEmpty();
  }

  /** Unbinds the producer thread, for a hand-over that must be ordered by other means. */
  public void releaseProducer() {
    producer = null;
  }

  /** Unbinds the consumer thread, for a hand-over that must be ordered by other means. */
  public void releaseConsumer() {
    consumer = null;
  }

  private boolean ownsProducer() {
    producer = owner(producer, "producer");
    return true;
  }

  private boolean ownsConsumer() {
    consumer = owner(consumer, "consumer");
    return true;
  }

  private static Thread owner(@Nullable Thread bound, String side) {
    Thread caller = Thread.currentThread();
    if (bound != null && bound != caller) {
      throw new ForeignAccess("the " + side + " side of this queue", bound, caller);
    }
    return caller;
  }
}
