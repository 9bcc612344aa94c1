package dev.stowage.engine;

import dev.stowage.StowageConfig.AuditLevel;
import dev.stowage.answer.Violation;
import dev.stowage.audit.Audit;
import dev.stowage.command.Command;
import dev.stowage.command.Result;
import dev.stowage.command.own.LeaderCommand;
import dev.stowage.lifecycle.Lifecycle;
import dev.stowage.lifecycle.LifecycleSnapshot;
import dev.stowage.lifecycle.LifecycleState;
import dev.stowage.lifecycle.rows.ChangeSet;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Audits commands on a mirror as the level demands. Guarded by the engine's lock. */
final class StepAudit {
  private final AuditLevel level;
  private final Audit.Rolling rolling = new Audit.Rolling();
  private @Nullable LifecycleSnapshot known;
  private @Nullable LifecycleSnapshot plannedFrom;

  StepAudit(AuditLevel level) {
    this.level = level;
  }

  // The snapshot after the last command serves if it is not stale.
  void before(LifecycleState mirror, Command<?> command) {
    if (looksAtSteps(command) && known == null) {
      known = mirror.snapshot();
    }
  }

  // News may be executed between the plan and its cycle.
  void planned(LifecycleState mirror, LeaderCommand.Schedule cycle) {
    before(mirror, cycle);
    plannedFrom = known;
  }

  void unplanned() {
    plannedFrom = null;
  }

  List<Violation> after(LifecycleState mirror, Command<?> command, Lifecycle.Outcome<?> outcome) {
    LifecycleSnapshot before = known;
    known = null;
    if (level == AuditLevel.CHANGES) {
      return changed(mirror, command, outcome.changes());
    }
    if (level == AuditLevel.OFF || (level != AuditLevel.ALL && !command.isCycle())) {
      return List.of();
    }
    LifecycleSnapshot after = mirror.snapshot();
    List<Violation> found = new ArrayList<>(Audit.check(after));
    if (looksAtSteps(command)) {
      known = after;
      if (before != null) {
        found.addAll(step(before, command, outcome.result(), after));
      }
    }
    return found;
  }

  @SuppressWarnings("ReferenceEquality")
  private List<Violation> step(
      LifecycleSnapshot before, Command<?> command, Result result, LifecycleSnapshot after) {
    LifecycleSnapshot from = command instanceof LeaderCommand.Schedule ? plannedFrom : null;
    return from == null || from == before
        ? Audit.checkStep(before, command, result, after)
        : Audit.checkOvertaken(from, before, command, result, after);
  }

  private List<Violation> changed(LifecycleState mirror, Command<?> command, ChangeSet changes) {
    List<Violation> found = rolling.changed(mirror, changes);
    return found.isEmpty() && command.isCycle() ? rolling.next(mirror) : found;
  }

  private boolean looksAtSteps(Command<?> command) {
    return level == AuditLevel.ALL || (level == AuditLevel.CYCLES && command.isCycle());
  }

  // A waiting plan still counts.
  void forget() {
    known = null;
  }
}
