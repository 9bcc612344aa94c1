package dev.stowage.engine;

import dev.stowage.StowageStats.StageTimes;
import dev.stowage.StowageStats.StageTimes.Stage;
import dev.stowage.answer.LeaderStanding;
import dev.stowage.answer.LeaderStanding.Told;
import dev.stowage.command.Command;
import dev.stowage.command.Result;
import dev.stowage.engine.flight.Span;
import dev.stowage.lifecycle.Forecast;
import dev.stowage.lifecycle.KeptValue;
import dev.stowage.lifecycle.LifecycleView;
import dev.stowage.lifecycle.rows.ChangeSet;
import dev.stowage.lifecycle.rows.ChangeSet.ReplicaRows;
import dev.stowage.lifecycle.rows.WorkerRow;
import dev.stowage.model.Tick;
import dev.stowage.model.WorkerId;
import dev.stowage.model.WorkerStatus;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Measures a facade for the log and Flight Recorder; decides nothing. Guarded by the engine's lock,
 * except readings of times and of the last cycle.
 */
final class EngineWatch {
  private final EventLog log;
  private final AtomicReferenceArray<StageTimes> sums =
      new AtomicReferenceArray<>(Stage.values().length);
  private final Set<WorkerId> gone = new HashSet<>();
  private final Set<WorkerId> away = new HashSet<>();
  private final List<WorkerId> back = new ArrayList<>();
  private final List<WorkerId> departed = new ArrayList<>();
  private final List<WorkerId> left = new ArrayList<>();
  private final RiskBook risks = new RiskBook();
  private long planNanos;
  private volatile LeaderStanding said = LeaderStanding.NONE;
  private volatile Result.@Nullable Scheduled lastCycle;

  EngineWatch(EventLog log) {
    this.log = log;
    for (Stage stage : Stage.values()) {
      sums.set(stage.ordinal(), new StageTimes(stage, 0, 0, 0, 0));
    }
  }

  EventLog log() {
    return log;
  }

  long end(Span span) {
    long nanos = span.end();
    int stage = span.stage().ordinal();
    StageTimes sum = sums.get(stage);
    sums.set(
        stage,
        new StageTimes(
            span.stage(),
            sum.count() + 1,
            sum.totalNanos() + nanos,
            nanos,
            Math.max(sum.mostNanos(), nanos)));
    planNanos = span.stage() == Stage.PLAN ? nanos : planNanos;
    return nanos;
  }

  void endCycle(Span span) {
    long nanos = end(span);
    long planned = span.stage() == Stage.SCHEDULE ? planNanos : 0;
    log.slow(span.stage().name().toLowerCase(Locale.ROOT), span.tick(), nanos, planned);
    planNanos = 0;
  }

  List<StageTimes> times() {
    List<StageTimes> times = new ArrayList<>();
    for (Stage stage : Stage.values()) {
      times.add(sums.get(stage.ordinal()));
    }
    return times;
  }

  Optional<Result.Scheduled> lastCycle() {
    return Optional.ofNullable(lastCycle);
  }

  // Whether idle cycles say what the last ones said, so that nobody need hear of them.
  boolean isAsBefore(Result.Scheduled scheduled, Result.Published published) {
    Result.Scheduled last = lastCycle;
    return last != null
        && !scheduled.more()
        && !published.more()
        && scheduled.guarded().isEmpty()
        && published.guarded().isEmpty()
        && scheduled.held().equals(last.held())
        && scheduled.stuck().equals(last.stuck())
        && scheduled.deferred().equals(last.deferred());
  }

  void leads(LifecycleView state) {
    loaded(state);
    said = LeaderStanding.NONE;
    lastCycle = null;
  }

  /** Notes what the service that runs the leader says of itself. */
  void said(boolean isDegraded, String words, Told told) {
    said = LeaderStanding.NONE.withService(isDegraded, words, told.unless(said.told()));
  }

  /** Returns what other processes are to know behind a cycle, if it was not refused. */
  Optional<LeaderStanding> standing(LifecycleView state, Result cycle, Forecast plan) {
    LeaderStanding before = state.kept(KeptValue.LEADER_STANDING);
    if (!cycle.isAccepted()) {
      return Optional.empty();
    }
    LeaderStanding worded = before.withService(said.degraded(), said.words(), said.told());
    LeaderStanding planned =
        cycle instanceof Result.Scheduled it
            ? worded.withPlan(it.backpressure(), it.held(), plan.planned())
            : worded;
    return Optional.of(risks.counted(state, planned)).filter(now -> !now.equals(before));
  }

  // What happened before a load is no news.
  void loaded(LifecycleView state) {
    restored(state);
    risks.begin(state);
  }

  void restored(LifecycleView state) {
    risks.forget();
    gone.clear();
    departed.clear();
    left.clear();
    away.clear();
    back.clear();
    state.forEachWorker(worker -> {
      if (state.workerRow(worker).leastCopies() > 0) {
        away.add(state.workerId(worker));
      }
      if (state.worker(worker).status() == WorkerStatus.DEPARTED) {
        gone.add(state.workerId(worker));
      }
    });
  }

  // The command may be undone before executed().
  void changed(Command<?> command, ChangeSet changes, LifecycleView after) {
    risks.note(command, changes);
    changes
        .workers()
        .forEach(row -> {
          WorkerId id = row.description().id();
          if (row.leastCopies() > 0) {
            away.add(id);
          } else if (away.remove(id)) {
            back.add(id);
          }
          if (row.status() != WorkerStatus.DEPARTED) {
            gone.remove(id);
          } else if (gone.add(id)) {
            (isEmptied(row, changes, after) ? left : departed).add(id);
          }
        });
  }

  /** Returns the workers whose announced absence ended since the last call. */
  List<WorkerId> takeBack() {
    List<WorkerId> all = List.copyOf(back);
    back.clear();
    return all;
  }

  private static boolean isEmptied(WorkerRow row, ChangeSet changes, LifecycleView after) {
    if (row.description().status() != WorkerStatus.LEAVING
        || after.replicasOn(row.position()) > 0) {
      return false;
    }
    ReplicaRows removed = changes.removedReplicas();
    for (int i = 0; i < removed.size(); i++) {
      if (removed.worker(i) == row.position()) {
        return false;
      }
    }
    return true;
  }

  void executed(Tick tick, Result result, LifecycleView state) {
    if (!left.isEmpty()) {
      log.left(tick, List.copyOf(left));
      left.clear();
    }
    if (!departed.isEmpty()) {
      log.departed(tick, List.copyOf(departed));
      departed.clear();
    }
    if (result instanceof Result.Scheduled cycle && cycle.isAccepted()) {
      lastCycle = cycle;
      log.scheduled(cycle);
      log.atRisk(cycle.tick(), risks.look(state));
    } else if (result instanceof Result.Published cycle && cycle.isAccepted()) {
      log.guarded(cycle.guarded());
      log.swapsFired(
          cycle.tick(), cycle.fired().stream().flatMap(id -> state.swap(id).stream()).toList());
      log.atRisk(cycle.tick(), risks.look(state));
    }
  }
}
