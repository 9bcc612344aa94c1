package dev.stowage.content;

import org.jspecify.annotations.Nullable;

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

  /** By rank; one exists once an item of the class was selected. */
  private final long[] @Nullable [] waits = new long[CLASSES][];

  long timeRegressions;

  void selected(ContentItem item, long waitedNanos) {
    int rank = item.priorityClass().rank();
    selected[rank]++;
    selectedBytes[rank] += item.sizeBytes();
    long[] counts = waits[rank];
    if (counts == null) {
      counts = WaitHistogram.empty();
      waits[rank] = counts;
    }
    counts[WaitHistogram.bucketOf(waitedNanos)]++;
  }

  ContentStats.ClassStats of(PriorityClass c, Backlog backlog) {
    int rank = c.rank();
    long[] counts = waits[rank];
    return new ContentStats.ClassStats(
        backlog.items(c),
        backlog.bytes(c),
        selected[rank],
        selectedBytes[rank],
        throttled[rank],
        expired[rank],
        cancelled[rank],
        shed[rank],
        refused[rank],
        new WaitHistogram(counts == null ? WaitHistogram.empty() : counts));
  }
}
