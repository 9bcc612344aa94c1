package dev.stowage.rebalance;

import dev.stowage.model.ChunkNumber;
import dev.stowage.model.WorkerId;
import java.util.List;
import java.util.Objects;

/**
 * What is remembered of the moves of one chunk. It is stored with the fleet and keyed by the
 * chunk's number, so that a restart or another leader knows of the move under way, the cooldown and
 * the way back.
 *
 * @param chunk the chunk
 * @param from the worker that the last move leaves
 * @param to the worker that it goes to
 * @param sizeBytes bytes of it
 * @param askedTick when it was asked for
 * @param phase how far it is
 * @param reversals how often the chunk went back to a worker that it had left
 * @param pinnedUntilTick the first tick at which it is not pinned; 0 if it never was
 * @param left the workers that it left, the newest last, at most {@value #MOST_LEFT}
 */
public record MoveRecord(
    ChunkNumber chunk,
    WorkerId from,
    WorkerId to,
    long sizeBytes,
    long askedTick,
    Phase phase,
    int reversals,
    long pinnedUntilTick,
    List<WorkerId> left) {
  /** How many of the workers that it left are remembered. */
  public static final int MOST_LEFT = 4;

  /** How far a move is. */
  public enum Phase {
    /** Asked for; no replica has been added yet. */
    ASKED,
    /** The replica is added and has not got the bytes. */
    COPYING,
    /** The copy is there; the old replica goes when readers are done with it. */
    DONE,
    /** The planner did not follow the wish in time. */
    REFUSED,
    /** The replica was taken away, or the chunk's holder left, before the copy was there. */
    ABORTED
  }

  /** Copies the list. */
  public MoveRecord {
    Objects.requireNonNull(chunk, "chunk");
    Objects.requireNonNull(from, "from");
    Objects.requireNonNull(to, "to");
    Objects.requireNonNull(phase, "phase");
    left = List.copyOf(left);
    if (sizeBytes < 0 || askedTick < 0 || reversals < 0 || pinnedUntilTick < 0) {
      throw new IllegalArgumentException(
          "move of "
              + chunk
              + " has size "
              + sizeBytes
              + ", tick "
              + askedTick
              + ", reversals "
              + reversals
              + ", pin "
              + pinnedUntilTick
              + "; at least 0 is accepted");
    }
  }

  /** Whether the move is under way. */
  public boolean isInFlight() {
    return phase == Phase.ASKED || phase == Phase.COPYING;
  }

  /** The same move in another phase. */
  public MoveRecord in(Phase other) {
    return new MoveRecord(
        chunk, from, to, sizeBytes, askedTick, other, reversals, pinnedUntilTick, left);
  }
}
