package dev.stowage.placement.phases;

import dev.stowage.columns.WideSum;
import dev.stowage.config.PlacementConfig;
import dev.stowage.placement.board.Board;
import dev.stowage.placement.fleet.Fill;

/** Lowers the levels to the fill of the bytes still to place; spills lower the others evenly. */
final class Pouring {
  /** The precision of a level, in bits. */
  private static final int WHOLE_BITS = 22;

  /** The divisor of the slack above which spilled bytes set the levels again. */
  private static final int SPILL_SHARE = 512;

  /** The most steps of all pours together, so that they cost no square of a large fleet. */
  private static final long MOST_STEPS = 1 << 27;

  private final Board board;
  private final long[] full;
  private final long spillAllowed;
  private long spilled = Long.MAX_VALUE;
  private int pours;

  Pouring(Board board) {
    this.board = board;
    full = board.level.clone();
    int slack = board.input.config.balanceSlackMillionths();
    long allowed = 0;
    long sum = 0;
    for (long level : full) {
      allowed = plus(allowed, Fill.scaled(level, slack, PlacementConfig.ONE) / SPILL_SHARE);
      sum = plus(sum, level);
    }
    long stepsEach = (WHOLE_BITS + 1L) * Math.max(1, full.length);
    spillAllowed = Math.max(allowed, sum / Math.max(1, MOST_STEPS / stepsEach));
  }

  int pours() {
    return pours;
  }

  /** Records bytes placed above a level. */
  void spill(long bytes) {
    spilled = plus(spilled, bytes);
  }

  void pour() {
    if (spilled > spillAllowed) {
      spilled = 0;
      pours++;
      board.searches.spend((WHOLE_BITS + 1L) * full.length);
      int basins = java.util.Arrays.stream(board.basin).max().orElse(0);
      for (int basin = 1; basin <= basins; basin++) {
        pour(basin);
      }
    }
  }

  void end() {
    System.arraycopy(full, 0, board.level, 0, full.length);
  }

  private void pour(int basin) {
    WideSum toPlace = new WideSum();
    for (int worker = 0; worker < full.length; worker++) {
      if (board.basin[worker] == basin) {
        toPlace.add(full[worker]);
        toPlace.subtractProduct(Math.max(0, kept(worker)), 1);
      }
    }
    long bytes = Math.max(0, toPlace.saturated());
    long low = 0;
    long high = 1L << WHOLE_BITS;
    while (low < high) {
      long middle = (low + high) / 2;
      if (room(basin, middle) >= bytes) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    for (int worker = 0; worker < full.length; worker++) {
      if (board.basin[worker] == basin) {
        board.level[worker] = Math.min(board.level[worker], part(worker, high));
      }
    }
  }

  /** Returns the kept bytes; a worker with cut capacity keeps no more than its level. */
  private long kept(int worker) {
    long wanted = board.wantedBytes(worker);
    return board.cut[worker] ? Math.min(wanted, full[worker]) : wanted;
  }

  private long part(int worker, long share) {
    return Fill.scaled(full[worker], share, 1L << WHOLE_BITS);
  }

  private long room(int basin, long share) {
    long room = 0;
    for (int worker = 0; worker < full.length; worker++) {
      if (board.basin[worker] == basin) {
        room = plus(room, Math.max(0, part(worker, share) - board.wantedBytes(worker)));
      }
    }
    return room;
  }

  private static long plus(long one, long other) {
    long sum = one + other;
    return sum < 0 ? Long.MAX_VALUE : sum;
  }
}
