package dev.stowage.placement.index;

import dev.stowage.columns.IntList;
import dev.stowage.columns.MergeSort;
import dev.stowage.placement.WarmPlanner.SlotOrder;
import dev.stowage.placement.board.Judge;
import dev.stowage.placement.board.Scan;
import java.util.Arrays;

/** The chunks of an index with possible work, struck when read; the sorted part stays sorted. */
final class WorkList {
  /** State bit: the chunk is on the list. */
  static final int NOTED = 16;

  private final SlotOrder canonical;
  private final IntList chunks = new IntList();
  private int sorted;

  WorkList(SlotOrder canonical) {
    this.canonical = canonical;
  }

  /** Adds a chunk if its state has work bits. */
  void note(int chunk, byte[] state) {
    if ((state[chunk] & Judge.MASK) != 0 && (state[chunk] & NOTED) == 0) {
      state[chunk] = (byte) (state[chunk] | NOTED);
      chunks.add(chunk);
    }
  }

  void misplace() {
    sorted = 0;
  }

  void list(byte[] state, Scan scan) {
    int kept = 0;
    int keptSorted = 0;
    for (int i = 0; i < chunks.size(); i++) {
      int chunk = chunks.get(i);
      if ((state[chunk] & Judge.MASK) != 0) {
        chunks.set(kept++, chunk);
        keptSorted += i < sorted ? 1 : 0;
      } else {
        state[chunk] = (byte) (state[chunk] & ~NOTED);
      }
    }
    if (kept == 0) {
      chunks.reuse();
    }
    chunks.truncate(kept);
    sort(keptSorted);
    for (int i = 0; i < kept; i++) {
      scan.list(chunks.get(i), state[chunks.get(i)]);
    }
  }

  private void sort(int already) {
    if (canonical == SlotOrder.ASCENDING) {
      Arrays.sort(chunks.array(), 0, chunks.size());
    } else {
      MergeSort sort = new MergeSort(chunks.array(), canonical::compare);
      sort.sort(already, chunks.size());
      sort.merge(0, already, chunks.size());
    }
    sorted = chunks.size();
  }
}
