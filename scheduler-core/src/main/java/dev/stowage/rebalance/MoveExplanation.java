package dev.stowage.rebalance;

import dev.stowage.columns.SaturatedSum;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.ChunkNumber;
import dev.stowage.model.Lineage;
import dev.stowage.model.Tick;
import dev.stowage.model.WorkerId;
import dev.stowage.shape.Form;
import dev.stowage.shape.Forms;
import dev.stowage.shape.Shape;
import java.util.List;
import java.util.Optional;

/**
 * The verdict on a chunk in the last pass; scores in micro-points, {@value #UNKNOWN} if unknown.
 *
 * @param victim the holder to leave
 * @param sampledMicros its sampled score
 * @param liveMicros its live score
 * @param target the worker to go to
 * @param targetMicros the score there
 * @param gapMicros the gain to exceed
 * @param costMicros the cost of the move
 * @param reason in words, with the numbers
 */
public record MoveExplanation(
    ChunkKey chunk,
    Verdict verdict,
    Optional<WorkerId> victim,
    long sampledMicros,
    long liveMicros,
    Optional<WorkerId> target,
    long targetMicros,
    long gapMicros,
    long costMicros,
    String reason) {
  /** A number that was not asked for or not given. */
  public static final long UNKNOWN = -1;

  /** Returns the explanation of a chunk that this process does not decide about. */
  public static MoveExplanation notLed(ChunkKey chunk) {
    return of(
        chunk,
        Verdict.NOT_LEADER,
        "this process does not lead, or the chunk is not live or was never possessed");
  }

  /** Returns an explanation without numbers. */
  public static MoveExplanation of(ChunkKey chunk, Verdict verdict, String reason) {
    return new MoveExplanation(
        chunk,
        verdict,
        Optional.empty(),
        UNKNOWN,
        UNKNOWN,
        Optional.empty(),
        UNKNOWN,
        UNKNOWN,
        UNKNOWN,
        reason);
  }

  /** Returns gain less cost in micro-points; meaningful only with a target. */
  public long netMicros() {
    return targetMicros - liveMicros - costMicros;
  }

  /** Returns this explanation with another verdict and reason. */
  public MoveExplanation with(Verdict other, String why) {
    return new MoveExplanation(
        chunk,
        other,
        victim,
        sampledMicros,
        liveMicros,
        target,
        targetMicros,
        gapMicros,
        costMicros,
        why);
  }

  /** The decision about a chunk, in the order of the checks. */
  public enum Verdict {
    /** This process does not lead, or the chunk is not live. */
    NOT_LEADER,
    /** A move of the chunk is under way. */
    IN_FLIGHT,
    /** It went to and fro too often, and stays for ten cooldowns. */
    PINNED,
    /** It was moved within the cooldown. */
    COOLDOWN,
    /** No holder has a score. */
    NO_SCORE,
    /** The worst holder is at or above the score floor. */
    ABOVE_FLOOR,
    /** The live score of the worst holder is above the floor or missing. */
    LIVE_RECOVERED,
    /** No other worker can take it, or the scorer names none. */
    NO_ALTERNATIVE,
    /** The gain does not exceed the gap. */
    GAP,
    /** The gain exceeds the gap but not the cost. */
    COST,
    /** The budget for moves or bytes under way is used up. */
    BUDGET,
    /** A move is requested. */
    MOVE
  }

  /**
   * The remembered moves of one chunk, stored with the fleet for a restart or another leader.
   *
   * @param from the worker that the last move leaves
   * @param to the worker that it goes to
   * @param sizeBytes bytes of the move
   * @param askedTick the tick of the wish
   * @param phase the progress of the last move
   * @param reversals the number of returns to a worker left before
   * @param pinnedUntilTick the first tick without pin; 0 if never pinned
   * @param left workers left, newest last, at most {@value #MOST_LEFT}
   * @param reason the scorer's words for the last move; possibly empty
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
      List<WorkerId> left,
      String reason) {
    /** The most workers remembered in {@link #left}. */
    public static final int MOST_LEFT = 4;

    /** The fields of a record. */
    static final Shape<MoveRecord> SHAPE =
        Shape.of(
            "move",
            row -> {
              var lineage =
                  row.value("lineage", it -> it.chunk().lineage(), Form.of(Lineage.class));
              var counter = row.number("counter", it -> it.chunk().counter());
              var from = row.value("from", MoveRecord::from, Form.of(WorkerId.class));
              var to = row.value("to", MoveRecord::to, Form.of(WorkerId.class));
              var size = row.number("size_bytes", MoveRecord::sizeBytes);
              var asked = row.number("asked_tick", MoveRecord::askedTick);
              var phase = row.oneOf("phase", Phase.class, MoveRecord::phase);
              var reversals = row.value("reversals", MoveRecord::reversals, Forms.INT);
              var pinned = row.number("pinned_until_tick", MoveRecord::pinnedUntilTick);
              var left = row.list("left", MoveRecord::left, Form.of(WorkerId.class));
              var reason = row.text("reason", MoveRecord::reason);
              return v ->
                  new MoveRecord(
                      new ChunkNumber(lineage.of(v), counter.of(v)),
                      from.of(v),
                      to.of(v),
                      size.of(v),
                      asked.of(v),
                      phase.of(v),
                      reversals.of(v),
                      pinned.of(v),
                      left.of(v),
                      reason.of(v));
            });

    /** The progress of a move. */
    public enum Phase {
      /** Asked for; no replica has been added yet. */
      ASKED,
      /** The replica is added and lacks the bytes. */
      COPYING,
      /** The copy exists; the old replica goes when readers are done with it. */
      DONE,
      /** The planner did not follow the wish in time. */
      REFUSED,
      /** The replica was removed, or the chunk's holder left, before the copy existed. */
      ABORTED
    }

    /** Copies the list; throws {@code IllegalArgumentException} for a negative number. */
    public MoveRecord {
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

    /**
     * Returns this move as asked for at {@code now}. Its pin lasts from the move that caused it;
     * one that was over before a later move is forgotten.
     */
    public MoveRecord begunAt(Tick now) {
      long pin = pinnedUntilTick - askedTick;
      long until = pin > 0 ? SaturatedSum.of(now.value(), pin) : 0;
      return new MoveRecord(
          chunk, from, to, sizeBytes, now.value(), phase, reversals, until, left, reason);
    }

    /** Reports whether the move is under way. */
    public boolean isInFlight() {
      return phase == Phase.ASKED || phase == Phase.COPYING;
    }

    /** Returns this move in another phase. */
    public MoveRecord in(Phase other) {
      return new MoveRecord(
          chunk, from, to, sizeBytes, askedTick, other, reversals, pinnedUntilTick, left, reason);
    }
  }
}
