package dev.stowage.rebalance;

import dev.stowage.model.ChunkKey;
import dev.stowage.model.WorkerId;
import java.util.Objects;
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

  /** Throws {@code NullPointerException} for nulls. */
  public MoveExplanation {
    Objects.requireNonNull(chunk, "chunk");
    Objects.requireNonNull(verdict, "verdict");
    Objects.requireNonNull(victim, "victim");
    Objects.requireNonNull(target, "target");
    Objects.requireNonNull(reason, "reason");
  }

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
}
