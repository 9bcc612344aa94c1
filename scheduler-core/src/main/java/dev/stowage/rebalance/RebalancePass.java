package dev.stowage.rebalance;

import dev.stowage.model.ChunkKey;
import dev.stowage.model.Tick;
import dev.stowage.model.WorkerId;
import dev.stowage.rebalance.MoveExplanation.Verdict;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

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
 * @param sampledChunks the number of chunks sampled
 */
public record RebalancePass(
    Tick tick,
    List<MoveIntent> moves,
    List<Wish> wishes,
    List<ChunkKey> cooling,
    List<WorkerId> avoided,
    List<WorkerId> relieved,
    List<MoveExplanation> explained,
    Map<Verdict, Integer> counts,
    long sampledChunks) {
  /** Copies the collections. */
  public RebalancePass {
    Objects.requireNonNull(tick, "tick");
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
  public record Wish(ChunkKey chunk, WorkerId from, WorkerId to) {
    /** Throws {@code NullPointerException} for nulls. */
    public Wish {
      Objects.requireNonNull(chunk, "chunk");
      Objects.requireNonNull(from, "from");
      Objects.requireNonNull(to, "to");
    }
  }
}
