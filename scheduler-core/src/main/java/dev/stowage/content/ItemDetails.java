package dev.stowage.content;

import dev.stowage.model.ChunkKey;
import dev.stowage.shape.Form;
import dev.stowage.shape.Forms;
import dev.stowage.shape.Shape;
import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The optional properties of an item.
 *
 * @param deadlineOrNever the time from which the item is useless; {@code Long.MAX_VALUE} for never
 * @param destinationOrNull the destination, which only pacing reads, or null
 * @param pieceOrNull the piece of an object, or null
 * @param metadata free text by key, sorted, that no rule reads
 * @param chunkOrNull the chunk that the item carries, which only explanations read, or null
 */
public record ItemDetails(
    long deadlineOrNever,
    @Nullable String destinationOrNull,
    @Nullable Piece pieceOrNull,
    Map<String, String> metadata,
    @Nullable ChunkKey chunkOrNull) {
  /** No properties. */
  public static final ItemDetails NONE =
      new ItemDetails(Long.MAX_VALUE, null, null, Collections.emptySortedMap(), null);

  /** The shape of the properties. */
  static final Shape<ItemDetails> SHAPE =
      Shape.of(
          "details",
          row -> {
            var deadline = row.number("deadline_nanos", ItemDetails::deadlineOrNever);
            deadline.orElse(Long.MAX_VALUE, "never");
            var destination = row.text("destination", ItemDetails::destinationOrNull).orNone();
            destination.subject("worker");
            var piece = row.nested("piece", ItemDetails::pieceOrNull, Piece.SHAPE).orNone();
            var metadata = row.value("metadata", ItemDetails::metadata, Forms.map(Forms.TEXT));
            metadata.orElse(Collections.emptySortedMap());
            var chunk =
                row.value("chunk", ItemDetails::chunkOrNull, Form.of(ChunkKey.class)).orNone();
            return v ->
                new ItemDetails(
                    deadline.of(v),
                    destination.orNull(v),
                    piece.orNull(v),
                    metadata.of(v),
                    chunk.orNull(v));
          });

  /** Copies and sorts the metadata. */
  public ItemDetails {
    metadata =
        metadata.isEmpty()
            ? Collections.emptySortedMap()
            : Collections.unmodifiableMap(new TreeMap<>(metadata));
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
    return nanos == deadlineOrNever
        ? this
        : new ItemDetails(nanos, destinationOrNull, pieceOrNull, metadata, chunkOrNull);
  }

  /** Returns a copy with a destination. */
  public ItemDetails withDestination(String name) {
    Objects.requireNonNull(name, "destination");
    return new ItemDetails(deadlineOrNever, name, pieceOrNull, metadata, chunkOrNull);
  }

  /** Returns a copy with the object that the item is a piece of. */
  public ItemDetails withPiece(long object, long index) {
    Piece of = new Piece(object, index);
    return new ItemDetails(deadlineOrNever, destinationOrNull, of, metadata, chunkOrNull);
  }

  /** Returns a copy with free text that no rule reads. */
  public ItemDetails withMetadata(Map<String, String> entries) {
    return new ItemDetails(deadlineOrNever, destinationOrNull, pieceOrNull, entries, chunkOrNull);
  }

  /** Returns a copy with the chunk that the item carries. */
  public ItemDetails withChunk(ChunkKey carried) {
    Objects.requireNonNull(carried, "chunk");
    return new ItemDetails(deadlineOrNever, destinationOrNull, pieceOrNull, metadata, carried);
  }

  /** Returns the time from which the item is useless. */
  public OptionalLong deadline() {
    return hasDeadline() ? OptionalLong.of(deadlineOrNever) : OptionalLong.empty();
  }

  /** Returns the destination. */
  public Optional<String> destination() {
    return Optional.ofNullable(destinationOrNull);
  }

  /** Returns the chunk that the item carries. */
  public Optional<ChunkKey> chunk() {
    return Optional.ofNullable(chunkOrNull);
  }

  /** Returns the piece of an object. */
  public Optional<Piece> piece() {
    return Optional.ofNullable(pieceOrNull);
  }

  /** Reports whether there is a deadline. */
  public boolean hasDeadline() {
    return deadlineOrNever != Long.MAX_VALUE;
  }
}
