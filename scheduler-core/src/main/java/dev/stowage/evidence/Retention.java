package dev.stowage.evidence;

/**
 * How much evidence is kept; what exceeds any of the three bounds is trimmed, oldest first. {@link
 * Long#MAX_VALUE} means no bound.
 *
 * @param maxRecords records kept at most, at least 1
 * @param maxBytes bytes kept at most, at least 1; a record counts its payload and {@value
 *     #RECORD_OVERHEAD_BYTES} bytes
 * @param maxAgeTicks age at most, at least 0, in the ticks that the caller passes to {@link
 *     EvidenceLog#advanceTo}; a record of exactly this age is kept
 */
public record Retention(long maxRecords, long maxBytes, long maxAgeTicks) {
  /** Records kept unless something else is asked for. */
  public static final long DEFAULT_MAX_RECORDS = 100_000;

  /** Bytes that a record counts beside its payload: its hash, type and length. */
  public static final int RECORD_OVERHEAD_BYTES = 38;

  /** {@value #DEFAULT_MAX_RECORDS} records, whatever their size and age. */
  public static final Retention DEFAULT =
      new Retention(DEFAULT_MAX_RECORDS, Long.MAX_VALUE, Long.MAX_VALUE);

  private static final Retention UNLIMITED =
      new Retention(Long.MAX_VALUE, Long.MAX_VALUE, Long.MAX_VALUE);

  /** Refuses bounds out of range with {@link IllegalArgumentException}. */
  public Retention {
    atLeast(maxRecords, 1, "maxRecords");
    atLeast(maxBytes, 1, "maxBytes");
    atLeast(maxAgeTicks, 0, "maxAgeTicks");
  }

  /** At most this many records. */
  public static Retention records(long maxRecords) {
    return new Retention(maxRecords, Long.MAX_VALUE, Long.MAX_VALUE);
  }

  /** Nothing is trimmed. An {@link EvidenceLog} accepts this only with a sink that holds it all. */
  public static Retention unlimited() {
    return UNLIMITED;
  }

  /** This retention with a bound on bytes. */
  public Retention withMaxBytes(long bytes) {
    return new Retention(maxRecords, bytes, maxAgeTicks);
  }

  /** This retention with a bound on age, in ticks. */
  public Retention withMaxAgeTicks(long ticks) {
    return new Retention(maxRecords, maxBytes, ticks);
  }

  /** Whether neither records nor bytes are bounded; an age alone bounds no memory. */
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
