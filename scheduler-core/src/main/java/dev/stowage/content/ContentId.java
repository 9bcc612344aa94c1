package dev.stowage.content;

/**
 * The id of an item, for people and for sorting; operations take the bare number.
 *
 * @param value unsigned; every bit pattern is an id
 */
public record ContentId(long value) implements Comparable<ContentId> {
  @Override
  public int compareTo(ContentId other) {
    return Long.compareUnsigned(value, other.value);
  }

  /** {@code C} and the unsigned value. */
  @Override
  public String toString() {
    return "C" + Long.toUnsignedString(value);
  }
}
