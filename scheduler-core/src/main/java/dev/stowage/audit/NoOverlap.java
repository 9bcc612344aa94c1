package dev.stowage.audit;

import dev.stowage.answer.Violation.Invariant;
import dev.stowage.model.DatasetId;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * State: live chunks share no block, except sides of pending swaps; visible ones share none.
 *
 * <p>Sweeps over the first blocks. Pending swaps order the live chunks of a block in one line, so
 * that only neighbours in topological order are compared: n log n for n chunks. Chunks that break
 * the invariant are compared pair by pair.
 */
final class NoOverlap implements StateCheck {
  @Override
  public void check(FleetSnapshot fleet, Findings findings) {
    new Sweep(fleet, findings).run();
  }

  /** One check. Not thread-safe. */
  static final class Sweep {
    private final ChunkColumns chunks;
    private final PendingSwaps swaps;
    private final Findings findings;
    private final int[] order;
    private final TreeSet<Integer> open;
    private final PriorityQueue<Integer> ending;
    private int visible;
    private long steps;

    Sweep(FleetSnapshot fleet, Findings findings) {
      this.findings = findings;
      chunks = fleet.chunks();
      swaps = new PendingSwaps(fleet);
      order = inBlockOrder(chunks);
      open = new TreeSet<>(this::compare);
      ending = new PriorityQueue<>(Comparator.comparingLong(chunk -> chunks.last[chunk]));
    }

    void run() {
      int end;
      for (int start = 0; start < order.length; start = end) {
        long last = chunks.last[order[start]];
        end = start + 1;
        while (end < order.length
            && chunks.first[order[end]] <= last
            && chunks.dataset[order[end]].equals(chunks.dataset[order[start]])) {
          last = Math.max(last, chunks.last[order[end++]]);
        }
        if (end > start + 1 && (swaps.isCyclic() || !sweepBlocks(start, end))) {
          judgePairs(start, end);
        }
      }
    }

    /** Finds whether pending swaps order all chunks of each block, and one at most is visible. */
    private boolean sweepBlocks(int from, int to) {
      open.clear();
      ending.clear();
      visible = 0;
      int end;
      for (int start = from; start < to; start = end) {
        long first = chunks.first[order[start]];
        close(first);
        end = start;
        while (end < to && chunks.first[order[end]] == first) {
          int chunk = order[end++];
          steps++;
          visible += chunks.state[chunk] == ChunkColumns.VISIBLE ? 1 : 0;
          ending.add(chunk);
          if (chunks.isLive(chunk)) {
            open.add(chunk);
          }
        }
        // All of the block first: swaps then relate neighbours directly.
        for (int at = start; at < end; at++) {
          if (visible > 1 || (chunks.isLive(order[at]) && !isBetweenItsLike(order[at]))) {
            return false;
          }
        }
      }
      return true;
    }

    private void close(long first) {
      while (!ending.isEmpty() && chunks.last[ending.element()] < first) {
        int chunk = ending.remove();
        visible -= chunks.state[chunk] == ChunkColumns.VISIBLE ? 1 : 0;
        open.remove(chunk);
      }
    }

    private boolean isBetweenItsLike(int chunk) {
      Integer before = open.lower(chunk);
      Integer after = open.higher(chunk);
      return (before == null || swaps.leads(before, chunk))
          && (after == null || swaps.leads(chunk, after));
    }

    private int compare(int one, int other) {
      int byRank = Integer.compare(swaps.rank(one), swaps.rank(other));
      return byRank != 0 ? byRank : Integer.compare(one, other);
    }

    private void judgePairs(int from, int to) {
      Map<Integer, Integer> places = new HashMap<>();
      for (int at = from; at < to; at++) {
        places.put(order[at], at - from);
      }
      BitSet[] reached = new BitSet[to - from];
      for (int at = 0; at < reached.length; at++) {
        BitSet found = new BitSet();
        swaps.reach(
            order[from + at],
            chunk -> {
              Integer place = places.get(chunk);
              if (place != null) {
                found.set(place);
              }
            });
        reached[at] = found;
      }
      for (int at = 1; at < reached.length; at++) {
        int chunk = order[from + at];
        for (int earlier = 0; earlier < at; earlier++) {
          int other = order[from + earlier];
          if (chunks.last[other] >= chunks.first[chunk]) {
            boolean isRelated = reached[at].get(earlier) || reached[earlier].get(at);
            judge(chunks, isRelated, other, chunk, findings);
          }
        }
      }
    }

    /** Returns the number of chunks and of relations that were looked at. */
    long steps() {
      return steps + swaps.steps();
    }
  }

  private static void judge(
      ChunkColumns chunks, boolean isRelated, int one, int other, Findings findings) {
    boolean bothVisible =
        chunks.state[one] == ChunkColumns.VISIBLE && chunks.state[other] == ChunkColumns.VISIBLE;
    boolean bothLive = chunks.isLive(one) && chunks.isLive(other);
    if (bothVisible || (bothLive && !isRelated)) {
      findings.add(
          Invariant.NO_OVERLAP,
          chunks.key(other).toString(),
          (bothVisible ? "visible together with " : "live together with ")
              + chunks.key(one)
              + ", ranges "
              + chunks.first[other]
              + "-"
              + chunks.last[other]
              + " and "
              + chunks.first[one]
              + "-"
              + chunks.last[one]);
    }
  }

  private static int[] inBlockOrder(ChunkColumns chunks) {
    Ordinals ordinals = new Ordinals();
    int[] dataset = new int[chunks.count];
    int[] order = new int[chunks.count];
    int size = 0;
    for (int chunk = 0; chunk < chunks.count; chunk++) {
      if (chunks.isLive(chunk) || chunks.state[chunk] == ChunkColumns.VISIBLE) {
        dataset[chunk] = ordinals.of(chunks.dataset[chunk]);
        order[size++] = chunk;
      }
    }
    int[] trimmed = Arrays.copyOf(order, size);
    sort(trimmed, new int[size], 0, size, new BlockOrder(dataset, chunks.first));
    return trimmed;
  }

  private static final class Ordinals {
    private static final int AT_HAND = 8;

    private final Map<DatasetId, Integer> all = new HashMap<>();
    private final @Nullable DatasetId[] atHand = new DatasetId[AT_HAND];

    int of(DatasetId dataset) {
      for (int ordinal = 0; ordinal < AT_HAND; ordinal++) {
        if (dataset == atHand[ordinal] || dataset.equals(atHand[ordinal])) {
          return ordinal;
        }
      }
      int ordinal = all.computeIfAbsent(dataset, id -> all.size());
      if (ordinal < AT_HAND) {
        atHand[ordinal] = dataset;
      }
      return ordinal;
    }
  }

  // Merge sort; one comparison for a run already in order.
  private static void sort(int[] order, int[] spare, int from, int to, BlockOrder by) {
    if (to - from < 2) {
      return;
    }
    int middle = (from + to) >>> 1;
    sort(order, spare, from, middle, by);
    sort(order, spare, middle, to, by);
    if (!by.isAfter(order[middle - 1], order[middle])) {
      return;
    }
    System.arraycopy(order, from, spare, from, middle - from);
    int left = from;
    int right = middle;
    for (int i = from; left < middle; i++) {
      boolean takeRight = right < to && by.isAfter(spare[left], order[right]);
      order[i] = takeRight ? order[right++] : spare[left++];
    }
  }

  private record BlockOrder(int[] dataset, long[] first) {
    boolean isAfter(int one, int other) {
      return dataset[one] != dataset[other]
          ? dataset[one] > dataset[other]
          : first[one] > first[other];
    }
  }
}
