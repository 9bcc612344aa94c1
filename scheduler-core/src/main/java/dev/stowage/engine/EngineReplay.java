package dev.stowage.engine;

import dev.stowage.evidence.CanonicalReader;
import dev.stowage.evidence.EvidenceException;
import dev.stowage.evidence.EvidenceHeader;
import dev.stowage.evidence.EvidenceLog;
import dev.stowage.evidence.EvidenceRecord;
import dev.stowage.evidence.Replayable;
import dev.stowage.lifecycle.Command;
import dev.stowage.lifecycle.CommandCodec;
import dev.stowage.lifecycle.Lifecycle;
import dev.stowage.lifecycle.LifecycleState;
import dev.stowage.lifecycle.Preparation;
import dev.stowage.model.Lineage;
import dev.stowage.model.Tick;
import dev.stowage.placement.PlacementPlanner;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Runs the recorded inputs of a facade again, on a fresh mirror and without a store: the same
 * commands, at the same ticks, in the same order, must lead to the same answers and digests.
 * Belongs to one thread.
 */
public final class EngineReplay implements Replayable {
  private final EvidenceLog log;
  private final PlacementPlanner planner;
  private final Lifecycle lifecycle;
  private final EngineRecords records = new EngineRecords();
  private @Nullable LifecycleState mirror;
  private @Nullable Step planned;

  private EngineReplay(EvidenceLog log, PlacementPlanner planner) {
    this.log = Objects.requireNonNull(log, "log");
    this.planner = planner;
    this.lifecycle = new Lifecycle(planner);
  }

  /**
   * Makes engines that plan with this planner, which must be the one of the recorded run.
   *
   * @param planner the planner
   */
  public static Replayable.Factory with(PlacementPlanner planner) {
    Objects.requireNonNull(planner, "planner");
    return (EvidenceHeader header, EvidenceLog log) -> new EngineReplay(log, planner);
  }

  @Override
  public void replay(EvidenceRecord input) {
    CanonicalReader reader = input.reader();
    if (input.is(EngineRecords.FOUNDED)) {
      found(reader);
      log.append(input);
      return;
    }
    Tick tick = Tick.of(reader.u64());
    Command command = CommandCodec.fromBytes(reader.bytes());
    reader.end();
    log.append(input);
    if (input.is(EngineRecords.COMMAND)) {
      execute(Step.of(command), tick);
    } else if (input.is(EngineRecords.PREPARED)) {
      planned = prepare((Command.Schedule) command, tick);
    } else if (input.is(EngineRecords.PLANNED)) {
      execute(Objects.requireNonNull(planned, "nothing was prepared before it was applied"), tick);
    } else {
      throw new EvidenceException.UnknownType(input.index(), input.wire());
    }
  }

  private void found(CanonicalReader reader) {
    Lineage lineage = Lineage.of(reader.u64());
    Command.Configure first = (Command.Configure) CommandCodec.fromBytes(reader.bytes());
    reader.end();
    mirror = LifecycleState.empty(first.config(), lineage);
  }

  private @Nullable Step prepare(Command.Schedule command, Tick tick) {
    Preparation prepared = lifecycle.prepare(state(), command.advice(), tick).orElse(null);
    return prepared == null ? null : new Step(command, prepared, planner.plan(prepared.input()));
  }

  private void execute(Step step, Tick tick) {
    Lifecycle.Outcome outcome = step.execute(lifecycle, state(), tick);
    log.append(EngineRecords.RESULT, records.result(outcome));
  }

  private LifecycleState state() {
    return Objects.requireNonNull(mirror, "the recording does not begin with the fleet");
  }
}
