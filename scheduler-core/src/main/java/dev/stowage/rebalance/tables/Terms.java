package dev.stowage.rebalance.tables;

import dev.stowage.rebalance.RebalanceConfig;
import java.time.Duration;

/** A configuration in micro-points and ticks. */
public record Terms(
    int floorMicros,
    int gapMicros,
    long cooldownTicks,
    long intervalTicks,
    long tickNanos,
    RebalanceConfig config) {
  public static Terms of(RebalanceConfig config, Duration tickLength) {
    if (tickLength.isNegative() || tickLength.isZero()) {
      throw new IllegalArgumentException(
          "tickLength is " + tickLength + "; above zero is accepted");
    }
    return new Terms(
        Micros.of(config.scoreFloor()),
        Micros.of(config.hysteresisGap()),
        ticks(config.cooldown(), tickLength),
        ticks(config.decisionInterval(), tickLength),
        saturatedNanos(tickLength),
        config);
  }

  /** Returns a duration in ticks, rounded up, at least 1. */
  public static long ticks(Duration time, Duration tickLength) {
    long nanos = saturatedNanos(time);
    long length = saturatedNanos(tickLength);
    return Math.max(1, nanos / length + (nanos % length == 0 ? 0 : 1));
  }

  /** Returns the saturated sum of a tick and a number of ticks. */
  public static long later(long tick, long ticks) {
    long sum = tick + ticks;
    return sum < 0 ? Long.MAX_VALUE : sum;
  }

  /** Returns {@code count} cooldowns in ticks, at most {@code Long.MAX_VALUE}. */
  public long cooldowns(int count) {
    return Math.multiplyHigh(cooldownTicks, count) != 0 || cooldownTicks * count < 0
        ? Long.MAX_VALUE
        : cooldownTicks * count;
  }

  /** Returns the first nanosecond of a tick, saturated. */
  public long nanosAt(long tick) {
    long nanos = tick * tickNanos;
    return Math.multiplyHigh(tick, tickNanos) != 0 || nanos < 0 ? Long.MAX_VALUE : nanos;
  }

  private static long saturatedNanos(Duration time) {
    return time.toSeconds() > 9_000_000_000L ? Long.MAX_VALUE : time.toNanos();
  }
}
