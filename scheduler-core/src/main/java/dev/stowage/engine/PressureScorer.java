package dev.stowage.engine;

import dev.stowage.columns.Fnv;
import dev.stowage.lifecycle.LifecycleView;
import dev.stowage.lifecycle.ObservedPressure;
import dev.stowage.lifecycle.rows.WorkerRow;
import dev.stowage.model.WorkerId;
import dev.stowage.placement.PlacementInput.KeyHash;
import dev.stowage.pressure.PressureSnapshot.PressureBand;
import dev.stowage.rebalance.MoveExplanation.MoveRecord;
import dev.stowage.rebalance.PlacementScorer;
import dev.stowage.rebalance.PlacementScorer.ScoredChunk;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Scores workers by the bands of pressure that they report: 0 if critical, 0.25 if high, 0.5 if
 * elevated, above 0.8 if normal. Names the least strained normal worker, to ten percent; a hash of
 * chunk and worker spreads chunks over those that are alike. Has no opinion of a worker without a
 * report, with a stale one, or with one from before the last move off it or to it, so that no more
 * is moved than was seen to be needed. Thread-safe.
 */
public final class PressureScorer implements PlacementScorer {
  private static final int STEP_PERCENT = 10;
  private static final double POINTS_PER_STEP = 0.025;

  private volatile Map<WorkerId, ObservedPressure> reported = Map.of();

  /** Takes in what the workers of a fleet have reported, and its remembered moves. */
  public void read(LifecycleView state, List<MoveRecord> moves) {
    Map<WorkerId, Long> asked = new HashMap<>();
    for (MoveRecord move : moves) {
      asked.merge(move.from(), move.askedTick(), Math::max);
      asked.merge(move.to(), move.askedTick(), Math::max);
    }
    long tick = state.largestTick().value();
    long staleAfter = state.config().feedback().staleAfterTicks();
    Map<WorkerId, ObservedPressure> now = new TreeMap<>();
    state.forEachWorker(worker -> {
      ObservedPressure said = state.workerRow(worker).pressure();
      WorkerId id = state.workerId(worker);
      boolean isNew =
          said.measuredTick() == WorkerRow.NOT_TOLD
              || said.measuredTick() > asked.getOrDefault(id, Long.MIN_VALUE);
      if (isNew && !said.equals(ObservedPressure.NONE) && !said.isStaleAt(tick, staleAfter)) {
        now.put(id, said);
      }
    });
    reported = now;
  }

  private static double points(ObservedPressure said) {
    return switch (said.band()) {
      case NORMAL -> 1 - POINTS_PER_STEP * Math.floorDiv(said.percent(), STEP_PERCENT);
      case ELEVATED -> 0.5;
      case HIGH -> 0.25;
      case CRITICAL -> 0;
    };
  }

  @Override
  public OptionalDouble score(ScoredChunk chunk, WorkerId worker) {
    ObservedPressure said = reported.get(worker);
    return said == null ? OptionalDouble.empty() : OptionalDouble.of(points(said));
  }

  @Override
  public Optional<Alternative> bestAlternative(ScoredChunk chunk, ExcludedWorkers excluded) {
    long key = KeyHash.of(chunk.key());
    return reported.entrySet().stream()
        .filter(each -> each.getValue().band() == PressureBand.NORMAL)
        .filter(each -> !excluded.contains(each.getKey()))
        .map(each -> new Alternative(each.getKey(), points(each.getValue())))
        .max(
            Comparator.comparingDouble(Alternative::score)
                .thenComparingLong(each -> Fnv.fold(key, each.worker().value())));
  }

  @Override
  public OptionalLong nodeFingerprint(WorkerId worker) {
    ObservedPressure said = reported.get(worker);
    return OptionalLong.of(said == null ? -1 : Double.doubleToLongBits(points(said)));
  }

  @Override
  public String reason(WorkerId worker) {
    @Nullable ObservedPressure said = reported.get(worker);
    return said == null ? "" : said.inWords();
  }
}
