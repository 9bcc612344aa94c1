package dev.stowage.rebalance.scoring;

import dev.stowage.model.WorkerId;
import dev.stowage.rebalance.MigrationCost;
import dev.stowage.rebalance.PlacementScorer.Alternative;
import dev.stowage.rebalance.PlacementScorer.ExcludedWorkers;
import dev.stowage.rebalance.ScoredChunk;
import dev.stowage.rebalance.tables.Micros;
import org.jspecify.annotations.Nullable;

/** The calls before one chunk is moved, ended by the first answer that rules the move out. */
public final class ProbeWork extends ScorerWork {
  private final ScoredChunk chunk;
  private final WorkerId victim;
  private final ExcludedWorkers excluded;
  private final int floorMicros;
  public int liveMicros = Micros.NONE;
  @Nullable public WorkerId target;
  public int targetMicros = Micros.NONE;
  @Nullable public MigrationCost cost;
  public String reason = "";

  public ProbeWork(
      ScorerCalls calls,
      ScoredChunk chunk,
      WorkerId victim,
      ExcludedWorkers excluded,
      int floorMicros) {
    super(calls);
    this.chunk = chunk;
    this.victim = victim;
    this.excluded = excluded;
    this.floorMicros = floorMicros;
  }

  @Override
  void work() {
    liveMicros = goesOn() ? calls.liveScore(chunk, victim) : Micros.NONE;
    if (liveMicros < 0 || liveMicros >= floorMicros || !goesOn()) {
      return;
    }
    Alternative best = calls.alternative(chunk, excluded);
    if (best == null || !goesOn()) {
      return;
    }
    target = best.worker();
    int ranked = calls.judged(best.score());
    int live = calls.liveScore(chunk, best.worker());
    // A live score can be missing; else the lower counts, because a ranking may know the chunk's
    // load.
    targetMicros = live == Micros.NONE ? ranked : Math.min(ranked, live);
    if (goesOn()) {
      cost = calls.cost(chunk, best.worker());
    }
    if (goesOn()) {
      reason = calls.reason(victim);
    }
  }
}
