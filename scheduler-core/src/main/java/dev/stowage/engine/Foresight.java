package dev.stowage.engine;

import dev.stowage.Preview;
import dev.stowage.answer.Explanation;
import dev.stowage.answer.Progress.CopyTime;
import dev.stowage.command.Command;
import dev.stowage.command.Result;
import dev.stowage.command.ResultCode;
import dev.stowage.command.own.LeaderCommand;
import dev.stowage.lifecycle.CyclePlan;
import dev.stowage.lifecycle.Lifecycle;
import dev.stowage.lifecycle.LifecycleState;
import dev.stowage.lifecycle.answering.CopySpeed;
import dev.stowage.lifecycle.answering.Explainer;
import dev.stowage.lifecycle.answering.Reading;
import dev.stowage.lifecycle.rows.ChangeSet;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.Tick;
import dev.stowage.model.WorkerId;
import dev.stowage.placement.PlacementPlan;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Previews and explains a leader's decisions without change. Guarded by the engine's lock. */
public final class Foresight {
  private final LeaderTerm leader;

  Foresight(LeaderTerm leader) {
    this.leader = leader;
  }

  Result.Scheduled previewCycle(Tick tick) {
    LifecycleState state = leader.mirror();
    leader.time().read(state);
    LeaderCommand.Schedule cycle = leader.cycles.nextCycle(tick);
    return leader.distrustingErrors(it -> {
      Lifecycle.Outcome<Result.Scheduled> outcome = leader.lifecycle().execute(state, cycle, tick);
      state.rollback(outcome.changes());
      return outcome.result();
    });
  }

  // Commands are carried out and taken back under the lock; the plan is made without it.
  Preview preview(List<Command<?>> commands, Tick tick) {
    LeaderCommand.Schedule next = new LeaderCommand.Schedule(leader.cycles.standingAdvice());
    Optional<Result.Scheduled> untimely = leader.time().untimely(leader.mirror(), next, tick);
    if (untimely.isPresent()) {
      return Preview.refused(untimely.get().code(), List.of());
    }
    Tick counted = leader.time().counted(leader.mirror(), tick);
    leader.cycles.warmUp(next.advice(), counted);
    List<Result> results = new ArrayList<>();
    Optional<CyclePlan> from = leader.distrustingErrors(it -> foreseen(commands, counted, results));
    if (from.isEmpty()) {
      return Preview.refused(results.get(results.size() - 1).code(), results);
    }
    List<Preview> made = new ArrayList<>(1);
    leader.outsideLock.accept(() -> made.add(previewOf(from.get(), results)));
    Preview preview = made.get(0);
    return preview.taking(
        CopySpeed.ofPlan(leader.mirror(), preview.changes(), leader.time().tickLength()));
  }

  private Optional<CyclePlan> foreseen(List<Command<?>> commands, Tick tick, List<Result> results) {
    LifecycleState state = leader.mirror();
    List<ChangeSet> done = new ArrayList<>();
    state.hold();
    try {
      for (Command<?> command : commands) {
        Lifecycle.Outcome<?> outcome = leader.lifecycle().execute(state, command, tick);
        done.add(outcome.changes());
        results.add(outcome.result());
        if (!outcome.result().isAccepted()) {
          return Optional.empty();
        }
      }
      return Optional.of(leader.lifecycle().foresee(state, leader.cycles.nextCycle(tick), tick));
    } finally {
      for (int at = done.size() - 1; at >= 0; at--) {
        state.rollback(done.get(at));
      }
      state.settle();
    }
  }

  private static Preview previewOf(CyclePlan from, List<Result> results) {
    if (from.held().isPresent()) {
      return Preview.held(results, from.held().get());
    }
    PlacementPlan plan = from.plan();
    return new Preview(
        ResultCode.ACCEPTED,
        results,
        plan.planHash(),
        from.changes(),
        plan.figures().bytesByCause(),
        from.deferred(),
        from.shortfalls(),
        from.stuck(),
        CopyTime.NONE,
        Optional.empty());
  }

  public Optional<Explanation> explainPlacement(ChunkKey chunk, Tick tick) {
    return leader
        .distrustingErrors(it -> prepareAnew(tick).explain(chunk))
        .map(found -> Explainer.withOrigins(leader.mirror(), found, chunk));
  }

  public Optional<Explanation> explainPlacement(WorkerId worker, Tick tick) {
    return leader.distrustingErrors(it -> prepareAnew(tick).explain(worker));
  }

  Reading reading() {
    return Reading.of(leader.mirror(), leader.lifecycle().forecast());
  }

  private CyclePlan prepareAnew(Tick tick) {
    LifecycleState state = leader.mirror();
    leader.lifecycle().reconsider();
    leader.time().read(state);
    Tick counted = Lifecycle.counted(state, tick);
    LeaderCommand.Schedule cycle = leader.cycles.nextCycle(counted);
    return leader
        .lifecycle()
        .prepare(state, cycle, counted)
        .orElseGet(() -> leader.lifecycle().foresee(state, cycle, counted));
  }
}
