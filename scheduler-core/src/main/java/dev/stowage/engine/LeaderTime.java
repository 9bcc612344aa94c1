package dev.stowage.engine;

import dev.stowage.StowageConfig;
import dev.stowage.StowageListener;
import dev.stowage.lifecycle.Command;
import dev.stowage.lifecycle.Lifecycle;
import dev.stowage.lifecycle.LifecycleState;
import dev.stowage.lifecycle.Result;
import dev.stowage.lifecycle.rows.FleetRow;
import dev.stowage.model.Tick;
import dev.stowage.model.TickLength;
import dev.stowage.store.ChunkStore;
import dev.stowage.store.StoreTransaction;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What a leader makes of the time that it is told: it is held against the clock that the fleet
 * trusts. Belongs to the desk's lock.
 */
public final class LeaderTime {
  private final ChunkStore store;
  private final long tickNanos;
  private final SlowClock slow;

  /** {@code suspectAfter}, as of the last cycle. */
  private long patience;

  LeaderTime(ChunkStore store, StowageConfig config) {
    this.store = store;
    tickNanos = TickLength.of(config.tickLength()).nanos();
    slow = new SlowClock(tickNanos);
  }

  /** Reads the clock for what is not decided in a transaction. */
  void read(LifecycleState state) {
    read(state, store.trustedClockNanos());
  }

  /** Reads the clock for what is. */
  void read(LifecycleState state, StoreTransaction transaction) {
    OptionalLong nanos = transaction.trustedClockNanos();
    nanos.ifPresent(slow::reads);
    read(state, nanos);
  }

  private void read(LifecycleState state, OptionalLong nanos) {
    state.reads(nanos.orElse(FleetRow.Time.UNREAD), tickNanos);
  }

  /**
   * The answer to a cycle that is called too far ahead. The clock is not asked about what it would
   * grant whatever it shows: the transaction asks it anyway.
   */
  public <R extends Result> Optional<R> untimely(
      LifecycleState state, Command<R> command, Tick tick) {
    if (isGranted(state, tick)) {
      return Optional.empty();
    }
    read(state);
    return Lifecycle.untimely(state, command, tick);
  }

  /** What the time counts as of a cycle that is not {@link #untimely}. */
  public Tick counted(LifecycleState state, Tick tick) {
    return isGranted(state, tick) ? tick : Lifecycle.counted(state, tick);
  }

  /** Whether the last reading of the clock grants it already, or none has to. */
  private static boolean isGranted(LifecycleState state, Tick tick) {
    return tick.compareTo(state.largestTick()) <= 0 || Lifecycle.isShown(state, tick);
  }

  /** A cycle is called; says once that time stands still. */
  void watch(LifecycleState state, Tick tick, StowageListener listener) {
    patience = state.config().suspectAfterTicks();
    if (slow.told(tick.value(), state.largestTick().value(), patience)) {
      listener.standing(tick, state.largestTick());
    }
  }

  /** How long the time of this process may stay behind before that is said, in nanoseconds. */
  long patienceNanos() {
    return patience > Long.MAX_VALUE / tickNanos ? Long.MAX_VALUE : patience * tickNanos;
  }

  /** Whether, and how far, the time of this process stays behind. */
  SlowClock slow() {
    return slow;
  }
}
