package dev.stowage.propagation.outbox;

/** The received sequence numbers of a source, unsigned: the largest and the 64 up to it. */
public final class SequenceWindow {
  public enum Verdict {
    NEWER,
    LATE,
    DUPLICATE
  }

  private long first;
  private long largest;
  private long seen;
  private boolean hasAny;

  public Verdict judge(long sequence) {
    if (!hasAny || Long.compareUnsigned(sequence, largest) > 0) {
      return Verdict.NEWER;
    }
    long behind = largest - sequence;
    boolean isRemembered = Long.compareUnsigned(behind, Long.SIZE) < 0;
    return isRemembered && ((seen >>> behind) & 1) != 0 ? Verdict.DUPLICATE : Verdict.LATE;
  }

  /** Returns the change of the number of missing numbers. */
  public long note(long sequence) {
    if (!hasAny) {
      hasAny = true;
      first = sequence;
      largest = sequence;
      seen = 1;
      return 0;
    }
    if (Long.compareUnsigned(sequence, largest) > 0) {
      long step = sequence - largest;
      seen = Long.compareUnsigned(step, Long.SIZE) < 0 ? (seen << step) | 1 : 1;
      largest = sequence;
      return step - 1 < 0 ? Long.MAX_VALUE : step - 1;
    }
    long behind = largest - sequence;
    if (Long.compareUnsigned(behind, Long.SIZE) >= 0) {
      return 0;
    }
    seen |= 1L << behind;
    // Numbers before the first were never counted as missing.
    return Long.compareUnsigned(sequence, first) < 0 ? 0 : -1;
  }
}
