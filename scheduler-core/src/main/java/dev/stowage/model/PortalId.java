package dev.stowage.model;

import dev.stowage.columns.Utf8Order;

/**
 * A portal: a reader's router, which asks which workers hold the chunk that covers a block.
 *
 * @param value 1 to 512 characters, well-formed, no control characters; compared by UTF-8 bytes
 */
public record PortalId(String value) implements Comparable<PortalId> {
  /** Refuses what cannot be a name with {@link IllegalArgumentException}. */
  public PortalId {
    Names.checked(value, "portal id");
  }

  /** The id that {@code value} names. */
  public static PortalId of(String value) {
    return new PortalId(value);
  }

  @Override
  public int compareTo(PortalId other) {
    return Utf8Order.compare(value, other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
