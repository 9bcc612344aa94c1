package dev.stowage;

import dev.stowage.answer.Progress.Cause;
import dev.stowage.answer.Progress.CopyTime;
import dev.stowage.command.Result;
import dev.stowage.command.ResultCode;
import dev.stowage.config.HoldUntil;
import dev.stowage.placement.PlacementPlan.PlanPart;
import dev.stowage.placement.PlanChanges;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Tells what commands and the plan behind them would do. If one of the commands is refused, or
 * placing waits, no plan is made: the hash and all lists but {@code results} are empty.
 *
 * @param code {@code ACCEPTED}, the code of the first refused command, or {@code TIME_JUMP}
 * @param results the answers up to the first refused command, in order
 * @param planHash the hash of what the planner read and decided, by {@link PlanPart}
 * @param changes the actions, and what they do to each worker
 * @param bytesByCause the bytes copied by cause, without zeros
 * @param deferred the new chunks that find no place
 * @param shortfalls the established chunks that stay below their floor
 * @param stuck the replicas that should leave their worker and cannot
 * @param time how long the copies of this plan and of those that budgets put off take, behind those
 *     under way
 * @param held what placing waits for; empty if it does not wait
 */
public record Preview(
    ResultCode code,
    List<Result> results,
    String planHash,
    PlanChanges changes,
    Map<Cause, Long> bytesByCause,
    List<Result.Shortage> deferred,
    List<Result.Shortage> shortfalls,
    List<Result.Stuck> stuck,
    CopyTime time,
    Optional<HoldUntil.Wait> held) {
  /** Copies the lists. */
  public Preview {
    results = List.copyOf(results);
    Map<Cause, Long> sums = new EnumMap<>(Cause.class);
    sums.putAll(bytesByCause);
    bytesByCause = java.util.Collections.unmodifiableMap(sums);
    deferred = List.copyOf(deferred);
    shortfalls = List.copyOf(shortfalls);
    stuck = List.copyOf(stuck);
  }

  /** Returns a preview without a plan. */
  public static Preview refused(ResultCode code, List<Result> results) {
    return withoutPlan(code, results, Optional.empty());
  }

  /** Returns a preview of commands behind which placing waits. */
  public static Preview held(List<Result> results, HoldUntil.Wait wait) {
    return withoutPlan(ResultCode.ACCEPTED, results, Optional.of(wait));
  }

  private static Preview withoutPlan(
      ResultCode code, List<Result> results, Optional<HoldUntil.Wait> held) {
    return new Preview(
        code,
        results,
        "",
        PlanChanges.NONE,
        Map.of(),
        List.of(),
        List.of(),
        List.of(),
        CopyTime.NONE,
        held);
  }

  /** Returns this preview with another time. */
  public Preview taking(CopyTime other) {
    return new Preview(
        code, results, planHash, changes, bytesByCause, deferred, shortfalls, stuck, other, held);
  }

  /** Reports whether the commands would be accepted. */
  public boolean isAccepted() {
    return code.isAccepted();
  }
}
