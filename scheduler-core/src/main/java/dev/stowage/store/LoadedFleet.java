package dev.stowage.store;

import dev.stowage.evidence.ChainPoint;
import dev.stowage.lifecycle.LifecycleState;
import dev.stowage.lifecycle.rows.FleetRow;
import dev.stowage.model.Tick;
import java.util.Objects;
import java.util.Optional;

/**
 * The whole state, as of one commit and without the news that is not consumed yet.
 *
 * @param state a fresh mirror of it, the caller's to change; empty for a fleet that has not begun
 * @param digest the digest that was kept beside the rows; 0 for a fleet that has not begun
 * @param evidenceHead the head of the evidence at that commit; empty before the first record
 * @param seen the largest tick that any cycle has seen; later than the state knows where cycles
 *     came after the commit that changed nothing ({@link StoreTransaction#advance})
 * @param seenClockNanos what the trusted clock showed at it; {@link FleetRow.Time#UNREAD} where
 *     there is none
 */
public record LoadedFleet(
    Optional<LifecycleState> state,
    long digest,
    Optional<ChainPoint> evidenceHead,
    Tick seen,
    long seenClockNanos) {
  /** What is there before a fleet begins. */
  public static final LoadedFleet NONE =
      new LoadedFleet(Optional.empty(), 0, Optional.empty(), Tick.of(0), FleetRow.Time.UNREAD);

  /** Refuses nulls. */
  public LoadedFleet {
    Objects.requireNonNull(state, "state");
    Objects.requireNonNull(evidenceHead, "evidenceHead");
    Objects.requireNonNull(seen, "seen");
  }
}
