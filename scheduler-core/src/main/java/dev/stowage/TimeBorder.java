package dev.stowage;

import dev.stowage.model.Tick;
import dev.stowage.model.Tick.TickLength;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;

/**
 * Converts the host's nanoseconds since an epoch of its choice to a {@link Tick}: their quotient by
 * the tick length, rounded down. Immutable and thread-safe.
 */
public final class TimeBorder {
  private final long tickNanos;

  private TimeBorder(long tickNanos) {
    this.tickNanos = tickNanos;
  }

  /** Creates a converter; throws {@link IllegalArgumentException} outside 1 ns to 292 years. */
  public static TimeBorder ofTickLength(Duration tickLength) {
    return new TimeBorder(TickLength.of(tickLength).nanos());
  }

  static long nanosOf(Instant instant) {
    return Math.addExact(
        Math.multiplyExact(instant.getEpochSecond(), 1_000_000_000L), instant.getNano());
  }

  /** Returns the tick of a time in nanoseconds; throws {@link IllegalArgumentException} below 0. */
  public Tick tickAt(long nowNanos) {
    if (nowNanos < 0) {
      throw new IllegalArgumentException("now is " + nowNanos + " ns; at least 0 is accepted");
    }
    return Tick.of(nowNanos / tickNanos);
  }

  /** Returns the first nanosecond of a tick, or {@link Long#MAX_VALUE} if it overflows. */
  public long nanosAt(Tick tick) {
    Objects.requireNonNull(tick, "tick");
    long nanos = tick.value() * tickNanos;
    boolean beyond = Math.multiplyHigh(tick.value(), tickNanos) != 0 || nanos < 0;
    return beyond ? Long.MAX_VALUE : nanos;
  }

  /** Returns the length of a tick. */
  public Duration tickLength() {
    return Duration.ofNanos(tickNanos);
  }
}
