package dev.stowage.placement.board;

import dev.stowage.placement.fleet.WideSum;
import java.util.Arrays;

/**
 * What is wanted of each eligibility's chunks: how many bytes on the workers that are levelled, and
 * in how many zones these bytes have to lie.
 */
public final class Demand {
  /** Floors from here on are counted as this one: more zones than that bind nobody. */
  private static final int MOST_FLOOR = 64;

  /** Bytes wanted of each pool's chunks on the workers that are levelled. */
  public WideSum[] bytes;

  /** By pool and floor, the bytes of the chunks with that floor, each counted once. */
  private WideSum[][] byFloor;

  Demand(int pools) {
    bytes = WideSum.zeros(pools);
    byFloor = new WideSum[pools][0];
  }

  Demand copy() {
    Demand copy = new Demand(bytes.length);
    copy.add(this);
    return copy;
  }

  void expect(int pools) {
    int known = bytes.length;
    if (pools > known) {
      bytes = Arrays.copyOf(bytes, pools);
      System.arraycopy(WideSum.zeros(pools - known), 0, bytes, known, pools - known);
      byFloor = Arrays.copyOf(byFloor, pools);
      Arrays.fill(byFloor, known, pools, new WideSum[0]);
    }
  }

  void clear() {
    for (int pool = 0; pool < bytes.length; pool++) {
      bytes[pool].clear();
      byFloor[pool] = new WideSum[0];
    }
  }

  void add(Demand other) {
    for (int pool = 0; pool < bytes.length; pool++) {
      bytes[pool].add(other.bytes[pool]);
      for (int floor = other.byFloor[pool].length - 1; floor >= 0; floor--) {
        of(pool, floor).add(other.byFloor[pool][floor]);
      }
    }
  }

  /** Counts a chunk that has to lie in so many zones if there are so many, or takes it out. */
  void spread(int pool, int floor, long size, int sign) {
    // a single replica lies in a zone anyway
    if (floor > 1) {
      of(pool, Math.min(floor, MOST_FLOOR)).addSigned(size, sign);
    }
  }

  /** A chunk comes to fewer replicas than its floor, and so to no more zones than that. */
  void spreadLess(int pool, int floor, int count, long size) {
    if (count < floor) {
      spread(pool, floor, size, -1);
      spread(pool, count, size, 1);
    }
  }

  /**
   * The bytes that have to lie outside of some zones, however much these hold.
   *
   * @param zones how many zones
   * @param all in how many zones a chunk of the pool can lie at most
   */
  public WideSum outside(int pool, int zones, int all) {
    WideSum sum = new WideSum();
    for (int floor = zones + 1; floor < byFloor[pool].length; floor++) {
      int zonesWanted = Math.min(floor, all);
      for (int more = zones; more < zonesWanted; more++) {
        sum.add(byFloor[pool][floor]);
      }
    }
    return sum;
  }

  private WideSum of(int pool, int floor) {
    int known = byFloor[pool].length;
    if (floor >= known) {
      byFloor[pool] = Arrays.copyOf(byFloor[pool], floor + 1);
      System.arraycopy(
          WideSum.zeros(floor + 1 - known), 0, byFloor[pool], known, floor + 1 - known);
    }
    return byFloor[pool][floor];
  }
}
