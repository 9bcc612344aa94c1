package dev.stowage.store.spi;

import dev.stowage.evidence.ChainPoint;
import dev.stowage.lifecycle.LifecycleState;
import dev.stowage.model.Tick;
import dev.stowage.store.StorageException;
import java.util.Objects;
import java.util.Optional;

/**
 * The whole state as of one commit, without unconsumed news.
 *
 * @param state a fresh mirror that the caller may change, at the largest tick of any cycle, raised
 *     also by {@link StoreTransaction#advance}; empty before the fleet begins
 * @param digest the stored digest; 0 before the fleet begins
 * @param evidenceHead the head of the evidence; empty before the first record
 * @param committedTick the largest tick in the committed rows; below the state's tick if later
 *     cycles changed nothing else
 * @param logPosition a position of the database's log, in its own notation, up to which the commits
 *     are those of this fleet's history; empty for a store without such a log
 */
@SuppressWarnings("exports") // states are for our own stores
public record LoadedFleet(
    Optional<LifecycleState> state,
    long digest,
    Optional<ChainPoint> evidenceHead,
    Tick committedTick,
    Optional<String> logPosition) {
  /** The state before a fleet begins. */
  public static final LoadedFleet NONE =
      new LoadedFleet(Optional.empty(), 0, Optional.empty(), Tick.of(0), Optional.empty());

  /** Throws {@link NullPointerException} if a component is null. */
  public LoadedFleet {
    Objects.requireNonNull(state, "state");
    Objects.requireNonNull(evidenceHead, "evidenceHead");
    Objects.requireNonNull(committedTick, "committedTick");
    Objects.requireNonNull(logPosition, "logPosition");
  }

  /**
   * Throws {@link StorageException.Corrupt} if the rows have another digest than the stored one.
   */
  public void requireDigest(long found) {
    if (found != digest) {
      throw new StorageException.Corrupt(
          "the rows have digest "
              + Long.toHexString(found)
              + ", the stored digest is "
              + Long.toHexString(digest)
              + "; some row was changed by hand: run audit, then restore a backup",
          null);
    }
  }
}
