package dev.stowage.placement.board;

/**
 * The chunks with a slot on each worker, ascending; entries of worker w begin at {@code start[w]}.
 */
public final class WorkerIndex {
  public final int[] start;
  public final int[] chunk;

  public WorkerIndex(int[] start, int[] chunk) {
    this.start = start;
    this.chunk = chunk;
  }
}
