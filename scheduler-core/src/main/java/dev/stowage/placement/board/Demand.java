package dev.stowage.placement.board;

import dev.stowage.placement.fleet.WideSum;
import java.util.Arrays;

/**
 * What is wanted of each eligibility's chunks: how many bytes on the workers that are levelled, in
 * how many zones these bytes have to lie, and, where domains are limited, in how many replicas.
 */
public final class Demand {
  /** Floors from here on are counted as this one: more zones than that bind nobody. */
  private static final int MOST_FLOOR = 64;

  /** Bytes wanted of each pool's chunks on the workers that are levelled. */
  public WideSum[] bytes;

  /** By pool and floor, the bytes of the chunks with that floor, each counted once. */
  private WideSum[][] byFloor;

  /** By pool and number of replicas, the bytes of the chunks that ask for so many, once each. */
  private WideSum[][] byCount;

  Demand(int pools) {
    bytes = WideSum.zeros(pools);
    byFloor = new WideSum[pools][0];
    byCount = new WideSum[pools][0];
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
      byCount = Arrays.copyOf(byCount, pools);
      Arrays.fill(byCount, known, pools, new WideSum[0]);
    }
  }

  void clear() {
    for (int pool = 0; pool < bytes.length; pool++) {
      bytes[pool].clear();
      byFloor[pool] = new WideSum[0];
      byCount[pool] = new WideSum[0];
    }
  }

  void add(Demand other) {
    for (int pool = 0; pool < bytes.length; pool++) {
      bytes[pool].add(other.bytes[pool]);
      for (int floor = other.byFloor[pool].length - 1; floor >= 0; floor--) {
        of(byFloor, pool, floor).add(other.byFloor[pool][floor]);
      }
      for (int count = other.byCount[pool].length - 1; count >= 0; count--) {
        of(byCount, pool, count).add(other.byCount[pool][count]);
      }
    }
  }

  /** Counts a chunk that has to lie in so many zones if there are so many, or takes it out. */
  void spread(int pool, int floor, long size, int sign) {
    // a single replica lies in a zone anyway
    if (floor > 1) {
      of(byFloor, pool, Math.min(floor, MOST_FLOOR)).addSigned(size, sign);
    }
  }

  /** Counts a chunk that asks for so many replicas, or takes it out; where domains are limited. */
  void count(int pool, int replicas, long size, int sign) {
    of(byCount, pool, Math.min(replicas, MOST_FLOOR)).addSigned(size, sign);
  }

  /** A chunk comes to another number of replicas than it asked for; where domains are limited. */
  void countOtherwise(int pool, int replicas, int instead, long size) {
    if (replicas != instead) {
      count(pool, replicas, size, -1);
      count(pool, instead, size, 1);
    }
  }

  /**
   * The bytes that have to lie outside of some domains, which may have only so many replicas of a
   * chunk each.
   *
   * @param domains how many domains
   * @param most how many replicas of a chunk each may have
   */
  public WideSum beyond(int pool, int domains, int most) {
    WideSum sum = new WideSum();
    long within = (long) domains * most;
    for (int replicas = byCount[pool].length - 1; replicas > within; replicas--) {
      for (long more = within; more < replicas; more++) {
        sum.add(byCount[pool][replicas]);
      }
    }
    return sum;
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

  private static WideSum of(WideSum[][] sums, int pool, int number) {
    int known = sums[pool].length;
    if (number >= known) {
      sums[pool] = Arrays.copyOf(sums[pool], number + 1);
      System.arraycopy(WideSum.zeros(number + 1 - known), 0, sums[pool], known, number + 1 - known);
    }
    return sums[pool][number];
  }
}
