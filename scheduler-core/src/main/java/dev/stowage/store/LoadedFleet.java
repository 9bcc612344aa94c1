package dev.stowage.store;

import dev.stowage.evidence.ChainPoint;
import dev.stowage.lifecycle.LifecycleState;
import dev.stowage.lifecycle.rows.FleetRow;
import dev.stowage.model.Tick;
import java.util.Objects;
import java.util.Optional;

/**
 * The whole state as of one commit, without unconsumed news.
 *
 * @param state a fresh mirror that the caller may change; empty before the fleet begins
 * @param digest the stored digest; 0 before the fleet begins
 * @param evidenceHead the head of the evidence; empty before the first record
 * @param seen the largest tick of any cycle, raised also by {@link StoreTransaction#advance}
 * @param seenClockNanos the trusted clock at {@code seen}; {@link FleetRow.Time#UNREAD} without one
 */
public record LoadedFleet(
    Optional<LifecycleState> state,
    long digest,
    Optional<ChainPoint> evidenceHead,
    Tick seen,
    long seenClockNanos) {
  /** The state before a fleet begins. */
  public static final LoadedFleet NONE =
      new LoadedFleet(Optional.empty(), 0, Optional.empty(), Tick.of(0), FleetRow.Time.UNREAD);

  /** Throws {@link NullPointerException} if a component is null. */
  public LoadedFleet {
    Objects.requireNonNull(state, "state");
    Objects.requireNonNull(evidenceHead, "evidenceHead");
    Objects.requireNonNull(seen, "seen");
  }
}
