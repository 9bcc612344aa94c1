package dev.stowage.content;

import dev.stowage.columns.SaturatedSum;
import dev.stowage.content.ContentStats.WaitHistogram;
import java.util.Arrays;

/** The counters behind {@link ContentStats}. */
final class ContentCounters {
  private static final int CLASSES = PriorityClass.values().length;

  final long[] selected = new long[CLASSES];
  final long[] selectedBytes = new long[CLASSES];
  final long[] throttled = new long[CLASSES];
  final long[] expired = new long[CLASSES];
  final long[] cancelled = new long[CLASSES];
  final long[] shed = new long[CLASSES];
  final long[] refused = new long[CLASSES];

  private final long[][] waits = new long[CLASSES][WaitHistogram.BUCKETS];

  long timeRegressions;

  void selected(ContentItem item, long waitedNanos) {
    int rank = item.priorityClass().rank();
    selected[rank]++;
    selectedBytes[rank] = SaturatedSum.of(selectedBytes[rank], item.sizeBytes());
    waits[rank][WaitHistogram.bucketOf(waitedNanos)]++;
  }

  ContentStats.ClassStats of(ClassQueue queue) {
    int rank = queue.priorityClass.rank();
    return new ContentStats.ClassStats(
        queue.waitingItems(),
        queue.waitingBytes(),
        selected[rank],
        selectedBytes[rank],
        throttled[rank],
        expired[rank],
        cancelled[rank],
        shed[rank],
        refused[rank],
        new WaitHistogram(Arrays.stream(waits[rank]).boxed().toList()));
  }
}
