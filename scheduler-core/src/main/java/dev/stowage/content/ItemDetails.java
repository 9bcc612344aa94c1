package dev.stowage.content;

import dev.stowage.shape.Forms;
import dev.stowage.shape.Shape;
import java.util.Collections;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What an item may say beyond the necessary. Immutable; an item that says nothing of it shares
 * {@link #NONE}.
 */
public final class ItemDetails {
  /** Nothing beyond the necessary. */
  public static final ItemDetails NONE =
      new ItemDetails(null, null, null, null, Collections.emptySortedMap());

  /** Names the message. */
  public static final Shape<ItemDetails> SHAPE =
      Shape.of(
          "details",
          row -> {
            var deadline = row.number("deadline_nanos", ItemDetails::deadlineOrNever);
            deadline.orElse(Long.MAX_VALUE, "never");
            var destination = row.text("destination", it -> it.destination).orNone();
            var piece = row.nested("piece", it -> it.piece, Piece.SHAPE).orNone();
            var copies = row.number("copies", ItemDetails::copies).narrow().orElse(-1, "unknown");
            var metadata = row.value("metadata", ItemDetails::metadata, Forms.map(Forms.TEXT));
            metadata.orElse(Collections.emptySortedMap());
            return v -> {
              int known = copies.intOf(v);
              return new ItemDetails(
                  deadline.of(v) == Long.MAX_VALUE ? null : deadline.of(v),
                  destination.orNull(v),
                  piece.orNull(v),
                  known == -1 ? null : requireCopies(known),
                  metadata.of(v));
            };
          });

  private final @Nullable Long deadlineNanos;
  private final @Nullable String destination;
  private final @Nullable Piece piece;
  private final @Nullable Integer copies;
  private final Map<String, String> metadata;

  private ItemDetails(
      @Nullable Long deadlineNanos,
      @Nullable String destination,
      @Nullable Piece piece,
      @Nullable Integer copies,
      Map<String, String> metadata) {
    this.deadlineNanos = deadlineNanos;
    this.destination = destination;
    this.piece = piece;
    this.copies = copies;
    this.metadata = metadata;
  }

  /**
   * A part of an object.
   *
   * @param object the object's id, unsigned
   * @param index the part's place in the object, at least 0
   */
  public record Piece(long object, long index) {
    static final Shape<Piece> SHAPE =
        Shape.of(
            "piece",
            row -> {
              var object = row.number("object", Piece::object).unsigned();
              var index = row.number("index", Piece::index);
              return v -> new Piece(object.of(v), index.of(v));
            });

    /** Refuses a negative index with {@link IllegalArgumentException}. */
    public Piece {
      if (index < 0) {
        throw new IllegalArgumentException("piece index is " + index + "; at least 0");
      }
    }
  }

  /** These details with a time from which the item is of no use; the end of time means never. */
  public ItemDetails withDeadline(long nanos) {
    if (nanos == deadlineOrNever()) {
      return this;
    }
    Long deadline = nanos == Long.MAX_VALUE ? null : nanos;
    return new ItemDetails(deadline, destination, piece, copies, metadata);
  }

  /** These details with the place the item goes to; only pacing reads it. */
  public ItemDetails withDestination(String name) {
    Objects.requireNonNull(name, "destination");
    return new ItemDetails(deadlineNanos, name, piece, copies, metadata);
  }

  /** These details with the object that the item is a part of. */
  public ItemDetails withPiece(long object, long index) {
    return new ItemDetails(deadlineNanos, destination, new Piece(object, index), copies, metadata);
  }

  /**
   * These details with the number of copies that peers hold; only rarest-first policies read it.
   *
   * @param count at least 0
   */
  public ItemDetails withCopies(int count) {
    return new ItemDetails(deadlineNanos, destination, piece, requireCopies(count), metadata);
  }

  private static int requireCopies(int count) {
    if (count < 0) {
      throw new IllegalArgumentException("copies is " + count + "; at least 0");
    }
    return count;
  }

  /** These details with free-form text that no rule reads; copied and sorted. */
  public ItemDetails withMetadata(Map<String, String> entries) {
    Map<String, String> sorted = Collections.unmodifiableMap(new TreeMap<>(entries));
    return new ItemDetails(deadlineNanos, destination, piece, copies, sorted);
  }

  /** The time from which the item is of no use. */
  public OptionalLong deadline() {
    return deadlineNanos == null ? OptionalLong.empty() : OptionalLong.of(deadlineNanos);
  }

  /** Where the item goes. */
  public Optional<String> destination() {
    return Optional.ofNullable(destination);
  }

  /** The object that the item is a part of. */
  public Optional<Piece> piece() {
    return Optional.ofNullable(piece);
  }

  /** The number of copies that peers hold; -1 if nobody said. */
  public int copies() {
    return copies == null ? -1 : copies;
  }

  /** Free-form text that no rule reads, by key. */
  public Map<String, String> metadata() {
    return metadata;
  }

  /** Whether there is a deadline. */
  public boolean hasDeadline() {
    return deadlineNanos != null;
  }

  /** The deadline, or the end of time; no allocation. */
  public long deadlineOrNever() {
    return deadlineNanos == null ? Long.MAX_VALUE : deadlineNanos;
  }

  /** Where it goes, or null where that is not said. */
  @Nullable
  public String destinationOrNull() {
    return destination;
  }

  /** The piece of a block that it is, or null. */
  @Nullable
  public Piece pieceOrNull() {
    return piece;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ItemDetails that
        && Objects.equals(deadlineNanos, that.deadlineNanos)
        && Objects.equals(destination, that.destination)
        && Objects.equals(piece, that.piece)
        && Objects.equals(copies, that.copies)
        && metadata.equals(that.metadata);
  }

  @Override
  public int hashCode() {
    return Objects.hash(deadlineNanos, destination, piece, copies, metadata);
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "deadline %s, destination %s, piece %s, copies %s, metadata %s",
        deadlineNanos,
        destination,
        piece,
        copies,
        metadata);
  }
}
