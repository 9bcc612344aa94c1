package dev.stowage.placement;

/** Lower bounds of values given by callers. Stateless. */
final class Bound {
  private Bound() {}

  /** Returns {@code value}; throws {@code IllegalArgumentException} below {@code least}. */
  static long atLeast(long value, long least, String what) {
    if (value < least) {
      throw new IllegalArgumentException(
          what + " is " + value + "; at least " + least + " is accepted");
    }
    return value;
  }
}
