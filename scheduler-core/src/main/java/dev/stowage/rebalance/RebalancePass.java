package dev.stowage.rebalance;

import dev.stowage.model.ChunkKey;
import dev.stowage.model.Tick;
import dev.stowage.model.WorkerId;
import dev.stowage.rebalance.MoveExplanation.Verdict;
import dev.stowage.shape.Shape;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The result of one pass. Immutable.
 *
 * @param tick the tick used
 * @param moves the moves asked for, most useful first
 * @param wishes all moves asked for and not begun, older ones first
 * @param cooling chunks to keep in place: moved lately, under way, or pinned
 * @param avoided workers that take nothing new
 * @param relieved workers that leveling fills no more: moves took chunks off them within the
 *     cooldown, or a chunk of theirs scores below the floor
 * @param explained every examined chunk, with all numbers
 * @param counts the number of led chunks by verdict
 */
public record RebalancePass(
    Tick tick,
    List<MoveIntent> moves,
    List<Wish> wishes,
    List<ChunkKey> cooling,
    List<WorkerId> avoided,
    List<WorkerId> relieved,
    List<MoveExplanation> explained,
    Map<Verdict, Integer> counts) {
  /** Copies the collections. */
  public RebalancePass {
    moves = List.copyOf(moves);
    wishes = List.copyOf(wishes);
    cooling = List.copyOf(cooling);
    avoided = List.copyOf(avoided);
    relieved = List.copyOf(relieved);
    explained = List.copyOf(explained);
    EnumMap<Verdict, Integer> copy = new EnumMap<>(Verdict.class);
    copy.putAll(counts);
    counts = Collections.unmodifiableMap(copy);
  }

  /** A move of a chunk off a worker to another, asked for and not begun. */
  public record Wish(ChunkKey chunk, WorkerId from, WorkerId to) {}

  /**
   * A wish to move a replica of {@code chunk}; the copy is confirmed before the old one drains.
   *
   * @param from the worker to leave
   * @param to the worker to go to
   * @param sizeBytes bytes to copy
   * @param gainMicros the gain of score, in micro-points
   * @param costMicros the cost, in micro-points
   * @param reason the scorer's words for leaving, at most {@value #MOST_CHARACTERS} characters
   */
  public record MoveIntent(
      ChunkKey chunk,
      WorkerId from,
      WorkerId to,
      long sizeBytes,
      long gainMicros,
      long costMicros,
      String reason) {
    /** The most characters of a reason; what is beyond them is cut off. */
    public static final int MOST_CHARACTERS = 64;

    /** The fields of an intent. */
    static final Shape<MoveIntent> SHAPE =
        Shape.derived(
            "move",
            MoveIntent.class,
            row -> {
              row.<WorkerId>value("from").subject("worker");
              row.<WorkerId>value("to").subject("worker");
            });

    /** Cuts the reason; throws {@code NullPointerException} for nulls. */
    public MoveIntent {
      reason = reason.substring(0, Math.min(reason.length(), MOST_CHARACTERS));
    }
  }

  /**
   * The counts of a rebalancer, since its first pass. Immutable.
   *
   * @param verdicts verdicts given, summed over chunks and passes
   * @param scorers the calls of scorers
   */
  public record RebalanceStats(Map<Verdict, Long> verdicts, ScorerStats scorers) {
    /** Copies the map. */
    public RebalanceStats {
      EnumMap<Verdict, Long> copy = new EnumMap<>(Verdict.class);
      copy.putAll(verdicts);
      verdicts = Collections.unmodifiableMap(copy);
    }

    /**
     * The calls of scorers since the rebalancer began. Faults count as no opinion.
     *
     * @param invalid scores not finite or not in [0, 1]
     * @param failures calls that threw or returned null
     * @param lastFailure the newest fault, in words
     */
    public record ScorerStats(long invalid, long failures, Optional<String> lastFailure) {}
  }
}
