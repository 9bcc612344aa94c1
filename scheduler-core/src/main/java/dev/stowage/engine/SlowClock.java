package dev.stowage.engine;

import dev.stowage.columns.Nanos;
import dev.stowage.columns.SaturatedSum;
import java.util.Optional;

/**
 * Detects that a leader's time stays behind or goes at less than half the trusted clock's pace, in
 * two stretches of {@code suspectAfter} in a row, because a long turn's tick is old by its end.
 * Without such a clock ticks must do. Guarded by the engine's lock.
 */
final class SlowClock {
  private final long tickNanos;
  private long told = -1;
  private long largest;
  private boolean isBehind;

  private long waited;

  private boolean isAwaited;

  private boolean isRead;
  private long readNanos;
  private boolean isReadBehind;
  private long behindNanos;
  private long stretchNanos;
  private long stretchTold;

  private long missing;

  private int slowStretches;
  private boolean isSaid;

  SlowClock(long tickNanos) {
    this.tickNanos = tickNanos;
  }

  boolean told(long tick, long largestTick, long patienceTicks) {
    boolean wasBehind = isBehind;
    isBehind = tick < largestTick;
    if (!isBehind) {
      waited = 0;
      behindNanos = 0;
    } else if (isRead) {
      waited = behindNanos / tickNanos;
    } else if (wasBehind) {
      waited = SaturatedSum.of(waited, Math.max(0, tick - told));
    }
    judgeStretch(patienceTicks);
    if (isMended(tick, wasBehind)) {
      slowStretches = 0;
      missing = 0;
      stretchNanos = 0;
      stretchTold = tick;
    }
    told = tick;
    largest = largestTick;
    isAwaited = true;
    boolean wasSaid = isSaid;
    isSaid = isBehind ? wasSaid || waited >= patienceTicks : slowStretches >= 2;
    return isSaid && !wasSaid;
  }

  void reads(long nanos) {
    if (!isAwaited) {
      return;
    }
    isAwaited = false;
    long passed = isRead ? Nanos.between(readNanos, nanos) : 0;
    if (!isRead || nanos < readNanos) {
      beginStretch();
    }
    isRead = true;
    readNanos = nanos;
    stretchNanos = SaturatedSum.of(stretchNanos, passed);
    behindNanos = isBehind && isReadBehind ? SaturatedSum.of(behindNanos, passed) : 0;
    isReadBehind = isBehind;
  }

  private boolean isMended(long tick, boolean wasBehind) {
    return (wasBehind && !isBehind) || (slowStretches >= 2 && tick - told >= missing);
  }

  private void judgeStretch(long patienceTicks) {
    long passed = stretchNanos / tickNanos;
    if (!isRead || passed < patienceTicks) {
      return;
    }
    long went = Math.max(0, told - stretchTold);
    // One tick of tolerance: both are whole ticks.
    boolean isSlow = went < passed / 2 - 1;
    slowStretches = isSlow ? Math.min(2, slowStretches + 1) : 0;
    missing = isSlow ? SaturatedSum.of(missing, passed - went) : 0;
    beginStretch();
  }

  private void beginStretch() {
    stretchNanos = 0;
    stretchTold = told;
  }

  // 0 until the delay has lasted.
  long behindTicks() {
    if (!isSaid) {
      return 0;
    }
    return isBehind ? largest - told : missing;
  }

  Optional<String> inWords() {
    if (!isSaid) {
      return Optional.empty();
    }
    return Optional.of(
        isBehind
            ? "time stands still: cycles are called at tick "
                + told
                + ", "
                + behindTicks()
                + " ticks before the largest that any cycle has seen; correct the clock, or call"
                + " resetTime"
            : "time goes too slowly: cycles are called at tick "
                + told
                + ", and by the store's clock "
                + missing
                + " ticks more have passed; correct the clock of this host, and check that it"
                + " counts nanoseconds");
  }
}
