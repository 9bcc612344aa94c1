package dev.stowage.engine;

import dev.stowage.lifecycle.KeptValue;
import dev.stowage.lifecycle.LifecycleView;
import dev.stowage.model.ChunkKey;
import dev.stowage.rebalance.AvoidList;
import dev.stowage.rebalance.MoveExplanation;
import dev.stowage.rebalance.MoveExplanation.MoveRecord;
import dev.stowage.rebalance.MoveExplanation.Verdict;
import dev.stowage.rebalance.ScorerRegistry;
import dev.stowage.rebalance.passes.Rebalancer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Foresees the next moves of a fleet's rebalancer for processes that do not lead the fleet. */
public final class MoveForesight {
  private MoveForesight() {}

  /**
   * Returns the verdict on a chunk that the leader of a fleet would reach now, by the settings of
   * its rebalancer and what the fleet keeps; empty if it has no rebalancer. If the host installed a
   * scorer, which only the leader can ask, a chunk that does not rest has {@link Verdict#NO_SCORE}.
   */
  public static Optional<MoveExplanation> foresee(
      LifecycleView state, ChunkKey chunk, Duration tickLength) {
    return state.kept(KeptValue.REBALANCERS).stream()
        .findFirst()
        .map(config -> {
          List<MoveRecord> moves = state.kept(KeptValue.MOVES);
          ScorerRegistry scorers = new ScorerRegistry();
          if (config.byPressure()) {
            PressureScorer pressure = new PressureScorer();
            pressure.read(state, moves);
            scorers.install(pressure);
          }
          AvoidList avoided = new AvoidList(tickLength);
          avoided.restore(state.kept(KeptValue.AVOIDED));
          Rebalancer rebalancer = new Rebalancer(config, scorers, avoided, tickLength);
          rebalancer.restore(moves);
          rebalancer.pass(state, state.largestTick());
          return rebalancer
              .explain(chunk)
              .orElseGet(() ->
                  MoveExplanation.of(
                      chunk, Verdict.NOT_LEADER, "the chunk is not live, or was never possessed"));
        });
  }
}
