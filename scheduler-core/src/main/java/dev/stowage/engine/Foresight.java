package dev.stowage.engine;

import dev.stowage.lifecycle.Command;
import dev.stowage.lifecycle.CommandKind;
import dev.stowage.lifecycle.Lifecycle;
import dev.stowage.lifecycle.LifecycleState;
import dev.stowage.lifecycle.Preparation;
import dev.stowage.lifecycle.Result;
import dev.stowage.lifecycle.questions.Reading;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.Tick;
import dev.stowage.model.WorkerId;
import dev.stowage.placement.Explanation;
import java.util.Optional;

/** Previews and explains a leader's decisions without change. Guarded by the desk's lock. */
public final class Foresight {
  private final Leadership leader;

  Foresight(Leadership leader) {
    this.leader = leader;
  }

  <R extends Result> R preview(Command<R> command, Tick tick) {
    LifecycleState state = leader.mirror();
    leader.time().read(state);
    Command<R> heard = leader.hearing(command, tick);
    return leader.whole(() -> {
      Lifecycle.Outcome<R> outcome = leader.lifecycle().execute(state, heard, tick);
      state.rollback(outcome.changes());
      return outcome.result();
    });
  }

  Result.Scheduled previewCycle(Tick tick) {
    return preview(new Command.Schedule(leader.standingAdvice()), tick);
  }

  public Optional<Explanation> explainPlacement(ChunkKey chunk, Tick tick) {
    return leader.whole(() -> prepareAnew(tick).explain(chunk));
  }

  public Optional<Explanation> explainPlacement(WorkerId worker, Tick tick) {
    return leader.whole(() -> prepareAnew(tick).explain(worker));
  }

  Reading reading() {
    return Reading.of(leader.mirror(), leader.lifecycle().forecast());
  }

  private Preparation prepareAnew(Tick tick) {
    LifecycleState state = leader.mirror();
    leader.lifecycle().reconsider();
    leader.time().read(state);
    Tick counted = Lifecycle.counted(state, tick);
    Command<?> cycle = leader.hearing(new Command.Schedule(leader.standingAdvice()), counted);
    return leader.lifecycle().prepare(state, CommandKind.SCHEDULE.of(cycle), counted).orElseThrow();
  }
}
