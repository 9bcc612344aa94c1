package dev.stowage.shape;

/** The unit of a number. The name of a field ends in the suffix of its unit. */
public enum Unit {
  /** A plain number. */
  NONE(""),
  /** Bytes. */
  BYTES("_bytes"),
  /** Bytes in a second. */
  BYTES_PER_SECOND("_bytes_per_second"),
  /** Ticks. */
  TICKS("_ticks"),
  /** Nanoseconds. */
  NANOS("_nanos"),
  /** Millionths of one. */
  MILLIONTHS("_millionths");

  private final String suffix;

  Unit(String suffix) {
    this.suffix = suffix;
  }

  /** Returns the suffix of names of this unit; empty for {@link #NONE}. */
  public String suffix() {
    return suffix;
  }

  static Unit of(String name) {
    Unit longest = NONE;
    for (Unit unit : values()) {
      if (name.endsWith(unit.suffix) && unit.suffix.length() > longest.suffix.length()) {
        longest = unit;
      }
    }
    return longest;
  }
}
