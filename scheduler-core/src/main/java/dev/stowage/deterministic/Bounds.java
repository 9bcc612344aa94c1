package dev.stowage.deterministic;

/** Range checks that throw {@code IllegalArgumentException} naming value and bound. */
public final class Bounds {
  private Bounds() {}

  public static long atLeast(long value, long least, String what) {
    if (value < least) {
      throw new IllegalArgumentException(
          what + " is " + value + "; at least " + least + " is accepted");
    }
    return value;
  }

  public static int between(int value, int least, int most, String what) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          what + " is " + value + "; " + least + " to " + most + " is accepted");
    }
    return value;
  }
}
