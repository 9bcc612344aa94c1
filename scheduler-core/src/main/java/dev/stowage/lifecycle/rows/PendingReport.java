package dev.stowage.lifecycle.rows;

import dev.stowage.model.ChunkNumber;
import dev.stowage.model.ChunkNumbers;
import java.util.List;
import java.util.Objects;

/**
 * An accepted report that the next cycle consumes (an inventory: the next scheduling cycle).
 *
 * @param kind what was reported
 * @param number the number of the report
 * @param assignment the applied assignment; 0 unless {@code APPLIED}
 * @param chunks what is missing, lost, or found on the disk
 */
public record PendingReport(Kind kind, long number, long assignment, List<ChunkNumber> chunks) {
  /** What was reported. */
  public enum Kind {
    /** An assignment was applied, but for what is missing. */
    APPLIED,
    /** Bytes are gone. */
    LOST,
    /** All that the disk holds. */
    INVENTORY
  }

  /** Copies the list. */
  public PendingReport {
    Objects.requireNonNull(kind, "kind");
    chunks = ChunkNumbers.copyOf(chunks);
  }
}
