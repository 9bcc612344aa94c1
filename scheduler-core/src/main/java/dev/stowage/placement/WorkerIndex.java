package dev.stowage.placement;

/** The chunks with a slot on each worker, ascending; built only when some step asks for it. */
final class WorkerIndex {
  final int[] start;
  final int[] chunk;

  WorkerIndex(int[] start, int[] chunk) {
    this.start = start;
    this.chunk = chunk;
  }
}
