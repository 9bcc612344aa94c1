package dev.stowage.evidence;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/**
 * Keeps evidence in memory, bounded. As a ring it forgets its oldest records to take new ones; as a
 * buffer it refuses when it is full, which makes it a safe place to spill to. Thread-safe.
 */
public final class MemorySink implements EvidenceSink {
  private final long maxRecords;
  private final boolean forgetful;
  private final ArrayDeque<EvidenceRecord> records = new ArrayDeque<>();
  private long nextIndex = -1;

  private MemorySink(long maxRecords, boolean forgetful) {
    if (maxRecords < 1) {
      throw new IllegalArgumentException("maxRecords is " + maxRecords + "; at least 1");
    }
    this.maxRecords = maxRecords;
    this.forgetful = forgetful;
  }

  /** A sink that keeps the newest {@code maxRecords} records. */
  public static MemorySink ring(long maxRecords) {
    return new MemorySink(maxRecords, true);
  }

  /** A sink that takes no batch that would make it hold more than {@code maxRecords} records. */
  public static MemorySink buffer(long maxRecords) {
    return new MemorySink(maxRecords, false);
  }

  @Override
  public synchronized void accept(RecordBatch batch) {
    int skip = (int) Math.max(0, Math.min(batch.count(), nextIndex - batch.firstIndex()));
    if (!forgetful && records.size() + (long) batch.count() - skip > maxRecords) {
      throw new IllegalStateException(
          "holds "
              + records.size()
              + " of "
              + maxRecords
              + " records; no room for "
              + (batch.count() - skip));
    }
    for (int i = skip; i < batch.count(); i++) {
      if (records.size() == maxRecords) {
        records.removeFirst();
      }
      records.addLast(batch.record(i));
    }
    nextIndex = Math.max(nextIndex, batch.endIndex());
  }

  /** What is held now, oldest first; indexes may jump where records went elsewhere. */
  public synchronized List<EvidenceRecord> records() {
    return List.copyOf(records);
  }

  /** Hands over what is held and forgets it, so that a buffer has room again. */
  public synchronized List<EvidenceRecord> drain() {
    List<EvidenceRecord> drained = new ArrayList<>(records);
    records.clear();
    return drained;
  }
}
