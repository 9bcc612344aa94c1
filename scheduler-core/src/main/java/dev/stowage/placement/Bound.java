package dev.stowage.placement;

/** The least values that a caller may give. Stateless. */
final class Bound {
  private Bound() {}

  /**
   * The value itself.
   *
   * @throws IllegalArgumentException if it is below {@code least}
   */
  static long atLeast(long value, long least, String what) {
    if (value < least) {
      throw new IllegalArgumentException(
          what + " is " + value + "; at least " + least + " is accepted");
    }
    return value;
  }
}
