package dev.stowage.audit;

import dev.stowage.model.DatasetId;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** State: live chunks share no block, except sides of pending swaps; visible ones share none. */
final class NoOverlap implements StateCheck {
  @Override
  public void check(FleetSnapshot fleet, Findings findings) {
    ChunkColumns chunks = fleet.chunks();
    int[] order = inBlockOrder(chunks);
    PendingSwaps swaps = new PendingSwaps(fleet);
    int[] open = new int[16];
    int openCount = 0;
    for (int chunk : order) {
      int kept = 0;
      for (int i = 0; i < openCount; i++) {
        int other = open[i];
        boolean reaches =
            chunks.last[other] >= chunks.first[chunk]
                && chunks.dataset[other].equals(chunks.dataset[chunk]);
        if (reaches) {
          judge(chunks, swaps, other, chunk, findings);
          open[kept++] = other;
        }
      }
      if (kept == open.length) {
        open = Arrays.copyOf(open, kept * 2);
      }
      open[kept] = chunk;
      openCount = kept + 1;
    }
  }

  private static void judge(
      ChunkColumns chunks, PendingSwaps swaps, int one, int other, Findings findings) {
    boolean bothVisible =
        chunks.state[one] == ChunkColumns.VISIBLE && chunks.state[other] == ChunkColumns.VISIBLE;
    boolean bothLive = chunks.isLive(one) && chunks.isLive(other);
    if (bothVisible || (bothLive && !swaps.relate(one, other))) {
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
