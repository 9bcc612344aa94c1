package dev.stowage.evidence;

import java.util.Objects;

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
        throw new IllegalArgumentException("backlogRecords is " + backlogRecords + "; at least 0");
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
