package dev.stowage.placement.fleet;

import dev.stowage.columns.Avalanche;
import dev.stowage.placement.FactorMode;
import dev.stowage.placement.PlacementConfig;
import java.math.BigInteger;
import java.util.Arrays;

/** The chunks of one pool, weight, floor and cap: they all have one factor. */
public final class WeightClass {
  public static final int SAME = 0;
  public static final int FACTOR = 1;
  static final int ALL = 2;

  public final int eligibility;
  final int weight;
  public final int floor;

  /** The most replicas that the weight can earn them, at least the floor. */
  final int cap;

  final WideSum bytes = new WideSum();

  /** How many chunks it has. */
  int chunks;

  /** Active workers that may be given such a chunk. */
  int workers;

  /** How many of them may have it at once: all, unless their domains are limited. */
  int most;

  /** Bytes that its chunks hold on other workers, which may keep them. */
  WideSum elsewhere = new WideSum();

  /** The most replicas that a chunk of the class holds there. */
  int mostElsewhere;

  /** The factor before it is bounded by the number of workers, in millionths. */
  public long millionths;

  /** The share at which a bound took the class out of the sharing, -1 if none did. */
  long cappedMillionths = -1;

  /** The share {@code weight x K} before the cap and before damping, in millionths. */
  long shareMillionths;

  /** How many of its chunks are part of an index's sums. */
  public int judged;

  private long judgedFactor;
  private int judgedMost;
  private int[] judgedSpread = {};

  /** The least number of wanted replicas of an established chunk after the plan. */
  public int reached = Integer.MAX_VALUE;

  WeightClass(int eligibility, int weight, int floor, int cap) {
    this.eligibility = eligibility;
    this.weight = weight;
    this.floor = floor;
    this.cap = cap;
  }

  /** Whether the factor exceeds the number of workers that may be given the chunks. */
  boolean isBounded() {
    return capped(shareMillionths) > (long) most * PlacementConfig.ONE;
  }

  /** As much of a share as the cap leaves of it. */
  long capped(long millionths) {
    return Math.min(millionths, (long) cap * PlacementConfig.ONE);
  }

  /** The replicas beyond which the sharing need not look: more may not be, or cannot. */
  int sharedUpTo() {
    return Math.min(most, cap);
  }

  /** The same without so many replicas of each chunk. */
  BigInteger spentAt(long share, int beside) {
    if (beside == 0) {
      return spentAt(share);
    }
    long most = Math.min(capped(share), (long) this.most * PlacementConfig.ONE);
    return bytes
        .value()
        .multiply(BigInteger.valueOf(Math.max(0, most - (long) beside * PlacementConfig.ONE)))
        .divide(BigInteger.valueOf(PlacementConfig.ONE));
  }

  /** The bytes that a share spends, at most those of all workers that may hold the chunks. */
  BigInteger spentAt(long share) {
    long millionths = capped(share);
    long all = (long) most * PlacementConfig.ONE;
    BigInteger spent =
        bytes
            .value()
            .multiply(BigInteger.valueOf(Math.min(millionths, all)))
            .divide(BigInteger.valueOf(PlacementConfig.ONE));
    boolean everything = millionths >= all + (long) mostElsewhere * PlacementConfig.ONE;
    return everything ? spent.add(elsewhere.value()) : spent;
  }

  /** Whether the share is above the floor. */
  boolean isGrown() {
    return capped(shareMillionths) > (long) floor * PlacementConfig.ONE;
  }

  /** The bytes of what is earned beyond so many replicas of each chunk. */
  double grown(int beside, FactorMode mode) {
    long share = capped(shareMillionths);
    share -= mode == FactorMode.WHOLE ? share % PlacementConfig.ONE : 0;
    double replicas = Math.min(most, share / (double) PlacementConfig.ONE);
    return Math.max(0, replicas - beside) * bytes.approximate();
  }

  /** The floor, as far as workers exist. */
  int reachableFloor() {
    return Math.min(floor, most);
  }

  /** The factor as a whole number of replicas, for a chunk with this key; smooth or not. */
  public int factor(FactorMode mode, long keyHash) {
    long whole = millionths / PlacementConfig.ONE;
    if (mode == FactorMode.SMOOTH) {
      long fraction = millionths % PlacementConfig.ONE;
      long draw = Math.multiplyHigh(Avalanche.of(~keyHash) >>> 1, 2L * PlacementConfig.ONE);
      whole += draw < fraction ? 1 : 0;
    }
    return (int) Math.min(Integer.MAX_VALUE, Math.max(floor, whole));
  }

  /**
   * How chunks that were judged may be judged otherwise now: not at all; by another factor; or by
   * more, a number of workers that bounds them, or another number of domains to lie in, of the
   * levels that matter ({@link Fleet#spreadWanted}). From here on the class remembers what holds
   * now.
   */
  public int turn(FactorMode mode, int[] spreadWanted) {
    long factor = Math.max(floor, millionths / PlacementConfig.ONE);
    boolean smooth = mode == FactorMode.SMOOTH;
    long exact = smooth ? -1 - millionths : factor;
    long asked = smooth ? factor + 1 : factor;
    boolean bounded = asked > Math.min(most, judgedMost) && most != judgedMost;
    int turn = exact != judgedFactor ? FACTOR : SAME;
    turn = bounded || !Arrays.equals(spreadWanted, judgedSpread) ? ALL : turn;
    judgedFactor = exact;
    judgedMost = most;
    judgedSpread = spreadWanted;
    return judged == 0 ? SAME : turn;
  }

  /** Whether some chunk of the class may ask for more than those that may have it at once. */
  public boolean mayExceed() {
    return Math.max(floor, millionths / PlacementConfig.ONE + 1) > most;
  }

  /** The factor that is reported: bounded by the workers, and never below the floor. */
  long targetMillionths() {
    long all = ((long) most + mostElsewhere) * PlacementConfig.ONE;
    return Math.max(Math.min(millionths, all), (long) floor * PlacementConfig.ONE);
  }

  /** Whether the two are one row of the report: the same pool, weight and cap. */
  boolean sharesRow(WeightClass other) {
    return eligibility == other.eligibility && weight == other.weight && cap == other.cap;
  }

  BigInteger weighted() {
    return bytes.value().multiply(BigInteger.valueOf(weight));
  }
}
