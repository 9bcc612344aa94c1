package dev.stowage.placement.board;

import dev.stowage.columns.WideSum;
import java.util.Arrays;

/** The demand by pool: wanted bytes on levelled workers, and replicas by number of domains. */
public final class Demand {
  /** The highest counted floor; more domains bind no worker. */
  private static final int MOST_FLOOR = 64;

  /** The highest counted number of replicas. */
  private static final int MOST_REPLICAS = 1 << 10;

  private static final WideSum[][] NOTHING = {};

  /** Wanted bytes on levelled workers, by pool. */
  public WideSum[] bytes;

  /** Bytes by pool, floor (wanted domains) and replicas, each chunk counted once. */
  private WideSum[][][] asked;

  Demand(int pools) {
    bytes = WideSum.zeros(pools);
    asked = new WideSum[pools][][];
    Arrays.fill(asked, NOTHING);
  }

  Demand copy() {
    Demand copy = new Demand(bytes.length);
    for (int pool = 0; pool < bytes.length; pool++) {
      copy.bytes[pool].add(bytes[pool]);
      for (int floor = 0; floor < asked[pool].length; floor++) {
        WideSum[] sums = asked[pool][floor];
        for (int replicas = sums.length - 1; replicas >= 0; replicas--) {
          copy.at(pool, floor, replicas).add(sums[replicas]);
        }
      }
    }
    return copy;
  }

  void expect(int pools) {
    int known = bytes.length;
    if (pools > known) {
      bytes = Arrays.copyOf(bytes, pools);
      System.arraycopy(WideSum.zeros(pools - known), 0, bytes, known, pools - known);
      asked = Arrays.copyOf(asked, pools);
      Arrays.fill(asked, known, pools, NOTHING);
    }
  }

  void clear() {
    for (int pool = 0; pool < bytes.length; pool++) {
      bytes[pool].clear();
      asked[pool] = NOTHING;
    }
  }

  void ask(int pool, int floor, int replicas, long size, int sign) {
    askAll(pool, floor, replicas, size, sign);
  }

  void askAll(int pool, int floor, int replicas, long size, int chunks) {
    at(pool, Math.min(Math.min(floor, replicas), MOST_FLOOR), Math.min(replicas, MOST_REPLICAS))
        .addSigned(size, chunks);
  }

  void askOtherwise(int pool, int floor, long size, int replicas, int instead) {
    if (replicas != instead) {
      ask(pool, floor, replicas, size, -1);
      ask(pool, floor, instead, size, 1);
    }
  }

  @FunctionalInterface
  public interface Listener {
    void asked(int floor, int replicas, WideSum bytes);
  }

  public void forEach(int pool, Listener listener) {
    for (int floor = 0; floor < asked[pool].length; floor++) {
      WideSum[] sums = asked[pool][floor];
      for (int replicas = 1; replicas < sums.length; replicas++) {
        if (!sums[replicas].isZero()) {
          listener.asked(floor, replicas, sums[replicas]);
        }
      }
    }
  }

  private WideSum at(int pool, int floor, int replicas) {
    WideSum[][] ofPool = asked[pool];
    if (floor >= ofPool.length) {
      int known = ofPool.length;
      ofPool = Arrays.copyOf(ofPool, floor + 1);
      Arrays.fill(ofPool, known, floor + 1, new WideSum[0]);
      asked[pool] = ofPool;
    }
    int known = ofPool[floor].length;
    if (replicas >= known) {
      WideSum[] longer = Arrays.copyOf(ofPool[floor], replicas + 1);
      System.arraycopy(WideSum.zeros(replicas + 1 - known), 0, longer, known, replicas + 1 - known);
      ofPool[floor] = longer;
    }
    return ofPool[floor][replicas];
  }
}
