package dev.stowage.lifecycle.state;

import dev.stowage.columns.SaturatedSum;
import dev.stowage.lifecycle.rows.FleetRow;

/**
 * Writes the largest tick, and limits it by the store's clock, or by {@code maxStep} (section 8).
 */
public final class FleetTime {
  private final Tables tables;

  /** The store's clock in the current transaction, in nanoseconds; not stored. */
  private long readingNanos = FleetRow.Time.UNREAD;

  private long readingTickNanos;

  FleetTime(Tables tables) {
    this.tables = tables;
  }

  public void reads(long nanos, long nanosOfTick) {
    readingNanos = nanos;
    readingTickNanos = nanos == FleetRow.Time.UNREAD ? 0 : nanosOfTick;
  }

  /** Keeps time from running back (section 1). */
  public long advance(long now) {
    FleetRow fleet = tables.fleet;
    if (now < fleet.largestTick()) {
      tables.fleet(it -> it.with(FleetRow.BACKWARD_TICKS, fleet.backwardTicks() + 1));
    }
    if (!fleet.hasCycled()) {
      put(fleet.largestTick(), fleet.time().listening(Math.max(fleet.largestTick(), now)));
    }
    return advanceUncounted(now);
  }

  public long advanceUncounted(long now) {
    FleetRow fleet = tables.fleet;
    long next = Math.max(fleet.largestTick(), now);
    boolean listens = fleet.hasCycled() && isPause(next);
    FleetRow.Time time = listens ? fleet.time().listening(next) : fleet.time();
    long nanos = readingAt(next);
    if (nanos != time.clockNanos() || readingTickNanos != time.tickNanos()) {
      time = time.at(nanos, readingTickNanos);
    }
    put(next, time);
    return next;
  }

  private void put(long tick, FleetRow.Time time) {
    tables.fleet(it -> it.with(FleetRow.LARGEST_TICK, tick).with(FleetRow.TIME, time));
  }

  /** Reports a gap between cycles, after which silence means nothing. */
  private boolean isPause(long next) {
    FleetRow fleet = tables.fleet;
    return fleet.config().trust().isGuarded()
        && next - fleet.largestTick() > fleet.config().suspectAfterTicks();
  }

  public void seen(long tick, long clockNanos) {
    FleetRow.Time time = tables.fleet.time();
    if (tick > tables.fleet.largestTick()) {
      put(tick, time.at(clockNanos, time.tickNanos()));
    }
  }

  public void reset(long now) {
    long resets = tables.fleet.time().resets() + 1;
    put(now, new FleetRow.Time(readingNanos, readingTickNanos, now, resets));
  }

  public long limit() {
    return isShown()
        ? SaturatedSum.of(tables.fleet.largestTick(), elapsedWithSkew())
        : Long.MAX_VALUE;
  }

  public long latest() {
    if (!tables.fleet.hasCycled()) {
      return Long.MAX_VALUE;
    }
    long known = isShown() ? limit() : tables.fleet.largestTick();
    return SaturatedSum.of(known, tables.fleet.config().maxStepTicks());
  }

  public long counted(long now) {
    return Math.min(now, Math.min(limit(), latest()));
  }

  public boolean isShown() {
    FleetRow fleet = tables.fleet;
    return fleet.hasCycled() && fleet.time().isRead() && readingNanos != FleetRow.Time.UNREAD;
  }

  /** Returns whole ticks, at least 0; a clock set back beyond the skew restarts where it is. */
  private long elapsedWithSkew() {
    long skew = tables.fleet.config().trust().allowedSkewTicks();
    long nanos = difference(readingNanos, tables.fleet.time().clockNanos());
    long ticks = Math.floorDiv(nanos, Math.max(1, tables.fleet.time().tickNanos()));
    if (ticks >= 0) {
      return SaturatedSum.of(ticks, skew);
    }
    return skew + ticks >= 0 ? skew + ticks : skew;
  }

  /** Returns the reading at {@code next}, a host's lead included, so that leads do not add up. */
  private long readingAt(long next) {
    FleetRow fleet = tables.fleet;
    long now = readingNanos;
    long tick = readingTickNanos;
    long from = fleet.time().clockNanos();
    long steps = next - fleet.largestTick();
    if (!isShown() || tick != fleet.time().tickNanos() || steps > Long.MAX_VALUE / tick) {
      return now;
    }
    long exact = from + steps * tick;
    long lead = exact < from ? -1 : difference(exact, now);
    return lead > 0 && lead / tick <= fleet.config().trust().allowedSkewTicks() ? exact : now;
  }

  private static long difference(long left, long right) {
    long difference = left - right;
    boolean isBeyond = ((left ^ right) & (left ^ difference)) < 0;
    return isBeyond ? (left < right ? Long.MIN_VALUE : Long.MAX_VALUE) : difference;
  }
}
