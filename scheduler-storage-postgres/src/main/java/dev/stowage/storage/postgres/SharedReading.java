package dev.stowage.storage.postgres;

import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Lets callers at one time share a costly reading: those who come while one is under way wait for
 * the next, which the first of them makes for all. So each gets a reading that began after its
 * call, and at most one is under way. Thread-safe.
 */
final class SharedReading<T> {
  private final ReentrantLock reading = new ReentrantLock();
  private volatile long begun;

  // Guarded by the lock.
  private long number;
  private @Nullable T last;

  /** Returns what {@code reads} returned to this caller, or to one that waited with it. */
  T get(Supplier<T> reads) {
    long before = begun;
    reading.lock();
    try {
      T shared = last;
      if (shared != null && number > before) {
        return shared;
      }
      long own = begun + 1;
      begun = own;
      T read = reads.get();
      number = own;
      last = read;
      return read;
    } finally {
      reading.unlock();
    }
  }

  /** Returns the number of callers that wait, for tests. */
  int waiting() {
    return reading.getQueueLength();
  }
}
