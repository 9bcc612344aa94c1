package dev.stowage.rebalance;

import dev.stowage.model.WorkerId;
import dev.stowage.rebalance.PlacementScorer.Alternative;
import dev.stowage.rebalance.PlacementScorer.ExcludedWorkers;
import dev.stowage.rebalance.PlacementScorer.MigrationCost;
import dev.stowage.rebalance.PlacementScorer.ScoredChunk;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/** Scores, alternatives, costs and fingerprints as a test sets them; counts what it is asked. */
final class FixedScorer implements PlacementScorer {
  private final Map<String, Double> scores = new HashMap<>();
  private final Map<String, Double> live = new HashMap<>();
  private final Map<String, Alternative> alternatives = new HashMap<>();
  private final Map<String, MigrationCost> costs = new HashMap<>();
  private final Map<String, Long> fingerprints = new HashMap<>();
  int scoreCalls;

  FixedScorer score(String chunk, String worker, double score) {
    scores.put(chunk + "@" + worker, score);
    return this;
  }

  FixedScorer live(String chunk, String worker, double score) {
    live.put(chunk + "@" + worker, score);
    return this;
  }

  FixedScorer best(String chunk, String worker, double score) {
    alternatives.put(chunk, new Alternative(WorkerId.of(worker), score));
    return this;
  }

  FixedScorer cost(String chunk, MigrationCost cost) {
    costs.put(chunk, cost);
    return this;
  }

  FixedScorer fingerprint(String worker, long value) {
    fingerprints.put(worker, value);
    return this;
  }

  @Override
  public OptionalDouble score(ScoredChunk chunk, WorkerId worker) {
    scoreCalls++;
    return optional(scores.get(chunk.key().id() + "@" + worker));
  }

  @Override
  public OptionalDouble liveScore(ScoredChunk chunk, WorkerId worker) {
    String pair = chunk.key().id() + "@" + worker;
    return optional(live.containsKey(pair) ? live.get(pair) : scores.get(pair));
  }

  @Override
  public Optional<Alternative> bestAlternative(ScoredChunk chunk, ExcludedWorkers excluded) {
    return Optional.ofNullable(alternatives.get(chunk.key().id()))
        .filter(best -> !excluded.contains(best.worker()));
  }

  @Override
  public OptionalLong nodeFingerprint(WorkerId worker) {
    Long value = fingerprints.get(worker.value());
    return value == null ? OptionalLong.empty() : OptionalLong.of(value);
  }

  @Override
  public Optional<MigrationCost> migrationCost(ScoredChunk chunk, WorkerId target) {
    return Optional.ofNullable(costs.get(chunk.key().id()));
  }

  private static OptionalDouble optional(Double score) {
    return score == null ? OptionalDouble.empty() : OptionalDouble.of(score);
  }
}
