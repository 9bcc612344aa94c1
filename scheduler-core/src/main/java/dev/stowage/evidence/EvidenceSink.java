package dev.stowage.evidence;

import dev.stowage.evidence.EvidenceLog.EvidenceStats;
import java.util.Objects;

/**
 * Where evidence goes beside the memory of its log. Batches arrive in chain order, hashed, from one
 * thread at a time (the log's owner or the executor that was given to it).
 *
 * <p>A sink that cannot take a batch throws; what happens then is the log's {@link SinkPolicy}. A
 * batch that failed is offered again, perhaps with more records before or behind: a sink must skip
 * records that it already took. A batch that begins later than expected means that the records
 * between went elsewhere; a sink must keep the gap visible.
 */
@FunctionalInterface
public interface EvidenceSink extends AutoCloseable {
  /** The inert sink: takes everything and keeps nothing. */
  EvidenceSink NONE = batch -> {};

  /**
   * Called once, before the first batch.
   *
   * @param header what the chain begins with
   * @param start the point of the chain at which this log starts to append
   * @throws EvidenceException if the sink holds evidence that this would not continue
   */
  default void begin(EvidenceHeader header, ChainPoint start) {}

  /**
   * Takes a batch, wholly or by throwing.
   *
   * @throws RuntimeException if it cannot take all of it now
   */
  void accept(RecordBatch batch);

  /**
   * Makes what was taken as durable as the sink can.
   *
   * @throws RuntimeException if it cannot
   */
  default void flush() {}

  /** Whether the sink keeps all it takes until told otherwise, whatever the amount. */
  default boolean holdsEverything() {
    return false;
  }

  /** Gives back what the sink holds open; more than one call does nothing more. */
  @Override
  default void close() {}

  /** What a log does when its sink fails. None of them loses a record silently. */
  public sealed interface SinkPolicy {
    /** Records that may wait for a failing sink unless something else is asked for. */
    int DEFAULT_BACKLOG_RECORDS = 8_192;

    /**
     * Records wait in memory and are offered again; once too many wait, {@link EvidenceLog#append}
     * refuses the next with {@link EvidenceException.SinkFailed}: nothing is decided that cannot be
     * recorded.
     *
     * @param backlogRecords records that may wait, at least 0; a batch is always let in
     */
    record Block(int backlogRecords) implements SinkPolicy {
      /** Refuses a negative backlog with {@link IllegalArgumentException}. */
      public Block {
        if (backlogRecords < 0) {
          throw new IllegalArgumentException(
              "backlogRecords is " + backlogRecords + "; at least 0");
        }
      }
    }

    /**
     * What the sink refuses goes to another, batch by batch, and is counted; together the two hold
     * everything. If the other fails as well, this is {@link Block} with the default backlog.
     *
     * @param other takes what the first sink refuses
     */
    record Spill(EvidenceSink other) implements SinkPolicy {
      /** Refuses null. */
      public Spill {
        Objects.requireNonNull(other, "other");
      }
    }

    /**
     * What the sink refuses is counted in {@link EvidenceStats#droppedRecords()} and not offered
     * again. The chain in memory stays whole, and the sink shows the gap when it works again.
     */
    record CountDrops() implements SinkPolicy {}

    /** {@link Block} with the default backlog; what a log does unless told otherwise. */
    static SinkPolicy block() {
      return new Block(DEFAULT_BACKLOG_RECORDS);
    }

    /** {@link Spill} to {@code other}. */
    static SinkPolicy spillTo(EvidenceSink other) {
      return new Spill(other);
    }

    /** {@link CountDrops}. */
    static SinkPolicy countDrops() {
      return new CountDrops();
    }
  }
}
