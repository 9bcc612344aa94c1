package dev.stowage.engine;

import dev.stowage.columns.SaturatedSum;
import dev.stowage.pressure.Nanos;
import java.util.Optional;

/**
 * Notices that the time which a leader is told stays behind that of its fleet, or goes too slowly.
 *
 * <p>How long it has been behind says the clock that the fleet trusts, if there is one: a host
 * whose clock counts in a larger unit, or stands still, would count for ever. Where there is none,
 * the leader's own ticks have to do. Belongs to the desk's lock.
 *
 * <p>Where there is a clock, ticks that go forward by less than half of it are too slow. That is
 * judged over stretches of {@code suspectAfter}, and said after two of them in a row: a turn reads
 * the host's time once, so one that takes long has a tick that is old by the time of its end.
 */
final class SlowClock {
  private final long tickNanos;
  private long told = -1;
  private long largest;
  private boolean isBehind;

  /** For how many ticks it has been behind. */
  private long waited;

  /** Whether no reading has been held against the tick that was told last. */
  private boolean isAwaited;

  private boolean isRead;
  private long readNanos;
  private boolean isReadBehind;
  private long behindNanos;
  private long stretchNanos;
  private long stretchTold;

  /** What is missing since ticks were too slow, and in how many stretches in a row they were. */
  private long missing;

  private int slowStretches;
  private boolean isSaid;

  /** {@code tickNanos} is how long a tick lasts. */
  SlowClock(long tickNanos) {
    this.tickNanos = tickNanos;
  }

  /**
   * A cycle is called.
   *
   * @param tick the tick that it is called at
   * @param largestTick the largest tick of any cycle before it
   * @param patienceTicks after how long it is said
   * @return whether it is to be said now, for the first time
   */
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

  /** What the clock that the fleet trusts shows in the transaction of the cycle told last. */
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

  /** Whether the leader's time has caught up at once. */
  private boolean isMended(long tick, boolean wasBehind) {
    return (wasBehind && !isBehind) || (slowStretches >= 2 && tick - told >= missing);
  }

  /** Judges the stretch that ends with the last reading, if that was long enough. */
  private void judgeStretch(long patienceTicks) {
    long passed = stretchNanos / tickNanos;
    if (!isRead || passed < patienceTicks) {
      return;
    }
    long went = Math.max(0, told - stretchTold);
    // A tick more: both are whole ticks of something that goes on between them.
    boolean isSlow = went < passed / 2 - 1;
    slowStretches = isSlow ? Math.min(2, slowStretches + 1) : 0;
    missing = isSlow ? SaturatedSum.of(missing, passed - went) : 0;
    beginStretch();
  }

  private void beginStretch() {
    stretchNanos = 0;
    stretchTold = told;
  }

  /** By how many ticks it is behind, once that has lasted; 0 while it is not, or not for long. */
  long behindTicks() {
    if (!isSaid) {
      return 0;
    }
    return isBehind ? largest - told : missing;
  }

  /** The same in words. */
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
                + " ticks before the largest that any cycle has seen; mend the clock, or call"
                + " resetTime"
            : "time goes too slowly: cycles are called at tick "
                + told
                + ", and by the store's clock "
                + missing
                + " ticks more have passed; mend the clock of this host, and see in which unit it"
                + " counts");
  }
}
