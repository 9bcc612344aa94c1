package dev.stowage.engine;

import dev.stowage.StowageConfig;
import dev.stowage.columns.Nanos;
import dev.stowage.command.Command;
import dev.stowage.command.Result;
import dev.stowage.engine.flight.Stopwatch;
import dev.stowage.lifecycle.Lifecycle;
import dev.stowage.lifecycle.LifecycleState;
import dev.stowage.lifecycle.rows.FleetRow;
import dev.stowage.model.Tick;
import dev.stowage.model.Tick.TickLength;
import dev.stowage.store.spi.FleetStore;
import dev.stowage.store.spi.StoreTransaction;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/** Checks a leader's time against the clock that the fleet trusts. Guarded by the engine's lock. */
public final class LeaderTime {
  private final FleetStore store;
  private final long tickNanos;
  private final SlowClock slow;

  private long patience;
  private long lastRead = FleetRow.Time.UNREAD;
  private long lastReadAt;

  LeaderTime(FleetStore store, StowageConfig config) {
    this.store = store;
    tickNanos = TickLength.of(config.tickLength()).nanos();
    slow = new SlowClock(tickNanos);
  }

  Duration tickLength() {
    return Duration.ofNanos(tickNanos);
  }

  void read(LifecycleState state) {
    read(state, store.trustedClockNanos());
  }

  void read(LifecycleState state, StoreTransaction transaction) {
    OptionalLong nanos = transaction.trustedClockNanos();
    nanos.ifPresent(slow::reads);
    read(state, nanos);
  }

  private void read(LifecycleState state, OptionalLong nanos) {
    lastRead = nanos.orElse(FleetRow.Time.UNREAD);
    lastReadAt = Stopwatch.nanos();
    state.reads(lastRead, tickNanos);
  }

  // As of the last reading and the time since, until the next one; false without a reading.
  boolean estimates(LifecycleState state) {
    if (lastRead == FleetRow.Time.UNREAD) {
      return false;
    }
    state.reads(Nanos.plus(lastRead, Math.max(0, Stopwatch.nanos() - lastReadAt)), tickNanos);
    return true;
  }

  void forgetEstimate(LifecycleState state) {
    state.reads(lastRead, tickNanos);
  }

  public <R extends Result> Optional<R> untimely(
      LifecycleState state, Command<R> command, Tick tick) {
    if (isGranted(state, tick)) {
      return Optional.empty();
    }
    read(state);
    return Lifecycle.untimely(state, command, tick);
  }

  public Tick counted(LifecycleState state, Tick tick) {
    return isGranted(state, tick) ? tick : Lifecycle.counted(state, tick);
  }

  private static boolean isGranted(LifecycleState state, Tick tick) {
    return tick.compareTo(state.largestTick()) <= 0 || Lifecycle.isShown(state, tick);
  }

  void watch(LifecycleState state, Tick tick, EventLog log) {
    patience = state.config().suspectAfterTicks();
    if (slow.told(tick.value(), state.largestTick().value(), patience)) {
      log.hears(it -> it.standing(tick, state.largestTick()));
    }
  }

  // In nanoseconds.
  long patienceNanos() {
    return patience > Long.MAX_VALUE / tickNanos ? Long.MAX_VALUE : patience * tickNanos;
  }

  SlowClock slow() {
    return slow;
  }
}
