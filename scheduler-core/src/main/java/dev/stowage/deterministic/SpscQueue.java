package dev.stowage.deterministic;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A bounded first-in first-out ring for one producer thread and one consumer thread. A queue of
 * capacity n accepts exactly n elements before it is full, for every n from 1 to {@link
 * #MAX_CAPACITY}.
 *
 * <p>The two indices run freely as 64-bit counters and never wrap in practice; storage is the next
 * power of two, the limit is the declared capacity. Each side keeps the last index it saw of the
 * other one and reads the real one only when that runs out, so a side that keeps up costs the other
 * no cache miss. Elements are published by a release store of an index and read after an acquire
 * load of it.
 *
 * <p>{@link #offer}, {@link #poll} and their counterparts are wait-free. {@link #put} and {@link
 * #take} park with a growing delay. With assertions enabled the queue binds each side to the first
 * thread that uses it and throws {@link ForeignAccess} for any other; {@link #releaseProducer} and
 * {@link #releaseConsumer} allow a hand-over (which must itself be ordered by other means).
 *
 * @param <E> element type
 */
public final class SpscQueue<E> extends SpscFields.Padded {
  /** Greatest capacity, 2^30. */
  public static final int MAX_CAPACITY = 1 << 30;

  private static final VarHandle PRODUCER_INDEX;
  private static final VarHandle CONSUMER_INDEX;

  static {
    try {
      MethodHandles.Lookup lookup = MethodHandles.lookup();
      PRODUCER_INDEX =
          lookup.findVarHandle(SpscFields.ProducerSide.class, "producerIndex", long.class);
      CONSUMER_INDEX =
          lookup.findVarHandle(SpscFields.ConsumerSide.class, "consumerIndex", long.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final int capacity;
  private final int mask;
  private final @Nullable Object[] slots;
  private @Nullable Thread producer;
  private @Nullable Thread consumer;

  private SpscQueue(int capacity) {
    this.capacity = capacity;
    int storage = capacity == 1 ? 1 : Integer.highestOneBit(capacity - 1) << 1;
    this.mask = storage - 1;
    this.slots = new @Nullable Object[storage];
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
    long index = producerIndex;
    if (index - consumerIndexSeen >= capacity) {
      consumerIndexSeen = (long) CONSUMER_INDEX.getAcquire(this);
      if (index - consumerIndexSeen >= capacity) {
        return false;
      }
    }
    slots[(int) index & mask] = element;
    PRODUCER_INDEX.setRelease(this, index + 1);
    return true;
  }

  /** Takes the oldest element, or returns null if the queue is empty. Consumer only. */
  @SuppressWarnings("unchecked")
  public @Nullable E poll() {
    assert ownsConsumer();
    long index = consumerIndex;
    if (index == producerIndexSeen) {
      producerIndexSeen = (long) PRODUCER_INDEX.getAcquire(this);
      if (index == producerIndexSeen) {
        return null;
      }
    }
    int slot = (int) index & mask;
    E element = (E) slots[slot];
    slots[slot] = null;
    CONSUMER_INDEX.setRelease(this, index + 1);
    return element;
  }

  /** The oldest element without taking it, or null if the queue is empty. Consumer only. */
  @SuppressWarnings("unchecked")
  public @Nullable E peek() {
    assert ownsConsumer();
    long index = consumerIndex;
    if (index == producerIndexSeen) {
      producerIndexSeen = (long) PRODUCER_INDEX.getAcquire(this);
      if (index == producerIndexSeen) {
        return null;
      }
    }
    return (E) slots[(int) index & mask];
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
    long after = (long) CONSUMER_INDEX.getAcquire(this);
    while (true) {
      long before = after;
      long produced = (long) PRODUCER_INDEX.getAcquire(this);
      after = (long) CONSUMER_INDEX.getAcquire(this);
      if (before == after) {
        return (int) (produced - after);
      }
    }
  }

  /** Whether nothing is queued, with the exactness of {@link #size()}. */
  public boolean isEmpty() {
    return size() == 0;
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
