package dev.stowage.placement.fleet;

import dev.stowage.columns.Avalanche;
import dev.stowage.placement.FactorMode;
import dev.stowage.placement.PlacementConfig;
import java.math.BigInteger;

/** The chunks of one pool, weight and floor: they all have one factor. */
public final class WeightClass {
  public static final int SAME = 0;
  public static final int FACTOR = 1;
  static final int ALL = 2;

  public final int eligibility;
  final int weight;
  public final int floor;
  final WideSum bytes = new WideSum();

  /** How many chunks it has. */
  int chunks;

  /** Active workers that may be given such a chunk. */
  int workers;

  /** Bytes that its chunks hold on other workers, which may keep them. */
  WideSum elsewhere = new WideSum();

  /** The most replicas that a chunk of the class holds there. */
  int mostElsewhere;

  /** The factor before it is bounded by the number of workers, in millionths. */
  public long millionths;

  /** The share at which the number of workers took the class out of the sharing, -1 if not. */
  long cappedMillionths = -1;

  /** The share {@code weight x K} before damping, in millionths. */
  long shareMillionths;

  /** How many of its chunks are part of an index's sums. */
  public int judged;

  private long judgedFactor;
  private int judgedWorkers;
  private int judgedZones;

  /** The least number of wanted replicas of an established chunk after the plan. */
  public int reached = Integer.MAX_VALUE;

  WeightClass(int eligibility, int weight, int floor) {
    this.eligibility = eligibility;
    this.weight = weight;
    this.floor = floor;
  }

  /** Whether the share exceeds the number of workers that may be given the chunks. */
  boolean isBounded() {
    return shareMillionths > (long) workers * PlacementConfig.ONE;
  }

  /** The most bytes that a share may spend: those of all workers that may hold the chunks. */
  BigInteger spentAt(long millionths) {
    long most = (long) workers * PlacementConfig.ONE;
    BigInteger spent =
        bytes
            .value()
            .multiply(BigInteger.valueOf(Math.min(millionths, most)))
            .divide(BigInteger.valueOf(PlacementConfig.ONE));
    boolean all = millionths >= most + (long) mostElsewhere * PlacementConfig.ONE;
    return all ? spent.add(elsewhere.value()) : spent;
  }

  /** The floor, as far as workers exist. */
  int reachableFloor() {
    return Math.min(floor, workers);
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
   * more, a number of workers that bounds them, or another number of zones to lie in. From here on
   * the class remembers what holds now.
   */
  public int turn(FactorMode mode, int zonesWanted) {
    long factor = Math.max(floor, millionths / PlacementConfig.ONE);
    boolean smooth = mode == FactorMode.SMOOTH;
    long exact = smooth ? -1 - millionths : factor;
    long most = smooth ? factor + 1 : factor;
    boolean bounded = most > Math.min(workers, judgedWorkers) && workers != judgedWorkers;
    int turn = exact != judgedFactor ? FACTOR : SAME;
    turn = bounded || zonesWanted != judgedZones ? ALL : turn;
    judgedFactor = exact;
    judgedWorkers = workers;
    judgedZones = zonesWanted;
    return judged == 0 ? SAME : turn;
  }

  /** The factor that is reported: bounded by floor and workers. */
  long targetMillionths() {
    long least = Math.max(millionths, (long) floor * PlacementConfig.ONE);
    return Math.min(least, ((long) workers + mostElsewhere) * PlacementConfig.ONE);
  }

  /** Whether the two are one row of the report: the same pool and weight. */
  boolean sharesRow(WeightClass other) {
    return eligibility == other.eligibility && weight == other.weight;
  }

  BigInteger weighted() {
    return bytes.value().multiply(BigInteger.valueOf(weight));
  }
}
