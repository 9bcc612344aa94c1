package dev.stowage.engine;

import dev.stowage.StageTimes;
import dev.stowage.StageTimes.Stage;
import dev.stowage.engine.flight.Span;
import dev.stowage.lifecycle.LifecycleView;
import dev.stowage.lifecycle.Result;
import dev.stowage.lifecycle.rows.ChangeSet;
import dev.stowage.model.Tick;
import dev.stowage.model.WorkerId;
import dev.stowage.model.WorkerStatus;
import dev.stowage.store.QuarantinedNews;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Measures a facade for the log and Flight Recorder; decides nothing. Guarded by the desk's lock.
 */
final class EngineWatch {
  private final EventLog log;
  private final Sum[] sums = new Sum[Stage.values().length];
  private final Set<WorkerId> gone = new HashSet<>();
  private final List<WorkerId> departed = new ArrayList<>();
  private long planNanos;
  private Result.@Nullable Scheduled lastCycle;

  private static final class Sum {
    private long count;
    private long total;
    private long last;
    private long most;
  }

  EngineWatch(EventLog log) {
    this.log = log;
    for (int i = 0; i < sums.length; i++) {
      sums[i] = new Sum();
    }
  }

  EventLog log() {
    return log;
  }

  long end(Span span) {
    long nanos = span.end();
    Sum sum = sums[span.stage().ordinal()];
    sum.count++;
    sum.total += nanos;
    sum.last = nanos;
    sum.most = Math.max(sum.most, nanos);
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
      Sum sum = sums[stage.ordinal()];
      times.add(new StageTimes(stage, sum.count, sum.total, sum.last, sum.most));
    }
    return times;
  }

  Optional<Result.Scheduled> lastCycle() {
    return Optional.ofNullable(lastCycle);
  }

  void leads(LifecycleView state) {
    loaded(state);
    lastCycle = null;
  }

  // Departures in a loaded or restored state are no news.
  void loaded(LifecycleView state) {
    gone.clear();
    departed.clear();
    state.forEachWorker(worker -> {
      if (state.worker(worker).status() == WorkerStatus.DEPARTED) {
        gone.add(state.workerId(worker));
      }
    });
  }

  // The command may be undone before executed().
  void changed(ChangeSet changes) {
    changes
        .workers()
        .forEach(row -> {
          WorkerId id = row.description().id();
          if (row.status() != WorkerStatus.DEPARTED) {
            gone.remove(id);
          } else if (gone.add(id)) {
            departed.add(id);
          }
        });
  }

  void executed(Tick tick, Result result) {
    if (!departed.isEmpty()) {
      log.departed(tick.value(), departed);
      departed.clear();
    }
    if (result instanceof Result.Scheduled cycle && cycle.isAccepted()) {
      lastCycle = cycle;
      log.scheduled(cycle);
    } else if (result instanceof Result.Published cycle && cycle.isAccepted()) {
      log.guarded(cycle.guarded());
    }
  }

  void quarantined(QuarantinedNews news) {
    log.quarantined(
        news.kind().map(Object::toString).orElse("unknown"),
        news.worker().map(WorkerId::value).orElse("none"),
        news.mark(),
        news.reason());
  }
}
