package dev.stowage.audit;

/** One column per fact about a swap; sides are chunk positions, without purged chunks. */
final class SwapColumns {
  static final byte PENDING = 0;
  static final byte FIRED = 1;
  static final byte CANCELLED = 2;

  final int count;
  final long[] id;
  final byte[] state;
  final int[][] oldSide;
  final int[][] newSide;

  SwapColumns(int count) {
    this.count = count;
    id = new long[count];
    state = new byte[count];
    oldSide = new int[count][];
    newSide = new int[count][];
  }
}
