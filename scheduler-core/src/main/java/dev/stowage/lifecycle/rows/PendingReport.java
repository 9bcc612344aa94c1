package dev.stowage.lifecycle.rows;

import dev.stowage.evidence.numbers.NumbersForm;
import dev.stowage.model.ChunkNumber;
import dev.stowage.model.ChunkNumbers;
import dev.stowage.shape.NumberField;
import dev.stowage.shape.Shape;
import dev.stowage.shape.ValueField;
import java.util.List;
import java.util.Objects;

/**
 * An accepted report that a cycle is to consume, with the numbers missing, lost or found. A part
 * has the number of its sending, and {@link #of} and {@link #place} as upper and lower 32 bits of
 * its assignment.
 */
public record PendingReport(Kind kind, long number, long assignment, List<ChunkNumber> chunks) {
  /** The kinds of reports. */
  public enum Kind {
    /** The worker applied an assignment, except for missing chunks. */
    APPLIED,
    /** The bytes of chunks are gone. */
    LOST,
    /** The inventory of the disk. */
    INVENTORY,
    /** A part of the inventory of the disk. */
    PART
  }

  private static final Shape.Builder<PendingReport> FIELDS = Shape.named("pending_report");

  private static final ValueField<PendingReport, Kind> KIND =
      FIELDS.oneOf("kind", Kind.class, PendingReport::kind);
  private static final NumberField<PendingReport> NUMBER =
      FIELDS.number("number", PendingReport::number);
  private static final NumberField<PendingReport> ASSIGNMENT =
      FIELDS.number("assignment", PendingReport::assignment);

  /** Leaves out the numbers of a part, which may be many: a store keeps them beside the row. */
  private static final ValueField<PendingReport, List<ChunkNumber>> CHUNKS =
      FIELDS
          .value(
              "chunks",
              report -> report.isPart() ? List.<ChunkNumber>of() : report.chunks(),
              NumbersForm.ANY)
          .orElse(List.of());

  /** The fields of a report in the row of its worker; a part is without its numbers. */
  static final Shape<PendingReport> SHAPE =
      FIELDS.make(v -> new PendingReport(KIND.of(v), NUMBER.of(v), ASSIGNMENT.of(v), CHUNKS.of(v)));

  /** Copies the list; throws {@code NullPointerException} for nulls. */
  public PendingReport {
    Objects.requireNonNull(kind, "kind");
    chunks = ChunkNumbers.copyOf(chunks);
  }

  /** Returns a part of an inventory; {@code place} is 1 to {@code of}. */
  public static PendingReport part(long sending, int place, int of, List<ChunkNumber> chunks) {
    return new PendingReport(Kind.PART, sending, (long) of << 32 | place, chunks);
  }

  /** Reports whether it is a part of an inventory. */
  public boolean isPart() {
    return kind == Kind.PART;
  }

  /** Reports whether it is a part of this sending. */
  public boolean isPartOf(long sending) {
    return isPart() && number == sending;
  }

  /** Returns the place of a part, from 1 on. */
  public int place() {
    return (int) assignment;
  }

  /** Returns the number of parts of its sending. */
  public int of() {
    return (int) (assignment >>> 32);
  }
}
