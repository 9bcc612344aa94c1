package dev.stowage.lifecycle.rows;

import dev.stowage.model.ChunkNumber;
import dev.stowage.model.ChunkNumbers;
import dev.stowage.shape.NumberField;
import dev.stowage.shape.Shape;
import dev.stowage.shape.ValueField;
import java.util.List;
import java.util.Objects;

/**
 * An accepted report that the next cycle consumes (an inventory: the next scheduling cycle, once
 * all its parts are there).
 *
 * @param kind what was reported
 * @param number the number of the report; of a part that of its sending
 * @param assignment the applied assignment; of a part its {@link #place} and, above the lower 32
 *     bits, {@link #of how many there are}; else 0
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
    INVENTORY,
    /** A part of all that the disk holds. */
    PART
  }

  private static final Shape.Builder<PendingReport> FIELDS = Shape.named("pending_report");

  private static final ValueField<PendingReport, Kind> KIND =
      FIELDS.oneOf("kind", Kind.class, PendingReport::kind);
  private static final NumberField<PendingReport> NUMBER =
      FIELDS.number("number", PendingReport::number);
  private static final NumberField<PendingReport> ASSIGNMENT =
      FIELDS.number("assignment", PendingReport::assignment);

  /** A store keeps the numbers of a part beside the row, because there may be very many. */
  private static final ValueField<PendingReport, List<ChunkNumber>> CHUNKS =
      FIELDS
          .value(
              "chunks",
              report -> report.isPart() ? List.<ChunkNumber>of() : report.chunks(),
              NumbersForm.ANY)
          .orElse(List.of());

  /** The fields of a report in the row of its worker; a part is without its numbers. */
  public static final Shape<PendingReport> SHAPE =
      FIELDS.make(v -> new PendingReport(KIND.of(v), NUMBER.of(v), ASSIGNMENT.of(v), CHUNKS.of(v)));

  /** Copies the list. */
  public PendingReport {
    Objects.requireNonNull(kind, "kind");
    chunks = ChunkNumbers.copyOf(chunks);
  }

  /** A part of an inventory; {@code place} is 1 to {@code of}. */
  public static PendingReport part(long sending, int place, int of, List<ChunkNumber> chunks) {
    return new PendingReport(Kind.PART, sending, (long) of << 32 | place, chunks);
  }

  /** Whether it is a part of an inventory. */
  public boolean isPart() {
    return kind == Kind.PART;
  }

  /** Whether it is a part of this sending. */
  public boolean isPartOf(long sending) {
    return isPart() && number == sending;
  }

  /** Which part it is, from 1 on. */
  public int place() {
    return (int) assignment;
  }

  /** How many parts its sending has. */
  public int of() {
    return (int) (assignment >>> 32);
  }
}
