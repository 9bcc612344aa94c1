package dev.stowage.placement.index;

import dev.stowage.columns.IntList;
import dev.stowage.columns.MergeSort;
import dev.stowage.placement.SlotOrder;
import dev.stowage.placement.board.Judge;
import dev.stowage.placement.board.Scan;
import java.util.Arrays;

/**
 * The chunks of an index that some step of a plan may have work for. Chunks are struck when the
 * list is read; the sorted part stays sorted.
 */
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

  /** Discards the sorting, because a slot was given to a chunk with another place. */
  void misplace() {
    sorted = 0;
  }

  /** Passes the chunks to a scan in canonical order and strikes those without work. */
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
