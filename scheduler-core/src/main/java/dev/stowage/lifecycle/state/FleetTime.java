package dev.stowage.lifecycle.state;

import dev.stowage.columns.SaturatedSum;
import dev.stowage.lifecycle.rows.FleetRow;

/** Limits time by the store's clock, or without one by {@code maxStep} (section 8). Stateless. */
public final class FleetTime {
  private FleetTime() {}

  public static long limit(FleetFields fleet) {
    return isShown(fleet)
        ? SaturatedSum.of(fleet.largestTick, elapsedWithSkew(fleet))
        : Long.MAX_VALUE;
  }

  public static long latest(FleetFields fleet) {
    if (!fleet.hasCycled()) {
      return Long.MAX_VALUE;
    }
    long known = isShown(fleet) ? limit(fleet) : fleet.largestTick;
    return SaturatedSum.of(known, fleet.config.maxStepTicks());
  }

  public static long counted(FleetFields fleet, long now) {
    return Math.min(now, Math.min(limit(fleet), latest(fleet)));
  }

  public static boolean isShown(FleetFields fleet) {
    return fleet.hasCycled() && fleet.time.isRead() && fleet.readingNanos() != FleetRow.Time.UNREAD;
  }

  /** Returns whole ticks, at least 0; a clock set back beyond the skew restarts where it is. */
  private static long elapsedWithSkew(FleetFields fleet) {
    long skew = fleet.config.trust().allowedSkewTicks();
    long nanos = difference(fleet.readingNanos(), fleet.time.clockNanos());
    long ticks = Math.floorDiv(nanos, Math.max(1, fleet.time.tickNanos()));
    if (ticks >= 0) {
      return SaturatedSum.of(ticks, skew);
    }
    return skew + ticks >= 0 ? skew + ticks : skew;
  }

  /** Returns the reading at {@code next}, a host's lead included, so that leads do not add up. */
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
