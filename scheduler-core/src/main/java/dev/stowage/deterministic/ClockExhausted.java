package dev.stowage.deterministic;

/** Refuses to move a {@link LogicalClock} beyond 2^64-1; the clock is left as it was. */
public final class ClockExhausted extends IllegalStateException {
  private static final long serialVersionUID = 1L;

  ClockExhausted(long from, long needed) {
    super(
        "logical clock at "
            + Long.toUnsignedString(from)
            + " cannot advance by "
            + Long.toUnsignedString(needed)
            + "; its greatest value is 18446744073709551615");
  }
}
