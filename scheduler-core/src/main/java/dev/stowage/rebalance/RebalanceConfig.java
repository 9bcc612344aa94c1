package dev.stowage.rebalance;

import dev.stowage.rebalance.tables.Micros;
import java.time.Duration;
import java.util.Objects;

/**
 * When a move is worth it, and how many go at once. Immutable.
 *
 * @param scoreFloor a holder below it may be left, 0 to 1
 * @param hysteresisGap the alternative must be better by more than this, 0 to 1; twice as much for
 *     a way back within two cooldowns
 * @param cooldown how long a chunk rests after a move, above zero
 * @param decisionInterval after this time scores are sampled again although nothing has changed,
 *     above zero; also how long an intent stands that the planner does not follow
 * @param costModel what a move costs
 * @param budget how much may be under way
 * @param examinedPerPass chunks for which one pass asks for alternatives, at least 1
 * @param rememberedMoves moves that are remembered for cooldowns and reversals, at least 1
 */
public record RebalanceConfig(
    double scoreFloor,
    double hysteresisGap,
    Duration cooldown,
    Duration decisionInterval,
    MigrationCostModel costModel,
    MoveBudget budget,
    int examinedPerPass,
    int rememberedMoves) {
  /** How many times a chunk may go back before it is pinned. */
  public static final int MOST_REVERSALS = 3;

  /** For how many cooldowns a chunk is pinned, and its moves are remembered. */
  public static final int PINNED_COOLDOWNS = 10;

  private static final RebalanceConfig DEFAULT =
      new RebalanceConfig(
          0.5,
          0.2,
          Duration.ofMinutes(5),
          Duration.ofSeconds(30),
          MigrationCostModel.DEFAULT,
          MoveBudget.DEFAULT,
          4_096,
          10_000);

  /** Refuses what is outside of its range. */
  public RebalanceConfig {
    requirePoints(scoreFloor, "scoreFloor");
    requirePoints(hysteresisGap, "hysteresisGap");
    requireAboveZero(cooldown, "cooldown");
    requireAboveZero(decisionInterval, "decisionInterval");
    Objects.requireNonNull(costModel, "costModel");
    Objects.requireNonNull(budget, "budget");
    if (examinedPerPass < 1 || rememberedMoves < 1) {
      throw new IllegalArgumentException(
          "examinedPerPass is "
              + examinedPerPass
              + ", rememberedMoves "
              + rememberedMoves
              + "; at least 1 is accepted");
    }
  }

  /** Floor 0.5, gap 0.2, cooldown 5 min, interval 30 s, 0.1 points a second. */
  public static RebalanceConfig defaults() {
    return DEFAULT;
  }

  /** This configuration with another floor and gap. */
  public RebalanceConfig withThresholds(double floor, double gap) {
    return new RebalanceConfig(
        floor,
        gap,
        cooldown,
        decisionInterval,
        costModel,
        budget,
        examinedPerPass,
        rememberedMoves);
  }

  /** This configuration with another cooldown and decision interval. */
  public RebalanceConfig withTimes(Duration rest, Duration interval) {
    return new RebalanceConfig(
        scoreFloor,
        hysteresisGap,
        rest,
        interval,
        costModel,
        budget,
        examinedPerPass,
        rememberedMoves);
  }

  /** This configuration with another cost model. */
  public RebalanceConfig withCostModel(MigrationCostModel model) {
    return new RebalanceConfig(
        scoreFloor,
        hysteresisGap,
        cooldown,
        decisionInterval,
        model,
        budget,
        examinedPerPass,
        rememberedMoves);
  }

  /** This configuration with another budget. */
  public RebalanceConfig withBudget(MoveBudget other) {
    return new RebalanceConfig(
        scoreFloor,
        hysteresisGap,
        cooldown,
        decisionInterval,
        costModel,
        other,
        examinedPerPass,
        rememberedMoves);
  }

  /** This configuration with other bounds of what one pass examines and of what is remembered. */
  public RebalanceConfig withBounds(int examined, int remembered) {
    return new RebalanceConfig(
        scoreFloor,
        hysteresisGap,
        cooldown,
        decisionInterval,
        costModel,
        budget,
        examined,
        remembered);
  }

  private static void requirePoints(double value, String name) {
    if (!Micros.isScore(value)) {
      throw new IllegalArgumentException(name + " is " + value + "; 0 to 1 is accepted");
    }
  }

  private static void requireAboveZero(Duration value, String name) {
    if (value.isNegative() || value.isZero()) {
      throw new IllegalArgumentException(name + " is " + value + "; above zero is accepted");
    }
  }

  /**
   * How much may be under way at once; a chunk has at most one move under way.
   *
   * @param inFlight moves in all, at least 1
   * @param intoWorker moves into one worker, at least 1
   * @param offWorker moves off one worker, at least 1
   * @param bytesPerSecond bytes of moves begun per second, at least 1
   * @param burstBytes bytes that may begin at once, at least 1; a larger move waits until all of
   *     them are there, and is then paid for by those that come
   */
  public record MoveBudget(
      int inFlight, int intoWorker, int offWorker, long bytesPerSecond, long burstBytes) {
    /** 16 in all, 2 into and 2 off a worker, any bytes. */
    public static final MoveBudget DEFAULT =
        new MoveBudget(16, 2, 2, Long.MAX_VALUE, Long.MAX_VALUE);

    /** Refuses bounds below 1. */
    public MoveBudget {
      if (inFlight < 1 || intoWorker < 1 || offWorker < 1 || bytesPerSecond < 1 || burstBytes < 1) {
        throw new IllegalArgumentException(
            "budget is "
                + inFlight
                + ", "
                + intoWorker
                + ", "
                + offWorker
                + ", "
                + bytesPerSecond
                + ", "
                + burstBytes
                + "; at least 1 of each is accepted");
      }
    }

    /** This budget with other bytes. */
    public MoveBudget withBytes(long perSecond, long burst) {
      return new MoveBudget(inFlight, intoWorker, offWorker, perSecond, burst);
    }

    /** This budget with other numbers of moves: in all, into one worker, off one worker. */
    public MoveBudget withMoves(int inAll, int into, int off) {
      return new MoveBudget(inAll, into, off, bytesPerSecond, burstBytes);
    }
  }
}
