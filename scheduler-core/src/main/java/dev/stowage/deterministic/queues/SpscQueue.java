package dev.stowage.deterministic.queues;

import dev.stowage.deterministic.CoreLocal.ForeignAccess;
import dev.stowage.deterministic.basics.Backoff;
import dev.stowage.deterministic.basics.Bounds;
import java.util.Objects;
import org.jctools.queues.varhandle.SpscVarHandleArrayQueue;
import org.jspecify.annotations.Nullable;

/**
 * A bounded first-in first-out ring for one producer thread and one consumer thread. A queue of
 * capacity n accepts exactly n elements before it is full, for every n from 1 to {@link
 * #MAX_CAPACITY}.
 *
 * <p>The ring is JCTools', whose capacity is the next power of two, at least four; the declared
 * capacity is kept here, by one comparison. The producer remembers how far the consumer was when it
 * looked last and looks again only when that runs out, so a side that keeps up costs the other no
 * cache miss. What a thread did before it added an element is seen by the thread that takes it.
 *
 * <p>{@link #offer}, {@link #poll} and their counterparts are wait-free. {@link #put} and {@link
 * #take} park with a growing delay. With assertions enabled the queue binds each side to the first
 * thread that uses it and throws {@link ForeignAccess} for any other; {@link #releaseProducer} and
 * {@link #releaseConsumer} allow a hand-over (which must itself be ordered by other means).
 *
 * @param <E> element type
 */
public final class SpscQueue<E> {
  /** Greatest capacity, 2^30. */
  public static final int MAX_CAPACITY = 1 << 30;

  private final int capacity;
  private final SpscVarHandleArrayQueue<E> ring;

  /** The producer's: the index that is one too many for all that it knows of the consumer. */
  private long limit;

  private @Nullable Thread producer;
  private @Nullable Thread consumer;

  private SpscQueue(int capacity) {
    this.capacity = capacity;
    this.limit = capacity;
    this.ring = new SpscVarHandleArrayQueue<>(capacity);
  }

  /**
   * An empty queue for exactly {@code capacity} elements.
   *
   * @throws IllegalArgumentException unless 1 to {@link #MAX_CAPACITY}
   */
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

  /** The oldest element without taking it, or null if the queue is empty. Consumer only. */
  public @Nullable E peek() {
    assert ownsConsumer();
    return ring.peek();
  }

  /**
   * Adds an element, waiting while the queue is full. Producer only.
   *
   * @throws InterruptedException if interrupted while waiting; the element is not added
   */
  public void put(E element) throws InterruptedException {
    if (offer(element)) {
      return;
    }
    Backoff backoff = new Backoff();
    do {
      backoff.pauseInterruptibly();
    } while (!offer(element));
  }

  /**
   * Takes the oldest element, waiting while the queue is empty. Consumer only.
   *
   * @throws InterruptedException if interrupted while waiting
   */
  public E take() throws InterruptedException {
    E element = poll();
    if (element != null) {
      return element;
    }
    Backoff backoff = new Backoff();
    while (true) {
      backoff.pauseInterruptibly();
      element = poll();
      if (element != null) {
        return element;
      }
    }
  }

  /**
   * How many elements are queued, 0 to the capacity. Exact on either side's own thread while the
   * other one rests, else a value that was true at some moment during the call.
   */
  public int size() {
    return ring.size();
  }

  /** Whether nothing is queued, with the exactness of {@link #size()}. */
  public boolean isEmpty() {
    return ring.isEmpty();
  }

  /** Forgets which thread produces, so that another one may; only meaningful with assertions on. */
  public void releaseProducer() {
    producer = null;
  }

  /** Forgets which thread consumes, so that another one may; only meaningful with assertions on. */
  public void releaseConsumer() {
    consumer = null;
  }

  private boolean ownsProducer() {
    Thread caller = Thread.currentThread();
    if (producer == null) {
      producer = caller;
    } else if (producer != caller) {
      throw new ForeignAccess("the producer side of this queue", producer, caller);
    }
    return true;
  }

  private boolean ownsConsumer() {
    Thread caller = Thread.currentThread();
    if (consumer == null) {
      consumer = caller;
    } else if (consumer != caller) {
      throw new ForeignAccess("the consumer side of this queue", consumer, caller);
    }
    return true;
  }
}
