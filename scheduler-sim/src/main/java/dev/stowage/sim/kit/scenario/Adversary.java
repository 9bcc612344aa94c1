package dev.stowage.sim.kit.scenario;

import dev.stowage.model.WorkerId;
import dev.stowage.rebalance.PlacementScorer;
import dev.stowage.rebalance.PlacementScorer.Alternative;
import dev.stowage.rebalance.PlacementScorer.ExcludedWorkers;
import dev.stowage.rebalance.PlacementScorer.ScoredChunk;
import dev.stowage.rebalance.RebalanceConfig;
import dev.stowage.rebalance.RebalanceConfig.MoveBudget;
import dev.stowage.sim.kit.world.Chance;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * A scorer that contradicts itself, drawn from one number: how low it scores replicas, how often it
 * changes its scores, whether it answers differently when called again, how often it returns no
 * opinion, returns an invalid score, or throws. Within one tick, equal questions get equal answers,
 * so that two worlds with equal histories receive equal scores. Not thread-safe.
 */
final class Adversary implements PlacementScorer {
  private final long number;
  private final LongSupplier tick;
  private final Supplier<List<WorkerId>> workers;
  private final RebalanceConfig config;
  private final int period;
  private final int ceiling;
  private final int mutePercent;
  private final int wildPercent;
  private final boolean isLiar;
  private final boolean isStamped;
  private boolean isSilent;

  /**
   * Creates the adversary of a world.
   *
   * @param number the seed of its draws
   * @param tick the present tick
   * @param workers the workers that it can name, in order
   */
  Adversary(long number, LongSupplier tick, Supplier<List<WorkerId>> workers) {
    this.number = number;
    this.tick = tick;
    this.workers = workers;
    Chance chance = Chance.ofSeed(number);
    period = 1 + chance.below(8);
    ceiling = chance.happens(50) ? 400_000 : 1_000_000;
    mutePercent = chance.happens(50) ? 0 : chance.below(40);
    wildPercent = chance.happens(50) ? 0 : chance.below(20);
    isLiar = chance.happens(30);
    isStamped = chance.happens(50);
    config =
        RebalanceConfig.defaults()
            .withThresholds((5 + chance.below(5)) / 10.0, chance.below(2) / 10.0)
            .withTimes(ticks(1 + chance.below(8)), ticks(1 + chance.below(6)))
            .withBudget(
                MoveBudget.DEFAULT.withMoves(
                    1 + chance.below(8), 1 + chance.below(4), 1 + chance.below(4)));
  }

  private static Duration ticks(int count) {
    return SchedulerMaker.TICK.multipliedBy(count);
  }

  RebalanceConfig config() {
    return config;
  }

  void silent(boolean silent) {
    isSilent = silent;
  }

  boolean isSilent() {
    return isSilent;
  }

  /** Returns the draws about one thing, constant for a period of ticks. */
  private Chance about(String what, Object of) {
    String asked = what + " of " + of + " in " + tick.getAsLong() / period;
    return Chance.ofSeed(number * 31 + asked.hashCode());
  }

  private OptionalDouble drawn(String what, ScoredChunk chunk, WorkerId worker) {
    Chance chance = about(what, chunk.key() + "@" + worker);
    if (chance.happens(mutePercent)) {
      return OptionalDouble.empty();
    }
    if (chance.happens(wildPercent)) {
      return OptionalDouble.of(wild(chance));
    }
    return OptionalDouble.of(chance.below(ceiling + 1) / 1e6);
  }

  private static double wild(Chance chance) {
    return switch (chance.below(4)) {
      case 0 -> Double.NaN;
      case 1 -> 7.0;
      case 2 -> -1;
      default -> throw new IllegalStateException("this scorer throws");
    };
  }

  @Override
  public OptionalDouble score(ScoredChunk chunk, WorkerId worker) {
    return drawn("score", chunk, worker);
  }

  @Override
  public OptionalDouble liveScore(ScoredChunk chunk, WorkerId worker) {
    return drawn(isLiar ? "live score" : "score", chunk, worker);
  }

  /** Returns any worker, possibly an unknown one. */
  @Override
  public Optional<Alternative> bestAlternative(ScoredChunk chunk, ExcludedWorkers excluded) {
    Chance chance = about("alternative", chunk.key());
    List<WorkerId> open =
        workers.get().stream().filter(worker -> !excluded.contains(worker)).toList();
    if (open.isEmpty() || chance.happens(mutePercent)) {
      return Optional.empty();
    }
    WorkerId best = chance.happens(5) ? WorkerId.of("nobody") : open.get(chance.below(open.size()));
    return Optional.of(
        new Alternative(
            best, chance.happens(wildPercent) ? wild(chance) : 1 - chance.below(3) / 10.0));
  }

  @Override
  public OptionalLong nodeFingerprint(WorkerId worker) {
    return isStamped ? OptionalLong.of(about("fingerprint", worker).next()) : OptionalLong.empty();
  }
}
