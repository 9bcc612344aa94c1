package dev.stowage.content;

import dev.stowage.model.ChunkKey;
import dev.stowage.shape.Form;
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

/** The optional properties of an item. Immutable. */
public final class ItemDetails {
  /** No properties. */
  public static final ItemDetails NONE =
      new ItemDetails(null, null, null, null, Collections.emptySortedMap(), null);

  /** The shape of the properties. */
  public static final Shape<ItemDetails> SHAPE =
      Shape.of(
          "details",
          row -> {
            var deadline = row.number("deadline_nanos", ItemDetails::deadlineOrNever);
            deadline.orElse(Long.MAX_VALUE, "never");
            var destination = row.text("destination", it -> it.destination).orNone();
            destination.subject("worker");
            var piece = row.nested("piece", it -> it.piece, Piece.SHAPE).orNone();
            var copies = row.number("copies", ItemDetails::copies).narrow().orElse(-1, "unknown");
            var metadata = row.value("metadata", ItemDetails::metadata, Forms.map(Forms.TEXT));
            metadata.orElse(Collections.emptySortedMap());
            var chunk = row.value("chunk", it -> it.chunk, Form.of(ChunkKey.class)).orNone();
            return v -> {
              int known = copies.intOf(v);
              return new ItemDetails(
                  deadline.of(v) == Long.MAX_VALUE ? null : deadline.of(v),
                  destination.orNull(v),
                  piece.orNull(v),
                  known == -1 ? null : requireCopies(known),
                  metadata.of(v),
                  chunk.orNull(v));
            };
          });

  private final @Nullable Long deadlineNanos;
  private final @Nullable String destination;
  private final @Nullable Piece piece;
  private final @Nullable Integer copies;
  private final Map<String, String> metadata;
  private final @Nullable ChunkKey chunk;

  private ItemDetails(
      @Nullable Long deadlineNanos,
      @Nullable String destination,
      @Nullable Piece piece,
      @Nullable Integer copies,
      Map<String, String> metadata,
      @Nullable ChunkKey chunk) {
    this.deadlineNanos = deadlineNanos;
    this.destination = destination;
    this.piece = piece;
    this.copies = copies;
    this.metadata = metadata;
    this.chunk = chunk;
  }

  /** A part of an object: the unsigned id of the object and the index in it, at least 0. */
  public record Piece(long object, long index) {
    static final Shape<Piece> SHAPE =
        Shape.of(
            "piece",
            row -> {
              var object = row.number("object", Piece::object).unsigned();
              var index = row.number("index", Piece::index);
              return v -> new Piece(object.of(v), index.of(v));
            });

    /** Throws {@link IllegalArgumentException} for a negative index. */
    public Piece {
      if (index < 0) {
        throw new IllegalArgumentException("piece index is " + index + "; at least 0 is accepted");
      }
    }
  }

  /** Returns a copy with a deadline; {@code Long.MAX_VALUE} means never. */
  public ItemDetails withDeadline(long nanos) {
    if (nanos == deadlineOrNever()) {
      return this;
    }
    Long deadline = nanos == Long.MAX_VALUE ? null : nanos;
    return new ItemDetails(deadline, destination, piece, copies, metadata, chunk);
  }

  /** Returns a copy with a destination, which only pacing reads. */
  public ItemDetails withDestination(String name) {
    Objects.requireNonNull(name, "destination");
    return new ItemDetails(deadlineNanos, name, piece, copies, metadata, chunk);
  }

  /** Returns a copy with the object that the item is a piece of. */
  public ItemDetails withPiece(long object, long index) {
    Piece of = new Piece(object, index);
    return new ItemDetails(deadlineNanos, destination, of, copies, metadata, chunk);
  }

  /** Returns a copy with the number of copies that peers hold, at least 0. */
  public ItemDetails withCopies(int count) {
    int known = requireCopies(count);
    return new ItemDetails(deadlineNanos, destination, piece, known, metadata, chunk);
  }

  private static int requireCopies(int count) {
    if (count < 0) {
      throw new IllegalArgumentException("copies is " + count + "; at least 0 is accepted");
    }
    return count;
  }

  /** Returns a copy with free text that no rule reads; the entries are copied and sorted. */
  public ItemDetails withMetadata(Map<String, String> entries) {
    Map<String, String> sorted = Collections.unmodifiableMap(new TreeMap<>(entries));
    return new ItemDetails(deadlineNanos, destination, piece, copies, sorted, chunk);
  }

  /** Returns a copy with the chunk that the item carries, which only explanations read. */
  public ItemDetails withChunk(ChunkKey carried) {
    Objects.requireNonNull(carried, "chunk");
    return new ItemDetails(deadlineNanos, destination, piece, copies, metadata, carried);
  }

  /** Returns the time from which the item is useless. */
  public OptionalLong deadline() {
    return deadlineNanos == null ? OptionalLong.empty() : OptionalLong.of(deadlineNanos);
  }

  /** Returns the destination. */
  public Optional<String> destination() {
    return Optional.ofNullable(destination);
  }

  /** Returns the chunk that the item carries. */
  public Optional<ChunkKey> chunk() {
    return Optional.ofNullable(chunk);
  }

  /** Returns the piece of an object. */
  public Optional<Piece> piece() {
    return Optional.ofNullable(piece);
  }

  /** Returns the number of copies that peers hold; -1 if unknown. */
  public int copies() {
    return copies == null ? -1 : copies;
  }

  /** Returns the free text by key. */
  public Map<String, String> metadata() {
    return metadata;
  }

  /** Reports whether there is a deadline. */
  public boolean hasDeadline() {
    return deadlineNanos != null;
  }

  /** Returns the deadline, or {@code Long.MAX_VALUE}, without allocation. */
  public long deadlineOrNever() {
    return deadlineNanos == null ? Long.MAX_VALUE : deadlineNanos;
  }

  /** Returns the destination, or null. */
  @Nullable
  public String destinationOrNull() {
    return destination;
  }

  /** Returns the piece of an object, or null. */
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
        && metadata.equals(that.metadata)
        && Objects.equals(chunk, that.chunk);
  }

  @Override
  public int hashCode() {
    return Objects.hash(deadlineNanos, destination, piece, copies, metadata, chunk);
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "deadline %s, destination %s, piece %s, copies %s, metadata %s, chunk %s",
        deadlineNanos,
        destination,
        piece,
        copies,
        metadata,
        chunk);
  }
}
