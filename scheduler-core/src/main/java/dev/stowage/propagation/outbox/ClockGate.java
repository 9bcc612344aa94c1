package dev.stowage.propagation.outbox;

import dev.stowage.pressure.Nanos;
import dev.stowage.propagation.ClockVerdict;
import dev.stowage.propagation.PropagationConfig;

/** A time that never runs back; one leap ahead is refused, a second one near it is believed. */
public final class ClockGate {
  /** The latest time before the first reading; as a reading, none. */
  public static final long NO_TIME = Long.MIN_VALUE;

  private long stepNanos = PropagationConfig.DEFAULT.longestStepNanos();
  private long latest = NO_TIME;
  private long doubted = NO_TIME;
  private long backCount;
  private long aheadCount;

  public void stepAtMost(long nanos) {
    stepNanos = nanos;
  }

  public ClockVerdict read(long nowNanos) {
    if (nowNanos == NO_TIME) {
      return ClockVerdict.STEADY;
    }
    if (latest != NO_TIME && nowNanos < latest) {
      doubted = NO_TIME;
      backCount++;
      return ClockVerdict.BACK;
    }
    boolean leaps = latest != NO_TIME && Nanos.between(latest, nowNanos) > stepNanos;
    if (leaps && !isNear(doubted, nowNanos)) {
      doubted = nowNanos;
      aheadCount++;
      return ClockVerdict.AHEAD;
    }
    doubted = NO_TIME;
    latest = nowNanos;
    return ClockVerdict.STEADY;
  }

  private boolean isNear(long doubt, long nowNanos) {
    return doubt != NO_TIME
        && Nanos.between(doubt, nowNanos) <= stepNanos
        && Nanos.between(nowNanos, doubt) <= stepNanos;
  }

  public boolean hasTime() {
    return latest != NO_TIME;
  }

  public long latest() {
    return latest;
  }

  public long stepNanos() {
    return stepNanos;
  }

  public long backCount() {
    return backCount;
  }

  public long aheadCount() {
    return aheadCount;
  }
}
