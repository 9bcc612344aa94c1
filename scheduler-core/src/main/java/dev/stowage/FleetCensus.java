package dev.stowage;

import dev.stowage.columns.IntList;
import dev.stowage.columns.SaturatedSum;
import dev.stowage.columns.WideSum;
import dev.stowage.engine.ChunkJudge;
import dev.stowage.lifecycle.Forecast;
import dev.stowage.lifecycle.HoldUntil;
import dev.stowage.lifecycle.LeaderStanding;
import dev.stowage.lifecycle.LifecycleView;
import dev.stowage.lifecycle.Progress;
import dev.stowage.lifecycle.ReplicaState;
import dev.stowage.model.DatasetId;
import dev.stowage.model.Worker;
import dev.stowage.model.WorkerStatus;
import dev.stowage.placement.NewestShare;
import dev.stowage.shape.Figure;
import dev.stowage.shape.Form;
import dev.stowage.shape.Shape;
import dev.stowage.shape.Unit;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Counts of the health of a fleet. Immutable. Costs a pass over all replicas. */
public final class FleetCensus {
  /** The figures of a fleet. */
  static final List<Figure<FleetCensus>> FIGURES = figures();

  private static final double NANOS_PER_SECOND = 1e9;

  private final Progress progress;
  private final SortedMap<String, Fill> fills = new TreeMap<>();
  private final SortedMap<DatasetId, DatasetCount> datasets = new TreeMap<>();
  private final List<NewestShare> newest;
  private final Optional<HoldUntil.Wait> held;
  private final LeaderStanding standing;
  private int chunks;
  private int raising;
  private int draining;
  private int suspect;
  private int leaving;
  private int owing;
  private final double pauseSeconds;

  /**
   * The used and total bytes of a group of workers.
   *
   * @param usedBytes bytes assigned or held, saturated
   * @param capacityBytes their capacity, saturated
   * @param share the used share before saturation; 0 without capacity
   */
  public record Fill(long usedBytes, long capacityBytes, double share) {
    private static Fill of(WideSum used, WideSum capacity) {
      double share = capacity.isZero() ? 0 : used.approximate() / capacity.approximate();
      return new Fill(used.saturated(), capacity.saturated(), share);
    }
  }

  /**
   * The live chunks of a dataset.
   *
   * @param bytes the bytes of one copy of each, saturated
   * @param copiesWanted the copies that are assigned, and what floors lack beyond them
   * @param copiesHeld the copies that counted workers possess, those that are to go included
   * @param underFloor the chunks that {@link FleetCensus#underFloor} counts
   * @param atRisk the chunks that {@link FleetCensus#atRisk} counts
   * @param raising the chunks that {@link FleetCensus#raising} counts
   */
  public record DatasetCount(
      DatasetId dataset,
      long chunks,
      long bytes,
      long copiesWanted,
      long copiesHeld,
      long underFloor,
      long atRisk,
      long raising) {
    /** The fields of a count. */
    static final Shape<DatasetCount> SHAPE =
        Shape.of(
            "dataset_count",
            row -> {
              var dataset = row.value("dataset", DatasetCount::dataset, Form.of(DatasetId.class)).key();
              var chunks = row.number("chunks", DatasetCount::chunks);
              var bytes = row.number("size_bytes", DatasetCount::bytes);
              var wanted = row.number("copies_wanted", DatasetCount::copiesWanted);
              var held = row.number("copies_held", DatasetCount::copiesHeld);
              var underFloor = row.number("under_floor", DatasetCount::underFloor);
              var atRisk = row.number("at_risk", DatasetCount::atRisk);
              var raising = row.number("raising", DatasetCount::raising);
              return v ->
                  new DatasetCount(
                      dataset.of(v),
                      chunks.of(v),
                      bytes.of(v),
                      wanted.of(v),
                      held.of(v),
                      underFloor.of(v),
                      atRisk.of(v),
                      raising.of(v));
            });

    private DatasetCount and(ChunkJudge chunk, long size, int floor) {
      return new DatasetCount(
          dataset,
          chunks + 1,
          SaturatedSum.of(bytes, size),
          copiesWanted + Math.max(floor, chunk.assigned()),
          copiesHeld + chunk.held(),
          underFloor + (chunk.isUnderFloor() ? 1 : 0),
          atRisk + (chunk.isAtRisk() ? 1 : 0),
          raising + (chunk.isRaising() ? 1 : 0));
    }
  }

  private FleetCensus(LifecycleView state, Forecast plan, Duration tickLength) {
    this.progress = Progress.of(state, plan, tickLength);
    long paused = state.fleetRow().deleteFromTick() - state.largestTick().value();
    pauseSeconds = Math.max(0, paused) * (tickLength.toNanos() / NANOS_PER_SECOND);
    held = state.held();
    standing = counted(state).withPlan(plan.isBackpressure(), held, plan);
    SortedMap<String, WideSum[]> sums = new TreeMap<>();
    state.forEachWorker(position -> countWorker(state, position, sums));
    sums.forEach((domain, sum) -> fills.put(domain, Fill.of(sum[0], sum[1])));
    newest = newest(state);
  }

  /** Takes the census of a state, by what a plan says of it. */
  public static FleetCensus of(LifecycleView state, Forecast plan, Duration tickLength) {
    return new FleetCensus(state, plan, tickLength);
  }

  private static List<Figure<FleetCensus>> figures() {
    List<Figure<FleetCensus>> all = new ArrayList<>();
    all.add(Figure.of("chunks", Unit.NONE, "live chunks", FleetCensus::chunks));
    all.addAll(Figure.ofFields(Shape.of(LeaderStanding.class), FleetCensus::standing));
    all.addAll(
        List.of(
            Figure.of(
                "chunks.raising",
                Unit.NONE,
                "visible chunks that have their former floor and lack copies of a raised one",
                FleetCensus::raising),
            Figure.of(
                "replicas.draining",
                Unit.NONE,
                "replicas that are superseded or draining",
                FleetCensus::draining),
            Figure.of("workers.suspect", Unit.NONE, "suspect workers", FleetCensus::suspect),
            Figure.of(
                "workers.leaving", Unit.NONE, "workers that are to leave", FleetCensus::leaving),
            Figure.of(
                "workers.owing",
                Unit.NONE,
                "workers that count for nothing until they have sent an inventory",
                FleetCensus::owing),
            Figure.of(
                "lineage.pause",
                Unit.SECONDS,
                "time until deletions go on after commits may have been lost; 0 out of a pause",
                FleetCensus::pauseSeconds),
            Figure.of(
                "fill",
                Unit.NONE,
                "used share of the capacity of all present workers",
                FleetCensus::share),
            Figure.of(
                "domains",
                Unit.NONE,
                "domains of the first level with workers",
                census -> census.fills.size()),
            Figure.each(
                "domain.fill",
                Unit.NONE,
                "used share of the capacity of a domain of the first level",
                "domain",
                FleetCensus::shares),
            Figure.each(
                "newest.times.fair",
                Unit.NONE,
                "the most copies of a dataset's newest 20 live chunks (last in canonical order)"
                    + " that one active worker holds, over the worker's fair part by capacity; the"
                    + " 20 datasets with most",
                "dataset",
                FleetCensus::timesFair)));
    return Collections.unmodifiableList(all);
  }

  /** Returns the copies to go. */
  public Progress progress() {
    return progress;
  }

  /** Returns the figures that a cycle keeps for other processes, counted anew. */
  public LeaderStanding standing() {
    return standing;
  }

  /** Returns the number of live chunks. */
  public int chunks() {
    return chunks;
  }

  /** Returns the visible chunks that fewer counted workers possess than their floor asks. */
  public int underFloor() {
    return standing.underFloor();
  }

  /** Returns the visible chunks between their former floor and a raised one. */
  public int raising() {
    return raising;
  }

  /**
   * Returns those that at most one worker, or fewer than half of their floor, possess, of counted
   * workers and those that are away as announced.
   */
  public int atRisk() {
    return standing.atRisk();
  }

  /** Returns the visible chunks that portals can reach on no worker. */
  public int dark() {
    return standing.dark();
  }

  /** Returns the replicas that are superseded or draining. */
  public int draining() {
    return draining;
  }

  /** Returns the workers that are suspect. */
  public int suspect() {
    return suspect;
  }

  /** Returns the workers that are to leave. */
  public int leaving() {
    return leaving;
  }

  /** Returns the workers that count for nothing until they have sent an inventory. */
  public int owing() {
    return owing;
  }

  /** Returns the seconds until deletions go on after commits may have been lost; 0 if they do. */
  public double pauseSeconds() {
    return pauseSeconds;
  }

  /** Returns the fill of each first-level domain; a worker without a zone is its own domain. */
  public SortedMap<String, Fill> domains() {
    return Collections.unmodifiableSortedMap(fills);
  }

  /** Returns the datasets whose newest chunks lie most in one place. */
  public List<NewestShare> newest() {
    return newest;
  }

  /** Returns the counts of each dataset that has live chunks. */
  public SortedMap<DatasetId, DatasetCount> datasets() {
    return Collections.unmodifiableSortedMap(datasets);
  }

  /** Returns what placing waits for; empty if it does not wait. */
  public Optional<HoldUntil.Wait> held() {
    return held;
  }

  private double share() {
    double used = fills.values().stream().mapToDouble(Fill::usedBytes).sum();
    double capacity = fills.values().stream().mapToDouble(Fill::capacityBytes).sum();
    return capacity == 0 ? 0 : used / capacity;
  }

  private Map<String, Double> shares() {
    Map<String, Double> shares = new LinkedHashMap<>();
    fills.forEach((domain, fill) -> shares.put(domain, fill.share()));
    return shares;
  }

  private Map<String, Double> timesFair() {
    Map<String, Double> shares = new LinkedHashMap<>();
    newest.forEach(share -> shares.put(share.dataset().value(), share.timesFair()));
    return shares;
  }

  private LeaderStanding counted(LifecycleView state) {
    ChunkJudge judge = new ChunkJudge();
    int underFloor = 0;
    int atRisk = 0;
    int dark = 0;
    // Rows lie in memory by position, so canonical order would take longer.
    for (int chunk = 0; chunk < state.chunkLimit(); chunk++) {
      if (state.isChunk(chunk)) {
        judge.look(state, chunk);
        draining += judge.draining();
        chunks += state.isLive(chunk) ? 1 : 0;
        raising += judge.isRaising() ? 1 : 0;
        underFloor += judge.isUnderFloor() ? 1 : 0;
        atRisk += judge.isAtRisk() ? 1 : 0;
        dark += judge.isDark() ? 1 : 0;
        countDataset(state, chunk, judge);
      }
    }
    return LeaderStanding.NONE.withChunks(underFloor, atRisk, dark);
  }

  private void countDataset(LifecycleView state, int chunk, ChunkJudge judge) {
    if (state.isLive(chunk)) {
      long size = state.chunkSizeBytes(chunk);
      int floor = state.floor(chunk);
      datasets.compute(
          state.chunkDataset(chunk),
          (dataset, before) ->
              (before == null ? new DatasetCount(dataset, 0, 0, 0, 0, 0, 0, 0) : before)
                  .and(judge, size, floor));
    }
  }

  private void countWorker(LifecycleView state, int position, SortedMap<String, WideSum[]> sums) {
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

  private static List<NewestShare> newest(LifecycleView state) {
    NewestShare.Counter counter =
        new NewestShare.Counter(
            state.workerLimit(), at -> state.isWorker(at) ? state.worker(at) : null);
    List<NewestShare> shares = new ArrayList<>();
    for (DatasetId dataset : state.datasets()) {
      List<int[]> holders = new ArrayList<>();
      for (int chunk : state.newestChunks(dataset, NewestShare.CHUNKS)) {
        holders.add(wanted(state, chunk));
      }
      counter.of(dataset, holders).ifPresent(shares::add);
    }
    return NewestShare.greatest(shares);
  }

  private static int[] wanted(LifecycleView state, int chunk) {
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
