package dev.stowage.placement.answer;

import dev.stowage.placement.PlacementPlan;
import dev.stowage.placement.PlanFigures;
import dev.stowage.placement.PoolFactor;
import dev.stowage.placement.Search;
import dev.stowage.placement.Shortage;
import dev.stowage.placement.board.Board;
import dev.stowage.placement.board.MovementLedger;
import dev.stowage.placement.board.Scan;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A finished plan; its lists are in canonical order.
 *
 * @param figures null if one of them does not fit a long
 */
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

  /**
   * The state that the next plan needs.
   *
   * @param backpressure true if the floors of all chunks exceed the saturated capacity
   * @param debtBytes bytes moved beyond the budget
   * @param debtReplicas replicas moved beyond the budget
   */
  public record Carry(boolean backpressure, long debtBytes, long debtReplicas) {
    public static Carry of(Scan scan, MovementLedger ledger) {
      return new Carry(scan.isBackpressure(), ledger.debtBytes(), ledger.debtReplicas());
    }
  }
}
