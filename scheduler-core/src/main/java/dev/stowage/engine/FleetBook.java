package dev.stowage.engine;

import dev.stowage.FleetCensus;
import dev.stowage.StowageStats;
import dev.stowage.StowageStats.ChunkRefusals;
import dev.stowage.StowageStats.StageTimes;
import dev.stowage.StowageStats.StageTimes.Stage;
import dev.stowage.answer.LeaderStanding;
import dev.stowage.answer.LeaderStanding.Told;
import dev.stowage.command.Command;
import dev.stowage.command.ProposedChunk;
import dev.stowage.command.Result;
import dev.stowage.command.ResultCode;
import dev.stowage.engine.flight.Span;
import dev.stowage.engine.flight.Stopwatch;
import dev.stowage.lifecycle.Forecast;
import dev.stowage.lifecycle.KeptValue;
import dev.stowage.lifecycle.LifecycleState;
import dev.stowage.lifecycle.LifecycleView;
import dev.stowage.lifecycle.rows.ChangeSet;
import dev.stowage.lifecycle.rows.ChangeSet.ReplicaRows;
import dev.stowage.lifecycle.rows.WorkerRow;
import dev.stowage.model.DatasetId;
import dev.stowage.model.Tick;
import dev.stowage.model.WorkerId;
import dev.stowage.model.WorkerStatus;
import dev.stowage.pressure.LoadGovernor.LoadDecision;
import dev.stowage.pressure.PressureSnapshot;
import dev.stowage.store.QuarantinedNews;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * The one book of a facade's figures: each change, result and failure is noted once, and log,
 * health, stats, meters and status read it. Decides nothing. Guarded by the engine's lock, except
 * readings of times, refusals, the last cycle and the last failure, which wait for no command.
 */
public final class FleetBook {
  private static final ChunkRefusals.Counts REJECTED = new ChunkRefusals.Counts(1, 0, 0);
  private static final ChunkRefusals.Counts BACKPRESSURE = new ChunkRefusals.Counts(0, 1, 0);
  private static final ChunkRefusals.Counts HELD_BACK = new ChunkRefusals.Counts(0, 0, 1);

  private final EventLog log;
  private final PartRecordings parts;
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
  private volatile @Nullable FleetCensus lastCensus;
  private long countedAtNanos;
  private List<WorkerId> guarded = List.of();
  private long commands;
  private long rejected;
  private long fenced;
  private long setAside;
  private long suspectSamples;
  private long ingestDelays;
  private long ingestRefusals;
  private final Map<DatasetId, ChunkRefusals.Counts> refused = new TreeMap<>();
  private ChunkRefusals.Counts refusedOfOthers = ChunkRefusals.Counts.NONE;

  FleetBook(EventLog log, PartRecordings parts) {
    this.log = log;
    this.parts = parts;
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

  public List<StageTimes> times() {
    List<StageTimes> times = new ArrayList<>();
    for (Stage stage : Stage.values()) {
      times.add(sums.get(stage.ordinal()));
    }
    return times;
  }

  /** Returns the last scheduling cycle of this term that was not refused. */
  public Optional<Result.Scheduled> lastCycle() {
    return Optional.ofNullable(lastCycle);
  }

  /** Returns the workers that the last cycle of either kind guarded. */
  List<WorkerId> guarded() {
    return guarded;
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
  }

  void follows(String reason) {
    lastCycle = null;
    lastCensus = null;
    guarded = List.of();
    log.following(reason);
  }

  void fenced(String reason) {
    fenced++;
    log.fenced(reason);
  }

  /** Notes what the service that runs the leader says of itself. */
  public void said(boolean isDegraded, String words, Told told) {
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

  /** Notes the answer to a command, which is durable if it was accepted, and tells of it. */
  void executed(Tick tick, Command<?> command, Result result, LifecycleState state) {
    count(command, result);
    log.hears(it -> it.executed(tick, command, result));
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
      guarded = cycle.guarded();
      log.scheduled(cycle);
      log.atRisk(cycle.tick(), risks.look(state));
    } else if (result instanceof Result.Published cycle && cycle.isAccepted()) {
      guarded = cycle.guarded();
      log.guarded(guarded);
      log.swapsFired(
          cycle.tick(), cycle.fired().stream().flatMap(id -> state.swap(id).stream()).toList());
      log.atRisk(cycle.tick(), risks.look(state));
    }
  }

  private void count(Command<?> command, Result result) {
    commands++;
    rejected += result.isAccepted() ? 0 : 1;
    if (command instanceof Command.Heartbeat sign && result.isAccepted()) {
      sign.pressure().ifPresent(this::sampled);
    }
    if (result instanceof Result.Batch batch) {
      batch.items().forEach(this::count);
    } else if (result instanceof Result.Scheduled cycle) {
      cycle.rejected().forEach(key -> refuse(key.dataset(), REJECTED));
    } else if (result instanceof Result.Published cycle) {
      cycle.heldBack().forEach(key -> refuse(key.dataset(), HELD_BACK));
    }
  }

  private void count(Result.Item item) {
    if (item.code() == ResultCode.BACKPRESSURE) {
      refuse(item.key().dataset(), BACKPRESSURE);
    } else if (!item.code().isAccepted() && item.code() != ResultCode.DUPLICATE) {
      refuse(item.key().dataset(), REJECTED);
    }
  }

  void sampled(PressureSnapshot sample) {
    suspectSamples += sample.suspect().isEmpty() ? 0 : 1;
  }

  void quarantined(QuarantinedNews news) {
    setAside++;
    log.quarantined(news);
  }

  long setAside() {
    return setAside;
  }

  /** Notes that the governor delayed or refused the sender of chunks. */
  void heldUp(LoadDecision decision, List<ProposedChunk> chunks) {
    if (decision.isAdmitted()) {
      ingestDelays++;
    } else {
      ingestRefusals++;
      chunks.forEach(chunk -> refuse(chunk.key().dataset(), BACKPRESSURE));
    }
    log.hears(it -> it.admission(decision.isAdmitted(), decision.why(), chunks.size()));
  }

  private void refuse(DatasetId dataset, ChunkRefusals.Counts one) {
    synchronized (refused) {
      if (refused.size() < ChunkRefusals.MOST_DATASETS || refused.containsKey(dataset)) {
        refused.merge(dataset, one, ChunkRefusals.Counts::plus);
      } else {
        refusedOfOthers = refusedOfOthers.plus(one);
      }
    }
  }

  public ChunkRefusals refusals() {
    synchronized (refused) {
      return new ChunkRefusals(new TreeMap<>(refused), refusedOfOthers);
    }
  }

  /** Returns the last failure of the host's code. */
  public Optional<Throwable> lastHostFailure() {
    return log.lastHostFailure();
  }

  /** Returns the census of a fleet, the last one if that is young enough. */
  FleetCensus census(LeaderTerm leader, long maxAgeNanos) {
    long now = Stopwatch.nanos();
    FleetCensus known = lastCensus;
    if (known == null || now - countedAtNanos > maxAgeNanos) {
      LifecycleState state = leader.mirror();
      LeaderStanding counted = risks.counted(state, LeaderStanding.NONE);
      known = Censuses.of(state, counted, leader.lifecycle().forecast(), leader.time.tickLength());
      lastCensus = known;
      countedAtNanos = now;
    }
    return known;
  }

  Optional<FleetCensus> lastCensus() {
    return Optional.ofNullable(lastCensus);
  }

  /** Returns the counts of a facade, those of the fleet by the mirror of its leader. */
  StowageStats stats(@Nullable LeaderTerm leader) {
    LifecycleState mirror = leader == null ? null : leader.mirror();
    Optional<Result.Scheduled> cycle = lastCycle();
    return new StowageStats(
        mirror != null,
        leader == null ? 0 : leader.session.lease().epoch(),
        commands,
        rejected,
        fenced,
        log.hostFailures(),
        mirror == null ? StowageStats.NOT_KNOWN : mirror.chunkCount(),
        mirror == null ? StowageStats.NOT_KNOWN : mirror.replicaCount(),
        mirror == null ? StowageStats.NOT_KNOWN : mirror.workerCount(),
        mirror == null ? StowageStats.NOT_KNOWN : mirror.waitingChunks(),
        mirror == null ? StowageStats.NOT_KNOWN : mirror.backwardTicks(),
        mirror == null ? StowageStats.NOT_KNOWN : mirror.digest(),
        leader == null ? StowageStats.NOT_KNOWN : leader.time.slow().behindTicks(),
        mirror == null ? StowageStats.NOT_KNOWN : guarded.size(),
        setAside,
        mirror == null ? StowageStats.NOT_KNOWN : cycle.map(it -> it.stuck().size()).orElse(0),
        mirror == null
            ? StowageStats.NOT_KNOWN
            : cycle.map(Result.Scheduled::stuckBytes).orElse(0L),
        suspectSamples,
        ingestDelays,
        ingestRefusals,
        parts.written(),
        parts.dropped());
  }
}
