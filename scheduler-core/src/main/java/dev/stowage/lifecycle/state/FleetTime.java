package dev.stowage.lifecycle.state;

import dev.stowage.columns.SaturatedSum;
import dev.stowage.lifecycle.rows.FleetRow;

/**
 * How far ahead time may be (section 8): by the clock of the store where it has one, and by {@code
 * maxStep} alone where it has none. Stateless.
 */
public final class FleetTime {
  private FleetTime() {}

  /**
   * The tick beyond which no time counts; the largest number where no clock says anything.
   *
   * @param fleet whose reading of the transaction at hand counts
   */
  public static long limit(FleetFields fleet) {
    return isShown(fleet)
        ? SaturatedSum.of(fleet.largestTick, elapsedWithSkew(fleet))
        : Long.MAX_VALUE;
  }

  /** The last tick at which a cycle may be called; before the first cycle there is no bound. */
  public static long latest(FleetFields fleet) {
    if (!fleet.hasCycled()) {
      return Long.MAX_VALUE;
    }
    long known = isShown(fleet) ? limit(fleet) : fleet.largestTick;
    return SaturatedSum.of(known, fleet.config.maxStepTicks());
  }

  /** What a caller's tick counts as: none is beyond what is shown, or can be. */
  public static long counted(FleetFields fleet, long now) {
    return Math.min(now, Math.min(limit(fleet), latest(fleet)));
  }

  /** Whether the clock was read beside the largest tick, and now. */
  public static boolean isShown(FleetFields fleet) {
    return fleet.hasCycled() && fleet.time.isRead() && fleet.readingNanos() != FleetRow.Time.UNREAD;
  }

  /**
   * Whole ticks that the clock went forward since the largest one, and those by which a host's time
   * may lead it; at least 0. A clock that was set back by more than that begins anew where it is.
   */
  private static long elapsedWithSkew(FleetFields fleet) {
    long skew = fleet.config.trust().allowedSkewTicks();
    long nanos = difference(fleet.readingNanos(), fleet.time.clockNanos());
    long ticks = Math.floorDiv(nanos, Math.max(1, fleet.time.tickNanos()));
    if (ticks >= 0) {
      return SaturatedSum.of(ticks, skew);
    }
    return skew + ticks >= 0 ? skew + ticks : skew;
  }

  /**
   * What the clock shows when {@code next} is the time. That is what it shows now, unless a host's
   * time leads it: so the lead is granted once, and does not add up from cycle to cycle.
   */
  static long readingAt(FleetFields fleet, long next) {
    long now = fleet.readingNanos();
    long tick = fleet.readingTickNanos();
    long from = fleet.time.clockNanos();
    long steps = next - fleet.largestTick;
    if (!isShown(fleet) || tick != fleet.time.tickNanos() || steps > Long.MAX_VALUE / tick) {
      return now;
    }
    long exact = from + steps * tick;
    long lead = exact < from ? -1 : difference(exact, now);
    return lead > 0 && lead / tick <= fleet.config.trust().allowedSkewTicks() ? exact : now;
  }

  private static long difference(long left, long right) {
    long difference = left - right;
    boolean isBeyond = ((left ^ right) & (left ^ difference)) < 0;
    return isBeyond ? (left < right ? Long.MIN_VALUE : Long.MAX_VALUE) : difference;
  }
}
