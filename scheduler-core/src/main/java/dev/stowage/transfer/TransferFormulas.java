package dev.stowage.transfer;

import dev.stowage.pressure.PressureSnapshot;
import dev.stowage.pressure.Resource;

/**
 * The published formulas of the transfer scheduler. {@code r} is the sum of a chunk's costs, {@code
 * p} is 1 plus the pressure of processors, disk and network.
 */
public final class TransferFormulas {
  /** The unit of large chunks, in bytes. */
  public static final long UNIT_BYTES = 64 << 10;

  /** The most chunks in flight. */
  public static final int MAX_IN_FLIGHT = 32;

  private static final long SECOND = 1_000_000_000L;

  private TransferFormulas() {}

  /** Returns {@code 2.0 early + 1.5 decode}, 1 more for a resume, 3 (1) for 60 s (300 s) left. */
  public static double score(TransferChunk chunk, long nowNanos) {
    TransferChunk.Value value = chunk.value();
    double worth = 2.0 * value.earlyUsability() + 1.5 * value.decodeUsefulness();
    worth += value.resumeBytes() > 0 ? 1.0 : 0.0;
    return worth + deadlineBonus(chunk.deadlineNanos(), nowNanos);
  }

  /** Returns the score less 2.0 CPU cost and 2.0 disk cost, each above its limit. */
  public static double scoreUnderPressure(
      TransferChunk chunk, PressureSnapshot pressure, long nowNanos) {
    double score = score(chunk, nowNanos);
    if (pressure.reading(Resource.CPU) > TransferScheduler.CPU_LIMIT) {
      score -= 2.0 * chunk.costs().cpu();
    }
    if (pressure.reading(Resource.DISK) > TransferScheduler.DISK_LIMIT) {
      score -= 2.0 * chunk.costs().disk();
    }
    return score;
  }

  static double deadlineBonus(long deadlineNanos, long nowNanos) {
    if (deadlineNanos == Long.MAX_VALUE || deadlineNanos <= nowNanos) {
      return 0.0;
    }
    long left = deadlineNanos - nowNanos;
    if (left < 0 || left >= 300 * SECOND) {
      return 0.0;
    }
    return left < 60 * SECOND ? 3.0 : 1.0;
  }

  /** Returns the next change of a deadline's bonus, or {@link Long#MAX_VALUE}. */
  static long nextBonusChange(long deadlineNanos, long nowNanos) {
    if (deadlineNanos == Long.MAX_VALUE || deadlineNanos <= nowNanos) {
      return Long.MAX_VALUE;
    }
    for (long before : new long[] {300 * SECOND, 60 * SECOND}) {
      // the bonus begins when less than this is left
      long at = deadlineNanos - before + 1;
      if (at <= deadlineNanos && at > nowNanos) {
        return at;
      }
    }
    return deadlineNanos;
  }

  /** Returns the scheduler steps of a chunk: {@code ceil(u p + ceil(r))}, at least 1. */
  public static long polls(TransferChunk chunk, PressureSnapshot pressure) {
    long units = Math.max(1, ceilDiv(chunk.sizeBytes(), UNIT_BYTES));
    double steps = units * strain(pressure) + Math.ceil(chunk.costs().sum());
    return Math.max(1, (long) Math.ceil(steps));
  }

  /**
   * Returns {@code max(1, ceil(size / 1024)) + ceil(1024 r) - min(resume / 1024, half of the byte
   * part)}.
   */
  public static long budgetCost(TransferChunk chunk) {
    long byteParts = Math.max(1, ceilDiv(chunk.sizeBytes(), 1024));
    long work = (long) Math.ceil(chunk.costs().sum() * 1024);
    long saved = Math.min(chunk.value().resumeBytes() / 1024, byteParts / 2);
    long cost = byteParts + work - saved;
    return cost < 0 ? Long.MAX_VALUE : cost;
  }

  /**
   * Returns {@code 0.45 stability + 0.20 responsiveness + 0.25 (1 - pressure weighted by cost) +
   * 0.10 (1 - memory)}; a chunk without costs weighs the three pressures alike.
   */
  public static double pathQuality(
      double stability,
      double responsiveness,
      TransferChunk.Costs costs,
      PressureSnapshot pressure) {
    double weighted = weightedPressure(costs, pressure);
    return 0.45 * Shares.clamped(stability)
        + 0.20 * Shares.clamped(responsiveness)
        + 0.25 * (1 - weighted)
        + 0.10 * (1 - pressure.reading(Resource.MEMORY));
  }

  private static double weightedPressure(TransferChunk.Costs costs, PressureSnapshot pressure) {
    double cpu = pressure.reading(Resource.CPU);
    double disk = pressure.reading(Resource.DISK);
    double network = pressure.reading(Resource.NETWORK);
    double sum = costs.sum();
    return sum > 0
        ? (costs.cpu() * cpu + costs.disk() * disk + costs.network() * network) / sum
        : (cpu + disk + network) / 3;
  }

  /**
   * Returns {@code 0.7 previous + 0.3 (max(decode, early) + min(1, resume / size)) m / (1 + r +
   * min(4, wasted / size))}, where an empty chunk counts as one byte.
   */
  public static double repairRoi(double previous, TransferChunk chunk, long wastedBytes) {
    double size = Math.max(1, chunk.sizeBytes());
    TransferChunk.Value value = chunk.value();
    double gain =
        Math.max(value.decodeUsefulness(), value.earlyUsability())
            + Math.min(1.0, value.resumeBytes() / size);
    double effort = 1 + chunk.costs().sum() + Math.min(4.0, wastedBytes / size);
    return 0.7 * previous + 0.3 * (gain * chunk.priority().roiFactor() / effort);
  }

  /** Returns {@code clamp(bonus - 0.75 sameObjectInFlight / 32 - 0.25 inFlight / 32, -1, 1)}. */
  public static double fairness(TransferPriority priority, int sameObjectInFlight, int inFlight) {
    double share =
        priority.fairnessBonus()
            - 0.75 * sameObjectInFlight / MAX_IN_FLIGHT
            - 0.25 * inFlight / MAX_IN_FLIGHT;
    return Shares.clamped(share, -1, 1);
  }

  /** Returns {@code ceil((8 max(1, size / 64 Ki) + 64 r) p (2 - pathQuality))}. */
  public static long durationMillis(
      TransferChunk chunk, PressureSnapshot pressure, double pathQuality) {
    double units = Math.max(1.0, chunk.sizeBytes() / (double) UNIT_BYTES);
    double work = units * 8 + chunk.costs().sum() * 64;
    return (long) Math.ceil(work * strain(pressure) * (2 - pathQuality));
  }

  private static double strain(PressureSnapshot pressure) {
    return 1
        + pressure.reading(Resource.CPU)
        + pressure.reading(Resource.DISK)
        + pressure.reading(Resource.NETWORK);
  }

  private static long ceilDiv(long value, long by) {
    return value / by + (value % by == 0 ? 0 : 1);
  }
}
