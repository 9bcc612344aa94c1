package dev.stowage.benchmarks.content;

import dev.stowage.content.ContentItem;

/** A queue that a scale run fills and empties. One thread. */
interface Contender extends AutoCloseable {
  /** Forgets everything and makes room for these items. */
  void renew(ContentItem[] items);

  /** Queues an item. */
  void schedule(ContentItem item);

  /** Takes out what goes next; its id, or -1 if nothing is left. */
  long next();

  /** Takes out an item wherever it stands. */
  void cancel(ContentItem item);

  default boolean cancels() {
    return true;
  }

  /** Reports whether the queue keeps the published order. */
  default boolean keepsOrder() {
    return true;
  }

  /** Returns the processor time of other threads on behalf of this queue, in nanoseconds. */
  default long besideNanos() {
    return 0;
  }

  @Override
  default void close() {
    // most hold no thread
  }
}
