package dev.stowage.placement.fleet;

import dev.stowage.columns.Avalanche;
import dev.stowage.columns.WideSum;
import dev.stowage.config.PlacementConfig;
import dev.stowage.config.PlacementConfig.FactorMode;
import java.math.BigInteger;
import java.util.Arrays;

/** The chunks of one pool, weight, floor and cap, which share one factor. */
public final class WeightClass {
  public static final int SAME = 0;
  public static final int FACTOR = 1;
  static final int ALL = 2;

  public final int eligibility;
  final int weight;
  public final int floor;

  /** The most replicas that weight can earn, at least the floor. */
  final int cap;

  final WideSum bytes = new WideSum();

  int chunks;

  int workers;

  int most;

  /** The bytes its chunks hold on workers that keep but take no replicas. */
  WideSum elsewhere = new WideSum();

  /** The most replicas that a chunk of the class holds on such workers. */
  int mostElsewhere;

  /** The factor before the bound by the number of workers, in millionths. */
  public long millionths;

  /** The share in millionths at which a bound ended the sharing; -1 if none did. */
  long cappedMillionths = -1;

  /** The share {@code weight x K} before cap and damping, in millionths. */
  long shareMillionths;

  /** The number of its chunks in an index's sums. */
  public int judged;

  private long judgedFactor;
  private int judgedMost;
  private int[] judgedSpread = {};

  public int reached = Integer.MAX_VALUE;

  WeightClass(int eligibility, int weight, int floor, int cap) {
    this.eligibility = eligibility;
    this.weight = weight;
    this.floor = floor;
    this.cap = cap;
  }

  boolean isBounded() {
    return capped(shareMillionths) > (long) most * PlacementConfig.ONE;
  }

  long capped(long millionths) {
    return Math.min(millionths, (long) cap * PlacementConfig.ONE);
  }

  int sharedUpTo() {
    return Math.min(most, cap);
  }

  /** Returns the bytes spent beyond {@code beside} replicas per chunk; shares in millionths. */
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

  /** Returns the bytes that a share in millionths spends, bounded by the workers of the class. */
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

  boolean isGrown() {
    return capped(shareMillionths) > (long) floor * PlacementConfig.ONE;
  }

  double grown(int beside, FactorMode mode) {
    long share = capped(shareMillionths);
    share -= mode == FactorMode.WHOLE ? share % PlacementConfig.ONE : 0;
    double replicas = Math.min(most, share / (double) PlacementConfig.ONE);
    return Math.max(0, replicas - beside) * bytes.approximate();
  }

  int reachableFloor() {
    return Math.min(floor, most);
  }

  public int factor(FactorMode mode, long keyHash) {
    long whole = millionths / PlacementConfig.ONE;
    if (mode == FactorMode.SMOOTH) {
      long fraction = millionths % PlacementConfig.ONE;
      long draw = Math.multiplyHigh(Avalanche.of(~keyHash) >>> 1, 2L * PlacementConfig.ONE);
      whole += draw < fraction ? 1 : 0;
    }
    return (int) Math.min(Integer.MAX_VALUE, Math.max(floor, whole));
  }

  /** Returns which judged chunks to judge again since the last call. */
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

  /** Reports whether a chunk may ask for more replicas than its workers allow. */
  public boolean mayExceed() {
    return Math.max(floor, millionths / PlacementConfig.ONE + 1) > most;
  }

  long targetMillionths() {
    long all = ((long) most + mostElsewhere) * PlacementConfig.ONE;
    return Math.max(Math.min(millionths, all), (long) floor * PlacementConfig.ONE);
  }

  boolean sharesRow(WeightClass other) {
    return eligibility == other.eligibility && weight == other.weight && cap == other.cap;
  }

  BigInteger weighted() {
    return bytes.value().multiply(BigInteger.valueOf(weight));
  }
}
