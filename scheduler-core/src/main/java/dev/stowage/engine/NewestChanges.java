package dev.stowage.engine;

import dev.stowage.command.Command;
import dev.stowage.lifecycle.CommandKind;
import dev.stowage.model.Tick;
import dev.stowage.placement.PlacementPlan.PlanPart;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Names the newest command of this leader that changed each part of a plan. Guarded by the engine's
 * lock.
 */
final class NewestChanges {
  private static final Map<PlanPart, List<CommandKind<?, ?>>> COMMANDS =
      Map.of(
          PlanPart.SETTINGS,
          List.of(CommandKind.CONFIGURE, CommandKind.FREEZE, CommandKind.UNFREEZE),
          PlanPart.WORKERS,
          List.of(
              CommandKind.REGISTER,
              CommandKind.DESCRIBE,
              CommandKind.SET_STATUS,
              CommandKind.AWAY,
              CommandKind.REPLACE,
              CommandKind.CONFIRM_DEPARTURES),
          PlanPart.CHUNKS,
          List.of(
              CommandKind.CONFIGURE,
              CommandKind.INGEST,
              CommandKind.ADMIT,
              CommandKind.REGISTER_SWAP,
              CommandKind.REMOVE),
          PlanPart.WISHES,
          List.of(CommandKind.WISH, CommandKind.UNWISH),
          PlanPart.HOLDERS,
          List.of(CommandKind.SCHEDULE));

  private final Map<PlanPart, String> newest = new EnumMap<>(PlanPart.class);

  void note(Command<?> command, Tick tick) {
    COMMANDS.forEach((part, kinds) -> {
      if (kinds.contains(CommandKind.kindOf(command))) {
        newest.put(part, CommandKind.kindOf(command) + " at tick " + tick);
      }
    });
  }

  NewestChanges copy() {
    NewestChanges copy = new NewestChanges();
    copy.become(this);
    return copy;
  }

  void become(NewestChanges other) {
    newest.clear();
    newest.putAll(other.newest);
  }

  /** Returns in words where a plan differs from the reviewed one, and what to do; else nothing. */
  String difference(String reviewed, String found) {
    return PlanPart.firstDifferent(reviewed, found)
        .map(part -> ": " + part.difference(newest.getOrDefault(part, "")))
        .orElse("");
  }
}
