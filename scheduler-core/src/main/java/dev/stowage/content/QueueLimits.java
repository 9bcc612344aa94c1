package dev.stowage.content;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * How much may wait, and what happens when more comes.
 *
 * @param maxItems items in all, 1 to {@value #MOST_ITEMS}
 * @param maxBytes bytes in all, at least 1
 * @param maxItemsPerClass items of one class, at least 1
 * @param maxBytesPerClass bytes of one class, at least 1
 * @param overflow what happens when more comes
 */
public record QueueLimits(
    int maxItems, long maxBytes, int maxItemsPerClass, long maxBytesPerClass, Overflow overflow) {
  /** Items in all unless another bound is asked for. */
  public static final int DEFAULT_MAX_ITEMS = 1 << 24;

  /** The most items for which a queue has room. */
  public static final int MOST_ITEMS = 1 << 26;

  /** {@value #DEFAULT_MAX_ITEMS} items of any size and class; what ranks lowest is shed. */
  public static final QueueLimits DEFAULT =
      new QueueLimits(
          DEFAULT_MAX_ITEMS, Long.MAX_VALUE, DEFAULT_MAX_ITEMS, Long.MAX_VALUE, Overflow.SHED);

  /** What happens when more comes than may wait. */
  public enum Overflow {
    /** The new item is refused. */
    REJECT,
    /**
     * Waiting items of a lower class, or of the same class and less efficient, make room: lowest
     * class first, least efficient first, of equals the newest. If they cannot make enough, the new
     * item is refused and nothing is shed.
     */
    SHED
  }

  /** Refuses bounds out of range with {@link IllegalArgumentException} that names each. */
  public QueueLimits {
    Objects.requireNonNull(overflow, "overflow");
    List<String> violations = new ArrayList<>();
    atLeastOne(maxItems, "maxItems", violations);
    atLeastOne(maxBytes, "maxBytes", violations);
    atLeastOne(maxItemsPerClass, "maxItemsPerClass", violations);
    atLeastOne(maxBytesPerClass, "maxBytesPerClass", violations);
    if (maxItems > MOST_ITEMS) {
      violations.add("maxItems is " + maxItems + "; at most " + MOST_ITEMS);
    }
    if (!violations.isEmpty()) {
      throw new IllegalArgumentException(String.join("; ", violations));
    }
  }

  /** These limits with a bound on items, in all and of one class. */
  public QueueLimits withMaxItems(int items) {
    return new QueueLimits(items, maxBytes, items, maxBytesPerClass, overflow);
  }

  /** These limits with a bound on bytes, in all and of one class. */
  public QueueLimits withMaxBytes(long bytes) {
    return new QueueLimits(maxItems, bytes, maxItemsPerClass, bytes, overflow);
  }

  /** These limits with bounds for one class. */
  public QueueLimits withPerClass(int items, long bytes) {
    return new QueueLimits(maxItems, maxBytes, items, bytes, overflow);
  }

  /** These limits with another answer to overflow. */
  public QueueLimits withOverflow(Overflow other) {
    return new QueueLimits(maxItems, maxBytes, maxItemsPerClass, maxBytesPerClass, other);
  }

  private static void atLeastOne(long value, String name, List<String> violations) {
    if (value < 1) {
      violations.add(name + " is " + value + "; at least 1");
    }
  }
}
