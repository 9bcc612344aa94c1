package dev.stowage.benchmarks.content;

import dev.stowage.content.ContentItem;
import dev.stowage.content.ContentItem.Flow;
import dev.stowage.content.PriorityClass;

/** The items of the published measurement, exactly. */
final class PublishedItems {
  private static final PriorityClass[] CLASSES = PriorityClass.values();

  private PublishedItems() {}

  /** Returns the first {@code count} items, item i in stream {@code i mod streams}; none for 0. */
  static ContentItem[] first(int count, int streams) {
    Flow[] flows = new Flow[Math.max(1, streams)];
    flows[0] = Flow.NONE;
    for (int s = 0; s < streams; s++) {
      flows[s] = Flow.ofStream(s);
    }
    ContentItem[] items = new ContentItem[count];
    for (int i = 0; i < count; i++) {
      long r = mix(i);
      items[i] =
          ContentItem.of(
                  i,
                  CLASSES[(int) Long.remainderUnsigned(r, 8)],
                  1024 + Long.remainderUnsigned(r >>> 8, 1L << 20),
                  (double) (1 + Long.remainderUnsigned(r >>> 16, 100)),
                  (double) (1 + Long.remainderUnsigned(r >>> 32, 1000)))
              .in(flows[streams == 0 ? 0 : i % streams]);
    }
    return items;
  }

  private static long mix(long x) {
    long z = x + 0x9E3779B97F4A7C15L;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}
