package dev.stowage.content;

/** The items of the published measurement, exactly, and the fold of the order in which they go. */
final class PublishedWorkload {
  private PublishedWorkload() {}

  static long mix(long x) {
    long z = x + 0x9E3779B97F4A7C15L;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }

  /** Item {@code i}; of stream {@code i mod streams}, or of none if there are none. */
  static ContentItem item(long i, int streams) {
    long r = mix(i);
    ContentItem item =
        ContentItem.of(
            i,
            PriorityClass.values()[(int) Long.remainderUnsigned(r, 8)],
            1024 + Long.remainderUnsigned(r >>> 8, 1L << 20),
            1 + Long.remainderUnsigned(r >>> 16, 100),
            1 + Long.remainderUnsigned(r >>> 32, 1000));
    return streams == 0 ? item : item.inStream(i % streams);
  }
}
