package dev.stowage.lifecycle;

import dev.stowage.answer.LeaderStanding;
import dev.stowage.command.Result;
import dev.stowage.command.Result.BudgetInForce;
import dev.stowage.model.Tick;
import dev.stowage.model.WorkerId;
import dev.stowage.model.WorkerStatus;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Keeps what the last plan of a leader says of replicas that are to leave their workers.
 * Collections are not copied and must not be changed.
 *
 * @param tick the tick of the plan; empty before the first
 * @param leaving the workers that it was to empty
 * @param stuck the replicas that it could not move
 * @param budget the budget that it was made with; empty if unknown
 * @param isBackpressure whether the fleet could not hold the demanded replicas
 * @param levels its water levels, highest first
 */
public record Forecast(
    Optional<Tick> tick,
    Set<WorkerId> leaving,
    List<Result.Stuck> stuck,
    Optional<BudgetInForce> budget,
    boolean isBackpressure,
    List<LeaderStanding.Level> levels) {
  /** No plan. */
  public static final Forecast NONE =
      new Forecast(Optional.empty(), Set.of(), List.of(), Optional.empty(), false, List.of());

  /** Returns the levels of the plan; empty before the first. */
  public Optional<List<LeaderStanding.Level>> planned() {
    return tick.map(it -> levels);
  }

  /** Reports whether the plan was made while the worker was to leave, or to stay, as it is now. */
  public boolean isOf(WorkerId worker, WorkerStatus now) {
    return tick.isPresent() && leaving.contains(worker) == (now == WorkerStatus.LEAVING);
  }
}
