package dev.stowage.lifecycle;

import dev.stowage.command.Command;
import dev.stowage.command.Result;
import dev.stowage.lifecycle.rows.FleetRow;
import dev.stowage.model.Incarnation;
import dev.stowage.model.Tick;
import java.util.List;
import java.util.Optional;

/** The type of the answers to commands, and the answer to a command that is refused unapplied. */
record Answers<C, R extends Result>(Class<R> type, Refusal<C, R> refused) {
  static final Answers<Command<?>, Result.Answer> ANSWER =
      new Answers<>(Result.Answer.class, (fleet, it, why) -> why);

  static final Answers<Command<?>, Result.Versioned> CONFIG_VERSION =
      new Answers<>(
          Result.Versioned.class,
          (fleet, it, why) ->
              new Result.Versioned(why.code(), fleet.configVersion(), why.reasons()));

  static final Answers<Command<?>, Result.Versioned> WISHES_VERSION =
      new Answers<>(
          Result.Versioned.class,
          (fleet, it, why) ->
              new Result.Versioned(why.code(), fleet.wishesVersion(), why.reasons()));

  static final Answers<Command<?>, Result.Batch> BATCH =
      new Answers<>(
          Result.Batch.class,
          (fleet, it, why) ->
              new Result.Batch(
                  CommandKind.kindOf(it).chunks(it).stream()
                      .map(key -> new Result.Item(key, why.code(), null, null, why.reasons()))
                      .toList()));

  static final Answers<Command<?>, Result.SwapRegistered> SWAP_REGISTERED =
      new Answers<>(
          Result.SwapRegistered.class,
          (fleet, it, why) -> new Result.SwapRegistered(why.code(), 0, null, why.reasons()));

  static final Answers<Command<?>, Result.SwapCancelled> SWAP_CANCELLED =
      new Answers<>(
          Result.SwapCancelled.class,
          (fleet, it, why) -> new Result.SwapCancelled(why.code(), List.of(), why.reasons()));

  static final Answers<Command<?>, Result.Registered> REGISTERED =
      new Answers<>(
          Result.Registered.class,
          (fleet, it, why) ->
              new Result.Registered(
                  why.code(), Incarnation.of(0), fleet.lineage(), 0, false, why.reasons()));

  static final Answers<Command<?>, Result.CarriedOut> CARRIED_OUT =
      new Answers<>(
          Result.CarriedOut.class,
          (fleet, it, why) -> new Result.CarriedOut(why.code(), "", List.of(), why.reasons()));

  static final Answers<Command<?>, Result.Admitted> ADMITTED =
      new Answers<>(
          Result.Admitted.class,
          (fleet, it, why) -> new Result.Admitted(List.of(), List.of(), Optional.of(why)));

  static final Answers<Command<?>, Result.Scheduled> SCHEDULED =
      new Answers<>(
          Result.Scheduled.class,
          (fleet, it, why) -> Result.Scheduled.refused(Tick.of(fleet.largestTick()), why));

  static final Answers<Command<?>, Result.Published> PUBLISHED =
      new Answers<>(
          Result.Published.class,
          (fleet, it, why) -> Result.Published.refused(Tick.of(fleet.largestTick()), why));

  static final Answers<Command<?>, Result.Purged> PURGED =
      new Answers<>(
          Result.Purged.class,
          (fleet, it, why) -> Result.Purged.refused(Tick.of(fleet.largestTick()), why));

  interface Refusal<C, R> {
    R of(FleetRow fleet, C command, Result.Answer why);
  }
}
