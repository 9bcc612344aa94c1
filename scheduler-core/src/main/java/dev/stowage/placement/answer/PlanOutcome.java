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
 * A plan that is made.
 *
 * @param board the board as the plan leaves it
 * @param actions what is done
 * @param deferrals new chunks that are left out, in canonical order
 * @param shortfalls established chunks that stay below their floor, in canonical order
 * @param stuck replicas that should leave their worker and cannot, in canonical order
 * @param cutShort the searches that gave up
 * @param factors by pool and weight
 * @param carry what the next plan has to know
 * @param figures by which the plan is judged; null if a long cannot hold one of them
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
   * What the next plan has to know of this one.
   *
   * @param backpressure whether the floors of all chunks exceed the saturated capacity
   * @param debtBytes bytes moved beyond the budget
   * @param debtReplicas replicas moved beyond the budget
   */
  public record Carry(boolean backpressure, long debtBytes, long debtReplicas) {
    /** What a finished plan leaves. */
    public static Carry of(Scan scan, MovementLedger ledger) {
      return new Carry(scan.isBackpressure(), ledger.debtBytes(), ledger.debtReplicas());
    }
  }
}
