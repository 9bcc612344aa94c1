package dev.stowage.rebalance.passes;

import dev.stowage.columns.Micros;
import dev.stowage.model.Tick.TickLength;
import dev.stowage.rebalance.RebalanceConfig;
import java.time.Duration;

/** A configuration in micro-points and ticks. */
record Terms(
    int floorMicros,
    int gapMicros,
    long cooldownTicks,
    long intervalTicks,
    long tickNanos,
    RebalanceConfig config) {
  static Terms of(RebalanceConfig config, Duration tickLength) {
    TickLength tick = TickLength.of(tickLength);
    return new Terms(
        Micros.of(config.scoreFloor()),
        Micros.of(config.hysteresisGap()),
        tick.ticks(config.cooldown(), "cooldown"),
        tick.ticks(config.decisionInterval(), "decision_interval"),
        tick.nanos(),
        config);
  }

  /** Returns {@code count} cooldowns in ticks, saturated. */
  long cooldowns(int count) {
    return product(cooldownTicks, count);
  }

  /** Returns the first nanosecond of a tick, saturated. */
  long nanosAt(long tick) {
    return product(tick, tickNanos);
  }

  private static long product(long one, long other) {
    long product = one * other;
    return Math.multiplyHigh(one, other) != 0 || product < 0 ? Long.MAX_VALUE : product;
  }
}
