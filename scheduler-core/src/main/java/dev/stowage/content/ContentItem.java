package dev.stowage.content;

import dev.stowage.shape.Form;
import dev.stowage.shape.Forms;
import dev.stowage.shape.Shape;
import java.util.Map;
import java.util.Objects;

/**
 * Something to send.
 *
 * @param id unsigned; unique among what is queued
 * @param priorityClass how urgent its kind is
 * @param sizeBytes 0 to {@value #MAX_SIZE_BYTES}
 * @param cost what sending it takes, in a unit of the host's choice, finite and at least 0
 * @param utility what sending it brings, in a unit of the host's choice, finite
 * @param flow what shares bandwidth with others
 * @param details what it says beyond the necessary
 */
public record ContentItem(
    long id,
    PriorityClass priorityClass,
    long sizeBytes,
    double cost,
    double utility,
    Flow flow,
    ItemDetails details) {
  /** The greatest size: 64 PiB. Sums of sizes that can be queued stay far from overflow. */
  public static final long MAX_SIZE_BYTES = 1L << 56;

  /** The fields. */
  public static final Shape<ContentItem> SHAPE =
      Shape.of(
          "content_item",
          row -> {
            var id = row.number("id", ContentItem::id).printedBy(ContentId::print).subject("item");
            var of = row.oneOf("priority_class", PriorityClass.class, ContentItem::priorityClass);
            var size = row.number("size_bytes", ContentItem::sizeBytes);
            var cost = row.real("cost", ContentItem::cost);
            var utility = row.real("utility", ContentItem::utility);
            var flow = row.nested("flow", ContentItem::flow, Flow.SHAPE).orElse(Flow.NONE);
            var details = row.nested("details", ContentItem::details, ItemDetails.SHAPE);
            details.orElse(ItemDetails.NONE);
            return v ->
                new ContentItem(
                    id.of(v),
                    of.of(v),
                    size.of(v),
                    cost.realOf(v),
                    utility.realOf(v),
                    flow.of(v),
                    details.of(v));
          });

  /**
   * Refuses, with {@link IllegalArgumentException}, sizes out of range, numbers that are not
   * finite, and a negative cost. Negative zeros become zeros.
   */
  public ContentItem {
    Objects.requireNonNull(priorityClass, "priorityClass");
    Objects.requireNonNull(flow, "flow");
    Objects.requireNonNull(details, "details");
    if (sizeBytes < 0 || sizeBytes > MAX_SIZE_BYTES) {
      throw new IllegalArgumentException(
          "sizeBytes is " + sizeBytes + "; 0 to " + MAX_SIZE_BYTES + " is accepted");
    }
    if (!(cost >= 0) || Double.isInfinite(cost)) {
      throw new IllegalArgumentException("cost is " + cost + "; finite and at least 0");
    }
    if (!Double.isFinite(utility)) {
      throw new IllegalArgumentException("utility is " + utility + "; must be finite");
    }
    cost += 0.0;
    utility += 0.0;
  }

  /** An item without a stream and without details. */
  public static ContentItem of(
      long id, PriorityClass priorityClass, long sizeBytes, double cost, double utility) {
    return new ContentItem(
        id, priorityClass, sizeBytes, cost, utility, Flow.NONE, ItemDetails.NONE);
  }

  /** This item in a flow. */
  public ContentItem in(Flow other) {
    return new ContentItem(id, priorityClass, sizeBytes, cost, utility, other, details);
  }

  /** This item in a stream. */
  public ContentItem inStream(long stream) {
    return in(Flow.ofStream(stream));
  }

  /** This item with details. */
  public ContentItem with(ItemDetails other) {
    return new ContentItem(id, priorityClass, sizeBytes, cost, utility, flow, other);
  }

  /**
   * Returns this item with another class, utility and deadline; itself if it has them.
   *
   * @param utilityNow any number but NaN
   * @param deadlineNanos the end of time means never
   */
  public ContentItem reclassified(PriorityClass c, double utilityNow, long deadlineNanos) {
    ItemDetails changed = details.withDeadline(deadlineNanos);
    return c == priorityClass && utilityNow == utility && changed == details
        ? this
        : new ContentItem(id, c, sizeBytes, cost, utilityNow, flow, changed);
  }

  /** This item, of no use from a time on. */
  public ContentItem withDeadline(long nanos) {
    return with(details.withDeadline(nanos));
  }

  /** This item for a destination. */
  public ContentItem to(String destination) {
    return with(details.withDestination(destination));
  }

  /** This item as a part of an object. */
  public ContentItem asPiece(long object, long index) {
    return with(details.withPiece(object, index));
  }

  /** This item with free-form text that no rule reads. */
  public ContentItem withMetadata(Map<String, String> entries) {
    return with(details.withMetadata(entries));
  }

  /**
   * This item with the class and the sharing that a field of RFC 9218 means.
   *
   * @param field as received
   */
  public ContentItem withPriority(HttpPriority field) {
    return new ContentItem(
        id, field.priorityClass(), sizeBytes, cost, utility, flow.withPriority(field), details);
  }

  /** The id as people read it. */
  public ContentId contentId() {
    return new ContentId(id);
  }

  /** Utility per cost; positive infinity where it costs nothing. Never NaN, never negative zero. */
  public double efficiency() {
    return cost > 0 ? utility / cost + 0.0 : Double.POSITIVE_INFINITY;
  }

  /**
   * The id of an item, for people and for sorting; operations take the bare number.
   *
   * @param value unsigned; every bit pattern is an id
   */
  public record ContentId(long value) implements Comparable<ContentId> {
    /** A number, printed as people read it. */
    public static final Form<ContentId> FORM =
        Forms.number(ContentId::new, ContentId::value, ContentId::print);

    @Override
    public int compareTo(ContentId other) {
      return Long.compareUnsigned(value, other.value);
    }

    /** {@code C} and the unsigned value. */
    @Override
    public String toString() {
      return print(value);
    }

    /** Returns an id as people read it. */
    public static String print(long value) {
      return "C" + Long.toUnsignedString(value);
    }
  }
}
