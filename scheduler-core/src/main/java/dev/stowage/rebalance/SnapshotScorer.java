package dev.stowage.rebalance;

import dev.stowage.model.WorkerId;
import dev.stowage.rebalance.PlacementScorer.Alternative;
import dev.stowage.rebalance.PlacementScorer.ExcludedWorkers;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/** Scores by a snapshot, and live by another scorer. As thread-safe as the two are. */
public final class SnapshotScorer implements PlacementScorer {
  private final ScoreSnapshot snapshot;
  private final PlacementScorer live;

  /** Creates a scorer; the snapshot may still be changed by the caller. */
  public SnapshotScorer(ScoreSnapshot snapshot, PlacementScorer live) {
    this.snapshot = Objects.requireNonNull(snapshot, "snapshot");
    this.live = Objects.requireNonNull(live, "live");
  }

  @Override
  public OptionalDouble score(ScoredChunk chunk, WorkerId worker) {
    return snapshot.get(chunk.key(), worker);
  }

  @Override
  public OptionalDouble liveScore(ScoredChunk chunk, WorkerId worker) {
    return live.liveScore(chunk, worker);
  }

  @Override
  public Optional<Alternative> bestAlternative(ScoredChunk chunk, ExcludedWorkers excluded) {
    return live.bestAlternative(chunk, excluded);
  }

  @Override
  public OptionalLong nodeFingerprint(WorkerId worker) {
    return live.nodeFingerprint(worker);
  }

  @Override
  public Optional<MigrationCost> migrationCost(ScoredChunk chunk, WorkerId target) {
    return live.migrationCost(chunk, target);
  }
}
