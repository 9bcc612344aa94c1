package dev.stowage.audit;

import dev.stowage.answer.Violation.Invariant;
import dev.stowage.columns.IntList;
import dev.stowage.columns.MergeSort;
import dev.stowage.lifecycle.LifecycleView;
import dev.stowage.model.DatasetId;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.TreeSet;

/**
 * State: live chunks share no block, except sides of pending swaps; visible ones share none.
 *
 * <p>Sweeps over the first blocks. Pending swaps order the live chunks of a block in one line, so
 * that only neighbours in topological order are compared: n log n for n chunks. Chunks that break
 * the invariant are compared pair by pair.
 */
final class NoOverlap implements StateCheck {
  @Override
  public void check(Facts fleet, Findings findings) {
    new Sweep(fleet, findings).run();
  }

  /** One check. Not thread-safe. */
  static final class Sweep {
    private final Facts fleet;
    private final LifecycleView rows;
    private final PendingSwaps swaps;
    private final Findings findings;
    private final TreeSet<Integer> open;
    private final PriorityQueue<Integer> ending;
    private int visible;
    private long steps;

    Sweep(Facts fleet, Findings findings) {
      this.fleet = fleet;
      this.findings = findings;
      rows = fleet.rows;
      swaps = new PendingSwaps(fleet);
      open = new TreeSet<>(this::compare);
      ending = new PriorityQueue<>(Comparator.comparingLong(this::last));
    }

    private long first(int chunk) {
      return rows.chunkRange(chunk).first();
    }

    private long last(int chunk) {
      return rows.chunkRange(chunk).last();
    }

    void run() {
      Map<DatasetId, IntList> byDataset = new LinkedHashMap<>();
      for (int chunk : fleet.chunks()) {
        if (fleet.isLive(chunk) || fleet.isVisible(chunk)) {
          byDataset.computeIfAbsent(rows.chunkDataset(chunk), any -> new IntList()).add(chunk);
        }
      }
      byDataset.values().forEach(chunks -> sweep(chunks.toArray()));
    }

    private void sweep(int[] order) {
      new MergeSort(order, (one, other) -> Long.compare(first(one), first(other)))
          .sort(0, order.length);
      int end;
      for (int start = 0; start < order.length; start = end) {
        long last = last(order[start]);
        end = start + 1;
        while (end < order.length && first(order[end]) <= last) {
          last = Math.max(last, last(order[end++]));
        }
        if (end > start + 1 && (swaps.isCyclic() || !sweepBlocks(order, start, end))) {
          judgePairs(Arrays.copyOfRange(order, start, end));
        }
      }
    }

    /** Finds whether pending swaps order all chunks of each block, and one at most is visible. */
    private boolean sweepBlocks(int[] order, int from, int to) {
      open.clear();
      ending.clear();
      visible = 0;
      int end;
      for (int start = from; start < to; start = end) {
        long first = first(order[start]);
        close(first);
        end = start;
        while (end < to && first(order[end]) == first) {
          int chunk = order[end++];
          steps++;
          visible += fleet.isVisible(chunk) ? 1 : 0;
          ending.add(chunk);
          if (fleet.isLive(chunk)) {
            open.add(chunk);
          }
        }
        // All of the block first: swaps then relate neighbours directly.
        for (int at = start; at < end; at++) {
          if (visible > 1 || (fleet.isLive(order[at]) && !isBetweenItsLike(order[at]))) {
            return false;
          }
        }
      }
      return true;
    }

    private void close(long first) {
      while (!ending.isEmpty() && last(ending.element()) < first) {
        int chunk = ending.remove();
        visible -= fleet.isVisible(chunk) ? 1 : 0;
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

    private void judgePairs(int[] order) {
      Map<Integer, Integer> places = new HashMap<>();
      for (int at = 0; at < order.length; at++) {
        places.put(order[at], at);
      }
      BitSet[] reached = new BitSet[order.length];
      for (int at = 0; at < reached.length; at++) {
        BitSet found = new BitSet();
        swaps.reach(
            order[at],
            chunk -> {
              Integer place = places.get(chunk);
              if (place != null) {
                found.set(place);
              }
            });
        reached[at] = found;
      }
      for (int at = 1; at < reached.length; at++) {
        for (int earlier = 0; earlier < at; earlier++) {
          if (last(order[earlier]) >= first(order[at])) {
            boolean isRelated = reached[at].get(earlier) || reached[earlier].get(at);
            judge(isRelated, order[earlier], order[at]);
          }
        }
      }
    }

    private void judge(boolean isRelated, int one, int other) {
      boolean bothVisible = fleet.isVisible(one) && fleet.isVisible(other);
      boolean bothLive = fleet.isLive(one) && fleet.isLive(other);
      if (bothVisible || (bothLive && !isRelated)) {
        findings.add(
            Invariant.NO_OVERLAP,
            rows.chunkKey(other).toString(),
            (bothVisible ? "visible together with " : "live together with ")
                + rows.chunkKey(one)
                + ", ranges "
                + rows.chunkRange(other)
                + " and "
                + rows.chunkRange(one));
      }
    }

    /** Returns the number of chunks and of relations that were looked at. */
    long steps() {
      return steps + swaps.steps();
    }
  }
}
