package dev.stowage.engine;

import dev.stowage.evidence.RecordType;
import dev.stowage.lifecycle.Command;
import dev.stowage.lifecycle.Lifecycle;
import dev.stowage.lifecycle.LifecycleState;
import dev.stowage.lifecycle.Preparation;
import dev.stowage.model.Tick;
import dev.stowage.placement.PlacementPlan;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A command as it is executed: by itself, or as the second half of a scheduling cycle that was
 * planned outside of its transaction.
 *
 * @param command the command
 * @param prepared what was planned from; null where the command does all by itself
 * @param plan the plan made from it; null likewise
 */
record Step(Command command, @Nullable Preparation prepared, @Nullable PlacementPlan plan) {
  Step {
    Objects.requireNonNull(command, "command");
  }

  /** A command that does all by itself. */
  static Step of(Command command) {
    return new Step(command, null, null);
  }

  RecordType recordType() {
    return prepared == null ? EngineRecords.COMMAND : EngineRecords.PLANNED;
  }

  Lifecycle.Outcome execute(Lifecycle lifecycle, LifecycleState mirror, Tick tick) {
    Preparation from = prepared;
    PlacementPlan made = plan;
    return from == null || made == null
        ? lifecycle.execute(mirror, command, tick)
        : lifecycle.apply(mirror, from, made, tick);
  }
}
