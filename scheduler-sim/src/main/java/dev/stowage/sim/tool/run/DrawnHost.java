package dev.stowage.sim.tool.run;

import dev.stowage.Rebalancing;
import dev.stowage.Stowage;
import dev.stowage.StowageListener;
import dev.stowage.answer.ChunkStatus.ChunkState;
import dev.stowage.audit.Audit;
import dev.stowage.command.Command;
import dev.stowage.command.Result;
import dev.stowage.command.own.LeaderCommand;
import dev.stowage.command.own.PlanningAdvice;
import dev.stowage.lifecycle.LifecycleView;
import dev.stowage.model.Chunk;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.Tick;
import dev.stowage.model.WorkerId;
import dev.stowage.placement.PlacementInput.KeyHash;
import dev.stowage.pressure.LoadGovernor;
import dev.stowage.pressure.PressureSnapshot;
import dev.stowage.rebalance.MetricScorers;
import dev.stowage.rebalance.MetricScorers.WorkerMetrics;
import dev.stowage.rebalance.RebalanceConfig;
import dev.stowage.sim.kit.scenario.DrawnLoad;
import dev.stowage.sim.kit.scenario.oracles.BudgetOracle;
import dev.stowage.sim.kit.scenario.oracles.Finding;
import dev.stowage.sim.kit.scenario.oracles.MoveOracle;
import dev.stowage.sim.kit.world.Chance;
import dev.stowage.sim.kit.world.WorldFindings;
import dev.stowage.sim.kit.world.WorldParts;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The host of a fleet: its ingesters, the load and the pressure on its machines, and the latency of
 * its workers, drawn from one number. Judges the answers of the governor, the moves of the
 * rebalancer, and the budget of each plan. Not thread-safe.
 */
final class DrawnHost implements StowageListener {
  private static final String GOVERNOR = "the governor's limits";
  private static final String BUDGET = "budget in force";
  private static final String MOVES_BUDGET = "move budget";
  private static final int BATCH = 4_096;
  private static final RebalanceConfig MOVES = RebalanceConfig.defaults();

  /** The steps after which the slow workers are drawn anew, and those in which they are slow. */
  private static final int PERIOD = 20;

  private static final int SLOW_STEPS = 5;

  private static final double FAST_MILLIS = 10;
  private static final double SLOW_MILLIS = 100;

  /** One chunk in so many is read so many times as often as others. */
  private static final int HOT_ONE_IN = 20;

  private static final double HEAT = 20;

  /** One of each band. */
  private static final double[] PRESSURES = {0.7, 0.9, 1};

  private final WorldParts parts;
  private final long number;
  private final long stepNanos;
  private final WorldFindings findings;
  private final DrawnLoad load;
  private final WorkerMetrics metrics = new WorkerMetrics();
  private List<Chunk> waiting = new ArrayList<>();
  private PlanningAdvice advice = PlanningAdvice.NONE;
  private final Map<WorkerId, Map<ChunkKey, Double>> reads = new HashMap<>();
  private double readsPerHeat;
  private boolean isCalm;

  /**
   * Creates a host that is not calm.
   *
   * @param number the seed of its draws
   * @param stepNanos the time of a step
   * @param findings counts what is judged, and hears of what is wrong
   */
  DrawnHost(WorldParts parts, long number, long stepNanos, WorldFindings findings) {
    this.parts = parts;
    this.number = number;
    this.stepNanos = stepNanos;
    this.findings = findings;
    List.of(GOVERNOR, BUDGET, MOVES_BUDGET).forEach(each -> findings.checked(each, 0));
    load = new DrawnLoad(number, stepNanos, parts.governor());
  }

  /** Makes a facade with the parts that run. */
  Stowage lead(Stowage.Builder builder) {
    if (parts.governor() > 0) {
      builder.with(new LoadGovernor(DrawnLoad.CONFIG, load));
    }
    if (parts.rebalancer() == 0) {
      return builder.listener(this).build();
    }
    Stowage made = builder.with(MOVES).listener(this).build();
    Rebalancing.of(made)
        .scorers()
        .install(
            parts.reads() > 0
                ? MetricScorers.readLoad(metrics)
                : MetricScorers.latency(metrics, FAST_MILLIS, SLOW_MILLIS));
    return made;
  }

  /** Sets whether no machine is slow or under pressure for now. */
  void calm(boolean calm) {
    isCalm = calm;
  }

  // ---- what is drawn ----

  private Chance of(String what, long step) {
    return Chance.ofSeed((number * 31 + what.hashCode()) * 31 + step);
  }

  /** Returns the pressure on the machines at a time. */
  PressureSnapshot pressure(long nowNanos) {
    Chance drawn = of("pressure", nowNanos / stepNanos);
    boolean isStrained = drawn.happens(parts.pressure()) && !isCalm;
    double strain = isStrained ? PRESSURES[drawn.below(PRESSURES.length)] : 0;
    return new PressureSnapshot(strain, 0, 0, 0, nowNanos);
  }

  /**
   * Lets readers ask for what is routed, a chunk in equal parts of its workers; after the first
   * fill a chunk's reads stay. Returns the most reads of a worker, in millionths of the rated ones.
   */
  int read(LifecycleView books, int workers) {
    reads.clear();
    if (parts.reads() == 0) {
      return 0;
    }
    double[] heats = {0};
    books.forEachChunk(chunk -> heats[0] += heat(books, chunk));
    if (isCalm && heats[0] > 0) {
      readsPerHeat = parts.reads() / 100.0 * workers / heats[0];
    }
    books.forEachChunk(chunk -> {
      List<WorkerId> routed = new ArrayList<>();
      for (int slot = books.firstReplica(chunk);
          slot != LifecycleView.NONE;
          slot = books.nextReplica(slot)) {
        if (books.routed(slot)) {
          routed.add(books.workerId(books.replicaWorker(slot)));
        }
      }
      double each = heat(books, chunk) * readsPerHeat / Math.max(1, routed.size());
      routed.forEach(worker ->
          reads
              .computeIfAbsent(worker, id -> new LinkedHashMap<>())
              .put(books.chunkKey(chunk), each));
    });
    return (int) Math.round(1e6 * reads.keySet().stream().mapToDouble(this::load).max().orElse(0));
  }

  private double heat(LifecycleView books, int chunk) {
    long hash = KeyHash.of(books.chunkKey(chunk)) ^ number;
    boolean isSeen = books.chunkState(chunk) == ChunkState.VISIBLE;
    return isSeen ? Math.floorMod(hash, HOT_ONE_IN) == 0 ? HEAT : 1 : 0;
  }

  private double load(WorkerId worker) {
    return reads.getOrDefault(worker, Map.of()).values().stream()
        .mapToDouble(Double::doubleValue)
        .sum();
  }

  /** Lets workers report their latency and, but for a calm host, their reads. */
  void report(List<WorkerId> workers, long nowNanos) {
    long step = nowNanos / stepNanos;
    boolean isSlow = step % PERIOD < SLOW_STEPS && !isCalm;
    for (WorkerId worker : parts.rebalancer() == 0 ? List.<WorkerId>of() : workers) {
      boolean mine = isSlow && of(worker.value(), step / PERIOD).happens(parts.rebalancer());
      metrics.report(
          worker,
          WorkerMetrics.Report.idle(1)
              .withReadLatencyMillis(mine ? SLOW_MILLIS : FAST_MILLIS)
              .withReads(isCalm ? 0 : load(worker), 1),
          isCalm ? Map.of() : reads.getOrDefault(worker, Map.of()));
    }
  }

  // ---- ingesters ----

  /**
   * Ingests chunks in batches. A batch that the governor refuses waits for {@link #again}. Returns
   * another refusal, which ends it; empty if there is none.
   */
  Optional<Result.Batch> ingest(Stowage fleet, List<Chunk> chunks, long nowNanos) {
    boolean isGoverned = parts.governor() > 0;
    for (int from = 0; from < chunks.size(); from += BATCH) {
      List<Chunk> batch = chunks.subList(from, Math.min(chunks.size(), from + BATCH));
      long before = isGoverned ? fleet.ask(Audit.STATE).digest() : 0;
      Result.Batch answer = fleet.ingest(batch, nowNanos);
      if (isGoverned) {
        judge(GOVERNOR, load.wrong(answer, nowNanos, fleet.ask(Audit.STATE).digest() != before));
      }
      if (isGoverned && load.isRefusing(nowNanos)) {
        waiting.addAll(batch);
      } else if (!answer.isAccepted()) {
        return Optional.of(answer);
      }
    }
    return Optional.empty();
  }

  /** Ingests the chunks that wait. */
  void again(Stowage fleet, long nowNanos) {
    List<Chunk> due = waiting;
    waiting = new ArrayList<>();
    ingest(fleet, due, nowNanos)
        .ifPresent(refused -> findings.violated(GOVERNOR, "later refused: " + refused));
  }

  /** Returns the number of chunks that wait. */
  int waitingCount() {
    return waiting.size();
  }

  // ---- what is judged ----

  @Override
  public void executed(Tick tick, Command<?> command, Result result) {
    if (command instanceof LeaderCommand.Schedule schedule) {
      advice = schedule.advice();
    }
  }

  /** Judges a scheduling cycle. */
  void scheduled(Stowage fleet, LifecycleView before, LifecycleView after, Result.Scheduled cycle) {
    judge(BUDGET, BudgetOracle.wrong(before, after, cycle, advice));
    if (parts.rebalancer() > 0) {
      judge(MOVES_BUDGET, MoveOracle.over(MOVES.budget(), Rebalancing.of(fleet).moves()));
    }
  }

  private void judge(String oracle, Optional<Finding> found) {
    findings.checked(oracle, 1);
    found.ifPresent(it -> findings.violated(oracle, it.text()));
  }
}
