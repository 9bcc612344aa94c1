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
 * What one pass decided. Immutable.
 *
 * @param tick the tick that it worked with
 * @param moves the moves that it asks for, the most useful first
 * @param wishes all moves that are asked for and not begun, those of earlier passes first
 * @param cooling chunks that are to stay where they are: moved lately, under way, or pinned
 * @param avoided workers that take nothing new
 * @param explained every chunk for which the scorer was asked, with all numbers
 * @param counts how many led chunks have which verdict
 * @param sampledChunks chunks whose holders were scored anew
 */
public record RebalancePass(
    Tick tick,
    List<MoveIntent> moves,
    List<Wish> wishes,
    List<ChunkKey> cooling,
    List<WorkerId> avoided,
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
    explained = List.copyOf(explained);
    EnumMap<Verdict, Integer> copy = new EnumMap<>(Verdict.class);
    copy.putAll(counts);
    counts = Collections.unmodifiableMap(copy);
  }

  /**
   * A move that stands.
   *
   * @param chunk the chunk
   * @param from the worker that it leaves
   * @param to the worker that it goes to
   */
  public record Wish(ChunkKey chunk, WorkerId from, WorkerId to) {
    /** Refuses nulls. */
    public Wish {
      Objects.requireNonNull(chunk, "chunk");
      Objects.requireNonNull(from, "from");
      Objects.requireNonNull(to, "to");
    }
  }

  /** How many led chunks have this verdict. */
  public int count(Verdict verdict) {
    return counts.getOrDefault(verdict, 0);
  }
}
