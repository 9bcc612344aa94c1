package dev.stowage.evidence;

import dev.stowage.model.StowageOption;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Takes evidence: hashed batches in chain order, from one thread at a time. A sink must skip the
 * records that it has when a {@link SinkPolicy} offers them again, and keep gaps visible.
 */
@FunctionalInterface
public interface EvidenceSink extends AutoCloseable, StowageOption {
  /** The inert sink, which keeps nothing. */
  EvidenceSink NONE = batch -> {};

  /** Begins at a point; throws {@link EvidenceException} if the sink does not continue there. */
  default void begin(EvidenceHeader header, ChainPoint start) {}

  /** Takes a batch, wholly or by throwing. */
  void accept(RecordBatch batch);

  /** Makes the taken records as durable as possible, or throws. */
  default void flush() {}

  /** Reports whether the sink keeps everything until told otherwise. */
  default boolean holdsEverything() {
    return false;
  }

  @Override
  default void close() {}

  /** The reaction of a log to a failing sink. No policy loses a record silently. */
  public sealed interface SinkPolicy {
    /** The default number of records that may wait for a failing sink. */
    int DEFAULT_BACKLOG_RECORDS = 8_192;

    /**
     * Keeps a backlog of records, at least 0, though always one batch, and offers it again; when it
     * is full, {@link EvidenceLog#append} throws {@link EvidenceException.SinkFailed}.
     */
    record Block(int backlogRecords) implements SinkPolicy {
      /** Throws {@code IllegalArgumentException} if the backlog is negative. */
      public Block {
        if (backlogRecords < 0) {
          throw new IllegalArgumentException(
              "backlogRecords is " + backlogRecords + "; at least 0 is accepted");
        }
      }
    }

    /** Sends refused batches elsewhere and counts them; if both fail, acts as {@link Block}. */
    record Spill(EvidenceSink other) implements SinkPolicy {
      /** Throws {@code NullPointerException} if the sink is null. */
      public Spill {
        Objects.requireNonNull(other, "other");
      }
    }

    /** Drops and counts refused batches; memory stays whole, and the sink later shows the gap. */
    record CountDrops() implements SinkPolicy {}

    /** Returns {@link Block} with the default backlog, the default of a log. */
    static SinkPolicy block() {
      return new Block(DEFAULT_BACKLOG_RECORDS);
    }

    /** Returns {@link Spill} to {@code other}. */
    static SinkPolicy spillTo(EvidenceSink other) {
      return new Spill(other);
    }

    /** Returns {@link CountDrops}. */
    static SinkPolicy countDrops() {
      return new CountDrops();
    }
  }

  /**
   * Keeps records in memory: a ring forgets its oldest, a buffer refuses when full. Thread-safe.
   */
  public static final class MemorySink implements EvidenceSink {
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

    /**
     * Creates a sink that throws {@link IllegalStateException} beyond {@code maxRecords} records.
     */
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
}
