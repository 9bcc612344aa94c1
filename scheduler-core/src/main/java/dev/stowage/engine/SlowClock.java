package dev.stowage.engine;

import dev.stowage.columns.SaturatedSum;
import java.util.Optional;

/**
 * Notices that the time which a leader is told stays behind that of its fleet, so that time stands
 * still. Belongs to the desk's lock.
 */
final class SlowClock {
  private long told = -1;
  private long largest;

  /** How far the leader's own time went forward since it is behind. */
  private long waited;

  private boolean isSaid;

  /**
   * A cycle is called.
   *
   * @param tick the tick that it is called at
   * @param largestTick the largest tick of any cycle before it
   * @param patienceTicks after how long it is said
   * @return whether it is to be said now, for the first time
   */
  boolean told(long tick, long largestTick, long patienceTicks) {
    boolean isBehind = tick < largestTick;
    waited = isBehind ? SaturatedSum.of(waited, told < 0 ? 0 : Math.max(0, tick - told)) : 0;
    told = isBehind ? tick : -1;
    largest = largestTick;
    boolean wasSaid = isSaid;
    isSaid = isBehind && (wasSaid || waited >= patienceTicks);
    return isSaid && !wasSaid;
  }

  /** By how many ticks it is behind, once that has lasted; 0 while it is not, or not for long. */
  long behindTicks() {
    return isSaid ? largest - told : 0;
  }

  /** The same in words. */
  Optional<String> inWords() {
    return isSaid
        ? Optional.of(
            "time stands still: cycles are called at tick "
                + told
                + ", "
                + behindTicks()
                + " ticks before the largest that any cycle has seen; mend the clock, or call"
                + " resetTime")
        : Optional.empty();
  }
}
