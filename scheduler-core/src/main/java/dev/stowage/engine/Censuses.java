package dev.stowage.engine;

import dev.stowage.FleetCensus;
import dev.stowage.FleetCensus.DatasetCount;
import dev.stowage.FleetCensus.Fill;
import dev.stowage.FleetCensus.NewestShare;
import dev.stowage.answer.LeaderStanding;
import dev.stowage.columns.IntList;
import dev.stowage.columns.SaturatedSum;
import dev.stowage.columns.WideSum;
import dev.stowage.lifecycle.Forecast;
import dev.stowage.lifecycle.LifecycleView;
import dev.stowage.lifecycle.ReplicaState;
import dev.stowage.lifecycle.answering.ProgressCounter;
import dev.stowage.model.DatasetId;
import dev.stowage.model.Worker;
import dev.stowage.model.WorkerStatus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** Counts the chunks, replicas and workers of a state for its {@link FleetCensus}. */
public final class Censuses {
  private static final double NANOS_PER_SECOND = 1e9;

  private final LifecycleView state;
  private final SortedMap<DatasetId, DatasetCount> datasets = new TreeMap<>();
  private int draining;
  private int suspect;
  private int leaving;
  private int owing;

  private Censuses(LifecycleView state) {
    this.state = state;
  }

  /**
   * Takes the census of a state, with the risks that its book counts and what a plan says of it.
   * Costs a pass over all replicas.
   */
  public static FleetCensus of(
      LifecycleView state, LeaderStanding risks, Forecast plan, Duration tickLength) {
    return new Censuses(state).take(risks, plan, tickLength);
  }

  private FleetCensus take(LeaderStanding risks, Forecast plan, Duration tickLength) {
    countChunks();
    SortedMap<String, WideSum[]> sums = new TreeMap<>();
    state.forEachWorker(position -> countWorker(position, sums));
    SortedMap<String, Fill> fills = new TreeMap<>();
    sums.forEach((domain, sum) -> fills.put(domain, fill(sum[0], sum[1])));
    long paused = state.fleetRow().deleteFromTick() - state.largestTick().value();
    return new FleetCensus(
        ProgressCounter.of(state, plan, tickLength),
        risks.withPlan(plan.isBackpressure(), state.held(), plan.planned()),
        fills,
        datasets,
        newest(),
        draining,
        new FleetCensus.Workers(suspect, leaving, owing),
        Math.max(0, paused) * (tickLength.toNanos() / NANOS_PER_SECOND));
  }

  private static Fill fill(WideSum used, WideSum capacity) {
    double share = capacity.isZero() ? 0 : used.approximate() / capacity.approximate();
    return new Fill(used.saturated(), capacity.saturated(), share);
  }

  private void countChunks() {
    ChunkJudge judge = new ChunkJudge();
    // Rows lie in memory by position, so canonical order would take longer.
    for (int chunk = 0; chunk < state.chunkLimit(); chunk++) {
      if (state.isChunk(chunk)) {
        judge.look(state, chunk);
        draining += judge.draining();
        countDataset(chunk, judge);
      }
    }
  }

  private void countDataset(int chunk, ChunkJudge judge) {
    if (state.isLive(chunk)) {
      DatasetId dataset = state.chunkDataset(chunk);
      DatasetCount before =
          datasets.getOrDefault(dataset, new DatasetCount(dataset, 0, 0, 0, 0, 0, 0, 0));
      datasets.put(
          dataset,
          new DatasetCount(
              dataset,
              before.chunks() + 1,
              SaturatedSum.of(before.bytes(), state.chunkSizeBytes(chunk)),
              before.copiesWanted() + Math.max(state.floor(chunk), judge.assigned()),
              before.copiesHeld() + judge.held(),
              before.underFloor() + (judge.isUnderFloor() ? 1 : 0),
              before.atRisk() + (judge.isAtRisk() ? 1 : 0),
              before.raising() + (judge.isRaising() ? 1 : 0)));
    }
  }

  private void countWorker(int position, SortedMap<String, WideSum[]> sums) {
    Worker worker = state.worker(position);
    suspect += worker.status() == WorkerStatus.SUSPECT ? 1 : 0;
    leaving += worker.status() == WorkerStatus.LEAVING ? 1 : 0;
    owing += state.owesInventory(position) ? 1 : 0;
    if (state.isPresent(position)) {
      String zone = state.zone(position);
      int end = zone.indexOf('/');
      String domain = end < 0 ? zone : zone.substring(0, end);
      WideSum[] ofDomain = sums.computeIfAbsent(domain, name -> WideSum.zeros(2));
      ofDomain[0].add(state.footprintBytes(position));
      ofDomain[1].add(worker.capacityBytes());
    }
  }

  private List<NewestShare> newest() {
    NewestShare.Counter counter =
        new NewestShare.Counter(
            state.workerLimit(), at -> state.isWorker(at) ? state.worker(at) : null);
    List<NewestShare> shares = new ArrayList<>();
    for (DatasetId dataset : state.datasets()) {
      List<int[]> holders = new ArrayList<>();
      for (int chunk : state.newestChunks(dataset, NewestShare.CHUNKS)) {
        holders.add(wanted(chunk));
      }
      counter.of(dataset, holders).ifPresent(shares::add);
    }
    return NewestShare.greatest(shares);
  }

  private int[] wanted(int chunk) {
    IntList workers = new IntList();
    for (int slot = state.firstReplica(chunk);
        slot != LifecycleView.NONE;
        slot = state.nextReplica(slot)) {
      if (state.replicaState(slot) == ReplicaState.ASSIGNED) {
        workers.add(state.replicaWorker(slot));
      }
    }
    return workers.toArray();
  }
}
