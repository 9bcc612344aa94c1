package dev.stowage.placement.answer;

import dev.stowage.placement.PlacementPlan;
import dev.stowage.placement.PlacementPlan.KeptBack;
import dev.stowage.placement.PlacementPlan.PlanFigures;
import dev.stowage.placement.PlacementPlan.PoolFactor;
import dev.stowage.placement.PlacementPlan.Search;
import dev.stowage.placement.PlacementPlan.Shortage;
import dev.stowage.placement.board.Board;
import dev.stowage.placement.board.MovementLedger;
import dev.stowage.placement.board.Scan;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A finished plan with lists in canonical order; figures are null if one exceeds a long. */
public record PlanOutcome(
    Board board,
    ActionList actions,
    List<Shortage> deferrals,
    List<Shortage> shortfalls,
    List<PlacementPlan.Stuck> stuck,
    List<Search> cutShort,
    List<PoolFactor> factors,
    Carry carry,
    @Nullable PlanFigures figures) {

  /** The rest for the next plan: debts are bytes and replicas moved beyond the budget. */
  public record Carry(boolean backpressure, long debtBytes, long debtReplicas, KeptBack keptBack) {
    public static Carry of(Scan scan, MovementLedger ledger) {
      return new Carry(
          scan.isBackpressure(), ledger.debtBytes(), ledger.debtReplicas(), ledger.keptBack());
    }
  }
}
