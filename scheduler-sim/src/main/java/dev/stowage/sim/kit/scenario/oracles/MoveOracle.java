package dev.stowage.sim.kit.scenario.oracles;

import dev.stowage.model.WorkerId;
import dev.stowage.rebalance.MoveExplanation.MoveRecord;
import dev.stowage.rebalance.RebalanceConfig.MoveBudget;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The moves of a rebalancer that are under way stay within its budget. Stateless. */
public final class MoveOracle {
  private MoveOracle() {}

  /** Returns the bound that the moves exceed; empty if there is none. */
  public static Optional<Finding> over(MoveBudget budget, List<MoveRecord> moves) {
    List<MoveRecord> underWay = moves.stream().filter(MoveRecord::isInFlight).toList();
    if (underWay.size() > budget.inFlight()) {
      return found(underWay.size() + " moves are under way", budget.inFlight());
    }
    Map<WorkerId, Integer> into = new HashMap<>();
    Map<WorkerId, Integer> off = new HashMap<>();
    for (MoveRecord move : underWay) {
      if (into.merge(move.to(), 1, Integer::sum) > budget.intoWorker()) {
        return found(into.get(move.to()) + " moves go into " + move.to(), budget.intoWorker());
      }
      if (off.merge(move.from(), 1, Integer::sum) > budget.offWorker()) {
        return found(off.get(move.from()) + " moves leave " + move.from(), budget.offWorker());
      }
    }
    return Optional.empty();
  }

  private static Optional<Finding> found(String what, int most) {
    return Optional.of(new Finding("move budget", what + ", the budget allows " + most));
  }
}
