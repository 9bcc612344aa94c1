package dev.stowage.content;

import dev.stowage.model.ChunkKey;
import dev.stowage.shape.Declare;
import dev.stowage.shape.Form;
import dev.stowage.shape.Forms;
import dev.stowage.shape.Shape;
import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * An item to send, with an unsigned id that is unique in the queue, and a size of 0 to {@value
 * #MAX_SIZE_BYTES} bytes. Cost (finite, at least 0) and utility (finite) are in the host's units.
 */
public record ContentItem(
    long id,
    PriorityClass priorityClass,
    long sizeBytes,
    double cost,
    double utility,
    @Declare(or = "NONE") Flow flow,
    @Declare(or = "NONE") ItemDetails details) {
  /** The greatest size, 64 PiB, so that sums of queued sizes do not overflow. */
  public static final long MAX_SIZE_BYTES = 1L << 56;

  /** The shape of an item. */
  static final Shape<ContentItem> SHAPE =
      Shape.derived(
          "content_item",
          ContentItem.class,
          row -> row.number("id").printedBy(ContentItem::printed).subject("item"));

  /** Throws {@link IllegalArgumentException} for a value out of range; -0.0 becomes 0.0. */
  public ContentItem {
    Objects.requireNonNull(priorityClass, "priorityClass");
    Objects.requireNonNull(flow, "flow");
    Objects.requireNonNull(details, "details");
    if (sizeBytes < 0 || sizeBytes > MAX_SIZE_BYTES) {
      throw new IllegalArgumentException(
          "sizeBytes is " + sizeBytes + "; 0 to " + MAX_SIZE_BYTES + " is accepted");
    }
    if (!(cost >= 0) || Double.isInfinite(cost)) {
      throw new IllegalArgumentException("cost is " + cost + "; finite, at least 0 is accepted");
    }
    if (!Double.isFinite(utility)) {
      throw new IllegalArgumentException("utility is " + utility + "; a finite number is accepted");
    }
    cost += 0.0;
    utility += 0.0;
  }

  /** Creates an item without a stream and without details. */
  public static ContentItem of(
      long id, PriorityClass priorityClass, long sizeBytes, double cost, double utility) {
    return new ContentItem(
        id, priorityClass, sizeBytes, cost, utility, Flow.NONE, ItemDetails.NONE);
  }

  /** Returns this item in another flow. */
  public ContentItem in(Flow other) {
    return new ContentItem(id, priorityClass, sizeBytes, cost, utility, other, details);
  }

  /** Returns this item in a stream. */
  public ContentItem inStream(long stream) {
    return in(Flow.ofStream(stream));
  }

  /** Returns this item with other details. */
  public ContentItem with(ItemDetails other) {
    return new ContentItem(id, priorityClass, sizeBytes, cost, utility, flow, other);
  }

  /** Returns this item, changed; a deadline of {@code Long.MAX_VALUE} means none. */
  public ContentItem reclassified(PriorityClass c, double utilityNow, long deadlineNanos) {
    ItemDetails changed = details.withDeadline(deadlineNanos);
    return c == priorityClass && utilityNow == utility && changed == details
        ? this
        : new ContentItem(id, c, sizeBytes, cost, utilityNow, flow, changed);
  }

  /** Returns utility per cost; positive infinity for cost 0. Never NaN, never -0.0. */
  public double efficiency() {
    return cost > 0 ? utility / cost + 0.0 : Double.POSITIVE_INFINITY;
  }

  /** The form of an id that stands alone: {@code C} and the unsigned value. */
  static final Form<Long> ID = Forms.number(id -> id, id -> id, ContentItem::printed);

  /** Returns {@code C} and the unsigned value of an id. */
  static String printed(long id) {
    return "C" + Long.toUnsignedString(id);
  }

  /**
   * The optional properties of an item.
   *
   * @param deadlineOrNever the time from which the item is useless; {@code Long.MAX_VALUE} for
   *     never
   * @param destinationOrNull the destination, which only pacing reads, or null
   * @param pieceOrNull the piece of an object, or null
   * @param metadata free text by key, sorted, that no rule reads
   * @param chunkOrNull the chunk that the item carries, which only explanations read, or null
   */
  public record ItemDetails(
      @Declare(name = "deadline_nanos", word = "never", orElse = Long.MAX_VALUE)
          long deadlineOrNever,
      @Declare(name = "destination", orNone = true) @Nullable String destinationOrNull,
      @Declare(name = "piece", orNone = true) @Nullable Piece pieceOrNull,
      Map<String, String> metadata,
      @Declare(name = "chunk", orNone = true) @Nullable ChunkKey chunkOrNull) {
    /** No properties. */
    public static final ItemDetails NONE =
        new ItemDetails(Long.MAX_VALUE, null, null, Collections.emptySortedMap(), null);

    /** The shape of the properties. */
    static final Shape<ItemDetails> SHAPE =
        Shape.derived(
            "details",
            ItemDetails.class,
            row -> {
              row.<String>value("destination").subject("worker");
              row.<Map<String, String>>value("metadata").orElse(Collections.emptySortedMap());
            });

    /** Copies and sorts the metadata. */
    public ItemDetails {
      metadata =
          metadata.isEmpty()
              ? Collections.emptySortedMap()
              : Collections.unmodifiableMap(new TreeMap<>(metadata));
    }

    /** A part of an object: the unsigned id of the object and the index in it, at least 0. */
    public record Piece(@Declare(unsigned = true) long object, long index) {
      static final Shape<Piece> SHAPE = Shape.derived("piece", Piece.class);

      /** Throws {@link IllegalArgumentException} for a negative index. */
      public Piece {
        if (index < 0) {
          throw new IllegalArgumentException(
              "piece index is " + index + "; at least 0 is accepted");
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

    /** Returns a copy with the chunk that the item carries. */
    public ItemDetails withChunk(ChunkKey carried) {
      Objects.requireNonNull(carried, "chunk");
      return new ItemDetails(deadlineOrNever, destinationOrNull, pieceOrNull, metadata, carried);
    }

    /** Reports whether there is a deadline. */
    public boolean hasDeadline() {
      return deadlineOrNever != Long.MAX_VALUE;
    }
  }

  /**
   * A stream, or all items without one; flows share bandwidth. The stream's id is unsigned, and 0
   * if unnamed; the weight, relative to other flows, is 1 to {@value #MAX_WEIGHT}. The item that
   * made the flow backlogged in its class decides the weight. Hosts share one instance among the
   * items of a flow.
   */
  public record Flow(
      boolean named,
      @Declare(unsigned = true, orElse = 0) long stream,
      @Declare(orElse = 1) int weight) {
    /** The greatest weight. */
    public static final int MAX_WEIGHT = 1_000_000;

    /** The flow of items without a stream. */
    public static final Flow NONE = new Flow(false, 0, 1);

    /** The shape of a flow. */
    static final Shape<Flow> SHAPE = Shape.derived("flow", Flow.class);

    /** Throws {@link IllegalArgumentException} for a weight out of range or an unnamed stream. */
    public Flow {
      if (weight < 1 || weight > MAX_WEIGHT) {
        throw new IllegalArgumentException(
            "weight is " + weight + "; 1 to " + MAX_WEIGHT + " is accepted");
      }
      if (!named && stream != 0) {
        throw new IllegalArgumentException(
            "stream is " + stream + "; 0 is accepted if named is false");
      }
    }

    /** Creates a stream of weight 1. */
    public static Flow ofStream(long stream) {
      return new Flow(true, stream, 1);
    }

    /** Reports whether both are one stream, whatever their weights. */
    public boolean isSameAs(Flow other) {
      return named == other.named && stream == other.stream;
    }
  }
}
