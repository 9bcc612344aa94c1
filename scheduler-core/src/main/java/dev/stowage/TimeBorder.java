package dev.stowage;

import dev.stowage.model.Tick;
import dev.stowage.model.TickLength;
import java.time.Duration;
import java.util.Objects;

/**
 * The one place where the host's time becomes the library's. The host counts nanoseconds from an
 * epoch of its choice; a {@link Tick} is that count divided by the length of a tick, rounded down.
 * Content, pressure and propagation work on the nanoseconds themselves. Immutable and thread-safe.
 */
public final class TimeBorder {
  private final long tickNanos;

  private TimeBorder(long tickNanos) {
    this.tickNanos = tickNanos;
  }

  /**
   * A border with ticks of this length.
   *
   * @param tickLength 1 nanosecond to 292 years
   * @throws IllegalArgumentException if it is outside that range
   */
  public static TimeBorder ofTickLength(Duration tickLength) {
    return new TimeBorder(TickLength.of(tickLength).nanos());
  }

  /**
   * The tick in which a moment lies.
   *
   * @param nowNanos nanoseconds since the host's epoch, at least 0
   * @throws IllegalArgumentException if it is below 0
   */
  public Tick tickAt(long nowNanos) {
    if (nowNanos < 0) {
      throw new IllegalArgumentException("now is " + nowNanos + " ns; at least 0 is accepted");
    }
    return Tick.of(nowNanos / tickNanos);
  }

  /**
   * The first nanosecond of a tick, {@link Long#MAX_VALUE} where it lies beyond.
   *
   * @param tick a tick of this border
   */
  public long nanosAt(Tick tick) {
    Objects.requireNonNull(tick, "tick");
    long nanos = tick.value() * tickNanos;
    boolean beyond = Math.multiplyHigh(tick.value(), tickNanos) != 0 || nanos < 0;
    return beyond ? Long.MAX_VALUE : nanos;
  }

  /** The length of a tick. */
  public Duration tickLength() {
    return Duration.ofNanos(tickNanos);
  }
}
