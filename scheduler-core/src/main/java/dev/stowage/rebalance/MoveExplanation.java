package dev.stowage.rebalance;

import dev.stowage.model.ChunkKey;
import dev.stowage.model.WorkerId;
import java.util.Objects;
import java.util.Optional;

/**
 * Why a chunk is moved, or is not, as of the last pass. Scores are in micro-points; {@value
 * #UNKNOWN} stands for one that was not asked for or not given.
 *
 * @param chunk the chunk
 * @param verdict in one word
 * @param victim the holder that the question is about
 * @param sampledMicros its score when it was sampled
 * @param liveMicros its score when it was asked again
 * @param target where the chunk would go
 * @param targetMicros the score there
 * @param gapMicros what the gain must exceed
 * @param costMicros what the move costs
 * @param trend where the score of the worst holder goes
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
    Trend trend,
    String reason) {
  /** Not asked for, or not given. */
  public static final long UNKNOWN = -1;

  /** Refuses nulls. */
  public MoveExplanation {
    Objects.requireNonNull(chunk, "chunk");
    Objects.requireNonNull(verdict, "verdict");
    Objects.requireNonNull(victim, "victim");
    Objects.requireNonNull(target, "target");
    Objects.requireNonNull(trend, "trend");
    Objects.requireNonNull(reason, "reason");
  }

  /** What is said of a chunk that this process does not decide about. */
  public static MoveExplanation notLed(ChunkKey chunk) {
    return of(
        chunk,
        Verdict.NOT_LEADER,
        "this process does not lead, or the chunk is not live or was never possessed");
  }

  /** An explanation without numbers. */
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
        Trend.STABLE,
        reason);
  }

  /** Gain less cost, in micro-points; only of use where a target is known. */
  public long netMicros() {
    return targetMicros - liveMicros - costMicros;
  }

  /** The same with another verdict and its reason. */
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
        trend,
        why);
  }

  /** Where a score goes, compared with its moving average before the newest sample. */
  public enum Trend {
    /** More than 0.02 below the average. */
    DEGRADING,
    /** Neither. */
    STABLE,
    /** More than 0.02 above the average. */
    IMPROVING
  }

  /** What was decided about a chunk, and why. In the order in which the questions are asked. */
  public enum Verdict {
    /** This process does not decide about the chunk: it does not lead, or the chunk is not live. */
    NOT_LEADER,
    /** A move of the chunk is under way. */
    IN_FLIGHT,
    /** It went to and fro too often, and stays for ten cooldowns. */
    PINNED,
    /** It was moved lately. */
    COOLDOWN,
    /** No holder has a score. */
    NO_SCORE,
    /** The worst holder is good enough. */
    ABOVE_FLOOR,
    /** Asked again, the worst holder is good enough, or has no score any more. */
    LIVE_RECOVERED,
    /** No other worker can take it, or the scorer names none. */
    NO_ALTERNATIVE,
    /** The alternative is not better by more than the gap. */
    GAP,
    /** It is, but not by more than the move costs. */
    COST,
    /** It would be moved, if fewer moves were under way or fewer bytes. */
    BUDGET,
    /** A move is asked for. */
    MOVE
  }
}
