package dev.stowage.content;

/**
 * Tells who is sending an item that it was cancelled. May be read by any thread; once true it stays
 * true.
 */
public final class CancelToken {
  private volatile boolean cancelled;

  CancelToken() {}

  /** Whether the item was cancelled. */
  public boolean isCancelled() {
    return cancelled;
  }

  void cancel() {
    cancelled = true;
  }
}
