package dev.stowage.placement.answer;

import dev.stowage.placement.PlanFigures;
import dev.stowage.placement.PoolFactor;
import dev.stowage.placement.Shortage;
import dev.stowage.placement.board.Board;
import java.util.List;

/**
 * A plan that is made.
 *
 * @param board the board as the plan leaves it
 * @param actions what is done
 * @param deferrals new chunks that are left out, in canonical order
 * @param shortfalls established chunks that stay below their floor, in canonical order
 * @param factors by pool and weight
 * @param figures by which the plan is judged
 */
public record PlanOutcome(
    Board board,
    ActionList actions,
    List<Shortage> deferrals,
    List<Shortage> shortfalls,
    List<PoolFactor> factors,
    PlanFigures figures) {}
