package dev.stowage.placement.board;

/** The chunks with a slot on each worker, ascending; {@code start} is indexed by worker. */
public final class WorkerIndex {
  public final int[] start;
  public final int[] chunk;

  public WorkerIndex(int[] start, int[] chunk) {
    this.start = start;
    this.chunk = chunk;
  }
}
