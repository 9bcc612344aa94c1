package dev.stowage.placement.input;

import dev.stowage.columns.WideSum;
import dev.stowage.placement.PlacementInput.PoolKey;
import dev.stowage.placement.PlacementInput.ReplicaBits;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Sums what the chunks of each pool with keys ask for and hold, by pool and worker. Changes may
 * come in any order, and sums are exact. A change costs time by the replicas of its chunk, and none
 * for pools without keys.
 */
public final class PoolSums {
  private final List<@Nullable Sums> byPool = new ArrayList<>();

  /** The sums of one pool. */
  public static final class Sums {
    private final WideSum floorBytes = new WideSum();
    private final WideSum weightedBytes = new WideSum();
    private final TreeMap<Integer, Integer> chunksByFloor = new TreeMap<>();
    private int[] copies = {};
    private long[] wanted = {};

    public BigInteger floorBytes() {
      return floorBytes.value();
    }

    public BigInteger weightedBytes() {
      return weightedBytes.value();
    }

    public int floor() {
      return chunksByFloor.isEmpty() ? 0 : chunksByFloor.lastKey();
    }

    public int copies(int worker) {
      return worker < copies.length ? copies[worker] : 0;
    }

    public long wantedBytes(int worker) {
      return worker < wanted.length ? wanted[worker] : 0;
    }

    /** Adds, or with a sign of -1 removes, a chunk without its replicas. */
    public void chunk(long size, int floor, int weight, int sign) {
      floorBytes.addSigned(size, sign * (long) floor);
      weightedBytes.addSigned(size, sign * (long) weight);
      chunksByFloor.merge(floor, sign, (one, other) -> one + other == 0 ? null : one + other);
    }

    /** Adds, or with a sign of -1 removes, a replica. */
    public void replica(long size, int worker, int bits, int sign) {
      if (worker >= copies.length) {
        copies = Arrays.copyOf(copies, Math.max(worker + 1, copies.length * 2));
        wanted = Arrays.copyOf(wanted, copies.length);
      }
      copies[worker] += sign;
      if ((bits & ReplicaBits.STATE_MASK) == ReplicaBits.ASSIGNED) {
        wanted[worker] += sign * size;
      }
    }
  }

  /** Adds the next pool. */
  public void pool(PoolKey key) {
    byPool.add(key.keys().isEmpty() ? null : new Sums());
  }

  /** Returns the sums of a pool, or null if no rule concerns it. */
  public @Nullable Sums of(int pool) {
    return byPool.get(pool);
  }

  /** Reports whether a rule concerns some pool. */
  public boolean isAny() {
    for (Sums each : byPool) {
      if (each != null) {
        return true;
      }
    }
    return false;
  }
}
