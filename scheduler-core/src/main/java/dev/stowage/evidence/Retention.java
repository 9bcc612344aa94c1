package dev.stowage.evidence;

/**
 * Bounds beyond which the oldest evidence is trimmed: at least 1 record, 1 byte and 0 ticks of
 * {@link EvidenceLog#advanceTo}, inclusive. {@link Long#MAX_VALUE} is no bound.
 */
public record Retention(long maxRecords, long maxBytes, long maxAgeTicks) {
  /** The default number of records. */
  public static final long DEFAULT_MAX_RECORDS = 100_000;

  /** The bytes of a record beside its payload: hash, type and length. */
  public static final int RECORD_OVERHEAD_BYTES = 38;

  /** At most {@value #DEFAULT_MAX_RECORDS} records, of any size and age. */
  public static final Retention DEFAULT =
      new Retention(DEFAULT_MAX_RECORDS, Long.MAX_VALUE, Long.MAX_VALUE);

  private static final Retention UNLIMITED =
      new Retention(Long.MAX_VALUE, Long.MAX_VALUE, Long.MAX_VALUE);

  /** Throws {@code IllegalArgumentException} if a bound is out of range. */
  public Retention {
    atLeast(maxRecords, 1, "maxRecords");
    atLeast(maxBytes, 1, "maxBytes");
    atLeast(maxAgeTicks, 0, "maxAgeTicks");
  }

  /** Returns a bound on records alone. */
  public static Retention records(long maxRecords) {
    return new Retention(maxRecords, Long.MAX_VALUE, Long.MAX_VALUE);
  }

  /** Returns no bounds, which an {@link EvidenceLog} accepts only with a sink that holds all. */
  public static Retention unlimited() {
    return UNLIMITED;
  }

  /** Returns this retention with a bound on bytes. */
  public Retention withMaxBytes(long bytes) {
    return new Retention(maxRecords, bytes, maxAgeTicks);
  }

  /** Returns this retention with a bound on age, in ticks. */
  public Retention withMaxAgeTicks(long ticks) {
    return new Retention(maxRecords, maxBytes, ticks);
  }

  /** Reports whether records and bytes are unbounded; an age alone bounds no memory. */
  public boolean isUnlimited() {
    return maxRecords == Long.MAX_VALUE && maxBytes == Long.MAX_VALUE;
  }

  private static void atLeast(long value, long least, String what) {
    if (value < least) {
      throw new IllegalArgumentException(
          what + " is " + value + "; at least " + least + " is accepted");
    }
  }
}
