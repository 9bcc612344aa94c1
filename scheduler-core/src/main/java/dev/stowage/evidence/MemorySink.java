package dev.stowage.evidence;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/** Keeps records in memory: a ring forgets its oldest, a buffer refuses when full. Thread-safe. */
public final class MemorySink implements EvidenceSink {
  private final long maxRecords;
  private final boolean forgetful;
  private final ArrayDeque<EvidenceRecord> records = new ArrayDeque<>();
  private long nextIndex = -1;

  private MemorySink(long maxRecords, boolean forgetful) {
    if (maxRecords < 1) {
      throw new IllegalArgumentException(
          "maxRecords is " + maxRecords + "; at least 1 is accepted");
    }
    this.maxRecords = maxRecords;
    this.forgetful = forgetful;
  }

  /** Creates a sink of the newest {@code maxRecords} records. */
  public static MemorySink ring(long maxRecords) {
    return new MemorySink(maxRecords, true);
  }

  /** Creates a sink that throws {@link IllegalStateException} beyond {@code maxRecords} records. */
  public static MemorySink buffer(long maxRecords) {
    return new MemorySink(maxRecords, false);
  }

  @Override
  public synchronized void accept(RecordBatch batch) {
    int skip = (int) Math.max(0, Math.min(batch.count(), nextIndex - batch.firstIndex()));
    if (!forgetful && records.size() + (long) batch.count() - skip > maxRecords) {
      throw new IllegalStateException(
          "the sink holds "
              + records.size()
              + " of at most "
              + maxRecords
              + " records; "
              + (batch.count() - skip)
              + " more do not fit");
    }
    for (int i = skip; i < batch.count(); i++) {
      if (records.size() == maxRecords) {
        records.removeFirst();
      }
      records.addLast(batch.record(i));
    }
    nextIndex = Math.max(nextIndex, batch.endIndex());
  }

  /** Returns the records, oldest first; indexes jump where records went elsewhere. */
  public synchronized List<EvidenceRecord> records() {
    return List.copyOf(records);
  }

  /** Returns the records and forgets them. */
  public synchronized List<EvidenceRecord> drain() {
    List<EvidenceRecord> drained = new ArrayList<>(records);
    records.clear();
    return drained;
  }
}
