package dev.stowage.engine;

import dev.stowage.lifecycle.Command;
import dev.stowage.lifecycle.Leaving;
import dev.stowage.lifecycle.Lifecycle;
import dev.stowage.lifecycle.LifecycleExplanation;
import dev.stowage.lifecycle.LifecycleState;
import dev.stowage.lifecycle.Preparation;
import dev.stowage.lifecycle.Result;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.Tick;
import dev.stowage.model.WorkerId;
import dev.stowage.placement.Explanation;
import java.util.Optional;

/** What a leader would do now, and why; nothing is changed. Belongs to the desk's lock. */
public final class Foresight {
  private final Leadership leader;

  Foresight(Leadership leader) {
    this.leader = leader;
  }

  /** Executes a command and undoes it at once: what would happen now. */
  <R extends Result> R preview(Command<R> command, Tick tick) {
    LifecycleState state = leader.mirror();
    leader.time().read(state);
    return leader.whole(() -> {
      Lifecycle.Outcome<R> outcome = leader.lifecycle().execute(state, command, tick);
      state.rollback(outcome.changes());
      return outcome.result();
    });
  }

  /** Executes a scheduling cycle under the advice that stands, and undoes it at once. */
  Result.Scheduled previewCycle(Tick tick) {
    return preview(new Command.Schedule(leader.standingAdvice()), tick);
  }

  /** Plans as if asked anew, and explains a chunk by that plan; empty if it is not planned for. */
  public Optional<Explanation> explainPlacement(ChunkKey chunk, Tick tick) {
    return leader.whole(() -> prepareAnew(tick).explain(chunk));
  }

  /** The same for a worker. */
  public Optional<Explanation> explainPlacement(WorkerId worker, Tick tick) {
    return leader.whole(() -> prepareAnew(tick).explain(worker));
  }

  /** What a worker still holds, by what it waits for; empty if it is unknown. */
  Optional<Leaving> leaving(WorkerId worker, Tick tick) {
    LifecycleState state = leader.mirror();
    leader.time().read(state);
    Tick counted = Lifecycle.counted(state, tick);
    return leader.whole(
        () -> leader.lifecycle().leaving(state, worker, leader.standingAdvice(), counted));
  }

  /** Why a replica that should go is still there, as the last cycle left it. */
  public LifecycleExplanation whyDrainHeld(ChunkKey chunk, WorkerId worker) {
    return LifecycleExplanation.whyDrainHeld(
        leader.mirror(), chunk, worker, leader.lifecycle().stuck());
  }

  /** Even a resting fleet is planned for. */
  private Preparation prepareAnew(Tick tick) {
    LifecycleState state = leader.mirror();
    leader.lifecycle().reconsider();
    leader.time().read(state);
    Tick counted = Lifecycle.counted(state, tick);
    return leader.lifecycle().prepare(state, leader.standingAdvice(), counted).orElseThrow();
  }
}
