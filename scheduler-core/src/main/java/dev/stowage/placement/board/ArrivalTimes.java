package dev.stowage.placement.board;

import dev.stowage.columns.IntList;
import dev.stowage.columns.IntSet;
import dev.stowage.model.Worker;
import dev.stowage.placement.PlacementInput.ChunkBits;
import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * The seconds after which workers have the urgent copies of a plan: repairs, and copies that leave
 * a worker. A copy comes after all bytes on the way to its worker, at the described rate of its
 * link; a worker without one has it at once. A copy is in time within a quarter more than the links
 * need together, and the time of one copy, as for list scheduling (Graham, 1966): a narrow link
 * gets its share, and among wide ones the level decides.
 */
public final class ArrivalTimes {
  private static final double MARGIN = 1.25;

  private final long[] coming;
  private final long[] rate;
  private final long[] size;
  private final IntSet urgent = new IntSet();
  private final double horizon;

  /** Judges the chunks that lack copies, and the {@code odd} ones if bytes of theirs must leave. */
  ArrivalTimes(Board board, IntList starved, IntList odd, long[] leaving) {
    coming = board.coming;
    rate = board.fleet.rate;
    size = board.chunks.size;
    double bytes = Arrays.stream(leaving).asDoubleStream().sum();
    for (int i = 0; bytes > 0 && i < odd.size(); i++) {
      urgent.add(odd.get(i));
    }
    for (int i = 0; i < starved.size(); i++) {
      int chunk = starved.get(i);
      if (!board.chunks.is(chunk, ChunkBits.RAISING)) {
        urgent.add(chunk);
        bytes += (double) size[chunk] * (board.chunks.floor(chunk) - board.soundCount(chunk));
      }
    }
    horizon = horizon(board, bytes);
  }

  /** Returns the time in which the links carry the bytes, if no link is idle before, and more. */
  private double horizon(Board board, double bytes) {
    int[] byTime =
        IntStream.of(board.fleet.order)
            .filter(worker -> board.fleet.placeable[worker] && isPaced(worker))
            .boxed()
            .sorted(Comparator.comparingDouble(worker -> seconds(worker, 0)))
            .mapToInt(Integer::intValue)
            .toArray();
    double rates = 0;
    double widest = 0;
    double sum = bytes;
    double even = 0;
    for (int worker : byTime) {
      if (rates > 0 && seconds(worker, 0) >= even) {
        break;
      }
      sum += coming[worker];
      rates += rate[worker];
      widest = Math.max(widest, (double) rate[worker]);
      even = sum / rates;
    }
    return MARGIN * even + board.largestSize() / Math.max(1, widest);
  }

  private boolean isPaced(int worker) {
    return rate[worker] != Worker.UNBOUNDED;
  }

  public boolean isUrgent(int chunk) {
    return urgent.contains(chunk);
  }

  /** Returns the seconds until a worker has {@code bytes} more. */
  private double seconds(int worker, long bytes) {
    return isPaced(worker) ? ((double) coming[worker] + bytes) / rate[worker] : 0;
  }

  /** Reports whether a worker has a chunk in time. */
  public boolean isInTime(int chunk, int worker) {
    return seconds(worker, size[chunk]) <= horizon;
  }

  /** Compares when two workers have a chunk. */
  public int compare(int chunk, int one, int other) {
    return Double.compare(seconds(one, size[chunk]), seconds(other, size[chunk]));
  }
}
