package dev.stowage.answer;

import dev.stowage.model.ChunkKey;
import java.util.Optional;

/**
 * The status of a chunk for an ingester (lifecycle design, section 6). Statuses of several chunks
 * are in the order of the question.
 *
 * @param state its state; empty if the chunk is unknown
 * @param possessed the number of proved replicas, with those in reports that no cycle has consumed
 * @param routed the number of replicas that portals are routed to
 * @param rejectedBy the chunk that won its range, if it was rejected
 */
public record ChunkStatus(
    ChunkKey key,
    Optional<ChunkState> state,
    boolean marked,
    int replicas,
    int possessed,
    int routed,
    Optional<ChunkKey> rejectedBy) {

  /** The states of a chunk (lifecycle design, section 1); a removal mark is a flag beside them. */
  public enum ChunkState {
    /** Written through {@code offer}, not admitted yet. */
    OFFERED,
    /** Lost at admission. */
    REJECTED,
    /** Owns its range; portals do not see it yet. */
    ADMITTED,
    /** Visible to portals. */
    VISIBLE,
    /** No longer visible to portals; its drain window runs. */
    DROPPED,
    /** Its replicas are gone; the row stays as an audit trail. */
    TOMBSTONE;

    private static final ChunkState[] BY_CODE = values();

    /** Returns the state with this code; throws {@code IndexOutOfBoundsException} for others. */
    public static ChunkState of(int code) {
      return BY_CODE[code];
    }

    /** Reports whether a chunk in this state is live if it has no removal mark. */
    public boolean isLive() {
      return this == ADMITTED || this == VISIBLE;
    }
  }
}
