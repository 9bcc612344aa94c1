package dev.stowage.store;

import dev.stowage.evidence.ChainPoint;
import dev.stowage.lifecycle.LifecycleState;
import java.util.Objects;
import java.util.Optional;

/**
 * The whole state, as of one commit and without the news that is not consumed yet.
 *
 * @param state a fresh mirror of it, the caller's to change; empty for a fleet that has not begun
 * @param digest the digest that was kept beside the rows; 0 for a fleet that has not begun
 * @param evidenceHead the head of the evidence at that commit; empty before the first record
 */
public record LoadedFleet(
    Optional<LifecycleState> state, long digest, Optional<ChainPoint> evidenceHead) {
  /** Refuses nulls. */
  public LoadedFleet {
    Objects.requireNonNull(state, "state");
    Objects.requireNonNull(evidenceHead, "evidenceHead");
  }
}
