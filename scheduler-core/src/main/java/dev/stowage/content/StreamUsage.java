package dev.stowage.content;

/**
 * What went over a stream.
 *
 * @param bytesSent bytes
 * @param itemsSent items
 * @param lastUsedNanos when it was used last; 0 if never
 */
public record StreamUsage(long bytesSent, long itemsSent, long lastUsedNanos) {
  /** Nothing yet. */
  public static final StreamUsage NONE = new StreamUsage(0, 0, 0);

  StreamUsage plus(long bytes, long nowNanos) {
    return new StreamUsage(bytesSent + bytes, itemsSent + 1, nowNanos);
  }
}
