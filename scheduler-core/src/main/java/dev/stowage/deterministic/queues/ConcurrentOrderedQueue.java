package dev.stowage.deterministic.queues;

import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * An {@link OrderedQueue} for any number of threads, linearizable under one parking lock, whose
 * acquisition order is the insertion sequence. {@link #size()} and {@link #isEmpty()} take no lock.
 */
public final class ConcurrentOrderedQueue<T> {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition notEmpty = lock.newCondition();
  private final OrderedQueue<T> queue;
  private volatile int size;

  private ConcurrentOrderedQueue(OrderedQueue<T> queue) {
    this.queue = queue;
  }

  /** Creates a queue as {@link OrderedQueue#ofCapacity} does. */
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

  /** Takes the first item, waiting while the queue is empty. */
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

  /** Changes the timestamp of an entry; see {@link OrderedQueue#reprioritise}. */
  public boolean reprioritise(long handle, long timestamp) {
    lock.lock();
    try {
      return queue.reprioritise(handle, timestamp);
    } finally {
      lock.unlock();
    }
  }

  /** Removes an entry; returns null if it has left the queue. */
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

  /** Returns the number of entries at the last change. */
  public int size() {
    return size;
  }

  /** Reports whether the queue was empty at the last change. */
  public boolean isEmpty() {
    return size == 0;
  }
}
