package dev.stowage.placement;

import java.util.Arrays;

/** The chunks with a slot on each worker, ascending; built only when some step asks for it. */
final class WorkerIndex {
  final int[] start;
  final int[] chunk;

  WorkerIndex(int[] start, int[] chunk) {
    this.start = start;
    this.chunk = chunk;
  }

  /** Indexes the slots on the workers that {@code wanted} names. */
  static WorkerIndex of(Board board, boolean[] wanted) {
    return board.catalogue.chunksOn(board, wanted);
  }

  /** The same by looking at every slot of these chunks, which come in canonical order. */
  static WorkerIndex scan(Board board, boolean[] wanted, int[] chunkList) {
    int[] start = new int[board.fleet.count + 1];
    forEach(board, wanted, chunkList, (worker, chunk) -> start[worker + 1]++);
    for (int worker = 0; worker < board.fleet.count; worker++) {
      start[worker + 1] += start[worker];
    }
    int[] next = start.clone();
    int[] chunks = new int[start[board.fleet.count]];
    forEach(board, wanted, chunkList, (worker, chunk) -> chunks[next[worker]++] = chunk);
    return new WorkerIndex(start, chunks);
  }

  static WorkerIndex ofAll(Board board) {
    boolean[] all = new boolean[board.fleet.count];
    Arrays.fill(all, true);
    return of(board, all);
  }

  private static void forEach(Board board, boolean[] wanted, int[] chunkList, Visitor visitor) {
    Slots slots = board.slots;
    for (int chunk : chunkList) {
      int end = slots.end(chunk);
      for (int slot = slots.begin(chunk); slot < end; slot++) {
        int worker = slots.worker(slot);
        if (wanted[worker]) {
          visitor.visit(worker, chunk);
        }
      }
    }
  }

  private interface Visitor {
    void visit(int worker, int chunk);
  }
}
