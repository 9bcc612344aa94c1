package dev.stowage.content.queue;

import dev.stowage.columns.SaturatedSum;
import dev.stowage.content.ContentItem;
import dev.stowage.content.ContentStats;
import dev.stowage.content.ContentStats.WaitHistogram;
import dev.stowage.content.PriorityClass;
import org.jspecify.annotations.Nullable;

/** The counters behind {@link ContentStats}. */
public final class ContentCounters {
  private static final int CLASSES = PriorityClass.values().length;

  final long[] selected = new long[CLASSES];
  final long[] selectedBytes = new long[CLASSES];
  public final long[] throttled = new long[CLASSES];
  public final long[] expired = new long[CLASSES];
  public final long[] cancelled = new long[CLASSES];
  public final long[] shed = new long[CLASSES];
  public final long[] refused = new long[CLASSES];

  /** Indexed by rank; null until an item of the class is selected. */
  private final long[] @Nullable [] waits = new long[CLASSES][];

  public long timeRegressions;

  public void selected(ContentItem item, long waitedNanos) {
    int rank = item.priorityClass().rank();
    selected[rank]++;
    selectedBytes[rank] = SaturatedSum.of(selectedBytes[rank], item.sizeBytes());
    long[] counts = waits[rank];
    if (counts == null) {
      counts = WaitHistogram.empty();
      waits[rank] = counts;
    }
    counts[WaitHistogram.bucketOf(waitedNanos)]++;
  }

  public ContentStats.ClassStats of(PriorityClass c, Backlog backlog) {
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
