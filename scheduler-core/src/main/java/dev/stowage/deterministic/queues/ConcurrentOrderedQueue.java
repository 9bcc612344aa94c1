package dev.stowage.deterministic.queues;

import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * An {@link OrderedQueue} that any number of threads may use: operations are linearizable under one
 * parking lock, and the insertion sequence is the order in which threads took it. {@link #size()}
 * and {@link #isEmpty()} take no lock.
 *
 * @param <T> item type
 */
public final class ConcurrentOrderedQueue<T> {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition notEmpty = lock.newCondition();
  private final OrderedQueue<T> queue;
  private volatile int size;

  private ConcurrentOrderedQueue(OrderedQueue<T> queue) {
    this.queue = queue;
  }

  /**
   * An empty queue for exactly {@code capacity} entries.
   *
   * @throws IllegalArgumentException unless 1 to {@link OrderedQueue#MAX_CAPACITY}
   */
  public static <T> ConcurrentOrderedQueue<T> ofCapacity(int capacity) {
    return new ConcurrentOrderedQueue<>(OrderedQueue.ofCapacity(capacity));
  }

  /** Inserts an item and returns its handle, or {@link OrderedQueue#FULL}. */
  public long offer(long timestamp, int core, T item) {
    lock.lock();
    try {
      long handle = queue.offer(timestamp, core, item);
      size = queue.size();
      notEmpty.signal();
      return handle;
    } finally {
      lock.unlock();
    }
  }

  /** Takes the first item, or returns null if the queue is empty. */
  public @Nullable T poll() {
    lock.lock();
    try {
      T item = queue.poll();
      size = queue.size();
      return item;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Takes the first item, waiting while the queue is empty.
   *
   * @throws InterruptedException if interrupted while waiting
   */
  public T take() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (true) {
        T item = queue.poll();
        if (item != null) {
          size = queue.size();
          return item;
        }
        notEmpty.await();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Gives an entry another timestamp; see {@link OrderedQueue#reprioritise}. */
  public boolean reprioritise(long handle, long timestamp) {
    lock.lock();
    try {
      return queue.reprioritise(handle, timestamp);
    } finally {
      lock.unlock();
    }
  }

  /** Takes an entry out, wherever it stands; null if it has left the queue since. */
  public @Nullable T remove(long handle) {
    lock.lock();
    try {
      T item = queue.remove(handle);
      size = queue.size();
      return item;
    } finally {
      lock.unlock();
    }
  }

  /** How many entries were queued when last changed. */
  public int size() {
    return size;
  }

  /** Whether nothing was queued when last changed. */
  public boolean isEmpty() {
    return size == 0;
  }
}
