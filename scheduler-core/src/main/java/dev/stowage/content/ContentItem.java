package dev.stowage.content;

import dev.stowage.shape.Form;
import dev.stowage.shape.Forms;
import dev.stowage.shape.Shape;
import java.util.Map;
import java.util.Objects;

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
    Flow flow,
    ItemDetails details) {
  /** The greatest size, 64 PiB, so that sums of queued sizes do not overflow. */
  public static final long MAX_SIZE_BYTES = 1L << 56;

  /** The shape of an item. */
  static final Shape<ContentItem> SHAPE =
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

  /** Returns this item with a deadline, from which on it is useless. */
  public ContentItem withDeadline(long nanos) {
    return with(details.withDeadline(nanos));
  }

  /** Returns this item for a destination. */
  public ContentItem to(String destination) {
    return with(details.withDestination(destination));
  }

  /** Returns this item as a piece of an object. */
  public ContentItem asPiece(long object, long index) {
    return with(details.withPiece(object, index));
  }

  /** Returns this item with free text that no rule reads. */
  public ContentItem withMetadata(Map<String, String> entries) {
    return with(details.withMetadata(entries));
  }

  /** Returns the printable id. */
  public ContentId contentId() {
    return new ContentId(id);
  }

  /** Returns utility per cost; positive infinity for cost 0. Never NaN, never -0.0. */
  public double efficiency() {
    return cost > 0 ? utility / cost + 0.0 : Double.POSITIVE_INFINITY;
  }

  /** The printable, sortable id of an item; operations take the bare unsigned number. */
  public record ContentId(long value) implements Comparable<ContentId> {
    /** A form that prints the id. */
    static final Form<ContentId> FORM =
        Forms.number(ContentId::new, ContentId::value, ContentId::print);

    @Override
    public int compareTo(ContentId other) {
      return Long.compareUnsigned(value, other.value);
    }

    @Override
    public String toString() {
      return print(value);
    }

    /** Returns {@code C} and the unsigned value. */
    public static String print(long value) {
      return "C" + Long.toUnsignedString(value);
    }
  }
}
