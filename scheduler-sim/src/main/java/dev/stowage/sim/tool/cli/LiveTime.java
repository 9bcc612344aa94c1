package dev.stowage.sim.tool.cli;

import dev.stowage.lifecycle.LifecycleState;
import dev.stowage.lifecycle.rows.FleetRow;
import dev.stowage.model.Tick;
import dev.stowage.storage.postgres.PostgresChunkStore;
import java.time.Duration;
import java.util.OptionalLong;

/**
 * The time of a live fleet: its largest tick and, if its store has a clock, the ticks since then.
 *
 * @param now the present tick, or a tick before it without a clock
 * @param tickLength the length of a tick
 */
record LiveTime(Tick now, Duration tickLength) {
  private static final Duration DEFAULT_LENGTH = Duration.ofSeconds(1);

  /** Returns the time of a fleet whose store is not asked. */
  static LiveTime of(LifecycleState state) {
    long nanos = state.fleetRow().time().tickNanos();
    return new LiveTime(state.largestTick(), nanos == 0 ? DEFAULT_LENGTH : Duration.ofNanos(nanos));
  }

  /** Returns the present time of a fleet. */
  static LiveTime of(LifecycleState state, PostgresChunkStore store) {
    LiveTime last = of(state);
    FleetRow.Time read = state.fleetRow().time();
    OptionalLong clock = store.trustedClockNanos();
    if (clock.isEmpty() || !read.isRead() || clock.getAsLong() <= read.clockNanos()) {
      return last;
    }
    long ticks = (clock.getAsLong() - read.clockNanos()) / last.tickLength.toNanos();
    return new LiveTime(Tick.of(last.now.value() + ticks), last.tickLength);
  }
}
