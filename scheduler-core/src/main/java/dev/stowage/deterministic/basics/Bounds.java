package dev.stowage.deterministic.basics;

/** Range checks whose refusals name the value and the bound. */
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
