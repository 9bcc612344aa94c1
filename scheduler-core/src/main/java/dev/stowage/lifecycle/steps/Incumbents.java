package dev.stowage.lifecycle.steps;

import dev.stowage.answer.ChunkStatus.ChunkState;
import dev.stowage.lifecycle.state.ChunkOrder;
import dev.stowage.lifecycle.state.Tables;
import dev.stowage.model.BlockRange;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntPredicate;

/**
 * The chunks that readers see, or will with this cycle, where the cycle looks. Each block of the
 * live chunks is searched once, so that a chain of pending swaps is not read again by each link.
 */
final class Incumbents {
  private final Tables tables;
  private final Map<Integer, Shown> shownBy = new HashMap<>();

  private static final class Shown {
    final TreeMap<Long, Long> searched = new TreeMap<>();
    final ChunkOrder order = new ChunkOrder();
  }

  Incumbents(Tables tables) {
    this.tables = tables;
  }

  /** Returns the first one that shares a block with {@code chunk} and passes, or -1. */
  int firstOverlap(int chunk, IntPredicate passes) {
    BlockRange range = tables.chunks.facts.range(chunk);
    Shown shown = shownBy(chunk);
    search(shown, chunk, range);
    return shown.order.firstOverlap(range.first(), range.last(), tables.chunks.facts, passes);
  }

  void add(int chunk) {
    Shown shown = shownBy(chunk);
    shown.order.remove(chunk, tables.chunks.facts);
    shown.order.add(chunk, tables.chunks.facts);
  }

  void remove(int chunk) {
    shownBy(chunk).order.remove(chunk, tables.chunks.facts);
  }

  private Shown shownBy(int chunk) {
    return shownBy.computeIfAbsent(tables.chunks.facts.dataset(chunk), dataset -> new Shown());
  }

  /** Searches a range with all that overlaps it, because the cycle mostly asks about that next. */
  private void search(Shown shown, int chunk, BlockRange range) {
    Map.Entry<Long, Long> known = shown.searched.floorEntry(range.first());
    if (known != null && known.getValue() >= range.last()) {
      return;
    }
    ChunkOrder live = tables.chunks.liveOrderOf(chunk);
    long[] hull = {range.first(), range.last()};
    IntPredicate meets =
        at -> {
          BlockRange other = tables.chunks.facts.range(at);
          hull[0] = Math.min(hull[0], other.first());
          hull[1] = Math.max(hull[1], other.last());
          if (tables.chunks.isLive(at) && tables.chunks.stateOf(at) == ChunkState.VISIBLE) {
            add(at);
          }
          return false;
        };
    live.firstOverlap(range.first(), range.last(), tables.chunks.facts, meets);
    long first = range.first();
    long last = range.last();
    while (hull[0] < first || hull[1] > last) {
      if (hull[0] < first) {
        long to = first - 1;
        first = hull[0];
        live.firstOverlap(first, to, tables.chunks.facts, meets);
      } else {
        long from = last + 1;
        last = hull[1];
        live.firstOverlap(from, last, tables.chunks.facts, meets);
      }
    }
    shown.searched.subMap(first, true, last, true).clear();
    shown.searched.put(first, last);
  }
}
