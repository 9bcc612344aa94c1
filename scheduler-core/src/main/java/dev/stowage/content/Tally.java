package dev.stowage.content;

/** The counters behind {@link ContentStats}. */
final class Tally {
  private static final int CLASSES = PriorityClass.values().length;

  final long[] selected = new long[CLASSES];
  final long[] selectedBytes = new long[CLASSES];
  final long[] throttled = new long[CLASSES];
  final long[] expired = new long[CLASSES];
  final long[] cancelled = new long[CLASSES];
  final long[] shed = new long[CLASSES];
  final long[] refused = new long[CLASSES];
  private final long[][] waits = new long[CLASSES][];
  long timeRegressions;

  Tally() {
    for (int i = 0; i < CLASSES; i++) {
      waits[i] = WaitHistogram.empty();
    }
  }

  void selected(ContentItem item, long waitedNanos) {
    int rank = item.priorityClass().rank();
    selected[rank]++;
    selectedBytes[rank] += item.sizeBytes();
    waits[rank][WaitHistogram.bucketOf(waitedNanos)]++;
  }

  ContentStats.ClassStats of(PriorityClass c, Backlog backlog) {
    int rank = c.rank();
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
        new WaitHistogram(waits[rank]));
  }
}
