package dev.stowage.benchmarks.lifecycle;

import dev.stowage.lifecycle.Command;
import dev.stowage.lifecycle.CyclePlan;
import dev.stowage.lifecycle.Lifecycle;
import dev.stowage.lifecycle.LifecycleConfig;
import dev.stowage.lifecycle.LifecycleState;
import dev.stowage.lifecycle.PlanningAdvice;
import dev.stowage.lifecycle.ProposedChunk;
import dev.stowage.lifecycle.ReportHeader;
import dev.stowage.model.BlockRange;
import dev.stowage.model.Chunk;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.Incarnation;
import dev.stowage.model.Lineage;
import dev.stowage.model.Tick;
import dev.stowage.model.Worker;
import dev.stowage.model.WorkerId;
import dev.stowage.placement.PlacementConfig;
import dev.stowage.placement.PlacementInput;
import dev.stowage.placement.PlacementPlan;
import dev.stowage.placement.PlacementPlanner;
import dev.stowage.placement.WeightPolicy;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A fleet of chunks of one size, dealt out to datasets, workers in four zones, and workers that
 * carry out their orders at once. Cycles are run as the engine runs them: prepare, plan, apply.
 */
final class ScaleFleet {
  static final long MIB = 1 << 20;
  private static final int BATCH = 10_000;

  private final Lifecycle lifecycle;
  private final LifecycleState state;
  private final int workers;
  private final long[] reports;
  private long now = 1;
  private int chunks;
  private int datasets = 1;

  /**
   * The cost of one cycle.
   *
   * @param outcome its effects
   * @param nanos CPU time of this thread without planning
   * @param planningNanos CPU time of the planner
   */
  record Timed(Lifecycle.Outcome<?> outcome, long nanos, long planningNanos) {}

  ScaleFleet(int expectedChunks, int workers, int floor) {
    this(PlacementPlanner.sticky(), expectedChunks, workers, floor);
  }

  /** Creates a fleet whose planner keeps no index, so that only the state remains. */
  static ScaleFleet withoutIndex(int expectedChunks, int workers, int floor) {
    PlacementPlanner sticky = PlacementPlanner.sticky();
    return new ScaleFleet(
        new PlacementPlanner() {
          @Override
          public PlacementPlan plan(PlacementInput input) {
            return sticky.plan(input);
          }
        },
        expectedChunks,
        workers,
        floor);
  }

  private ScaleFleet(PlacementPlanner planner, int expectedChunks, int workers, int floor) {
    lifecycle = new Lifecycle(planner);
    this.workers = workers;
    reports = new long[workers];
    LifecycleConfig config =
        LifecycleConfig.builder()
            .minReplication(floor)
            .maxReplication(WeightPolicy.UNCAPPED)
            .suspectAfterTicks(LifecycleConfig.NEVER)
            .departAfterTicks(LifecycleConfig.NEVER)
            .maxChunksPerCycle(LifecycleConfig.UNLIMITED)
            .placement(PlacementConfig.builder().saturation(0.5).build())
            .build();
    state = LifecycleState.empty(config, Lineage.of(1));
    long capacity = Math.max(10, 3L * expectedChunks / workers * 2) * MIB;
    for (int i = 0; i < workers; i++) {
      execute(Command.Describe.of(Worker.of(worker(i), capacity).withZone("z" + i % 4)));
      execute(new Command.Register(worker(i), "disk" + i));
    }
  }

  ScaleFleet over(int count) {
    datasets = count;
    return this;
  }

  LifecycleState state() {
    return state;
  }

  void tick() {
    now++;
  }

  void ingest(int count) {
    int end = chunks + count;
    while (chunks < end) {
      List<ProposedChunk> batch = new ArrayList<>();
      for (int last = Math.min(end, chunks + BATCH); chunks < last; chunks++) {
        ChunkKey key = ChunkKey.of("dataset-" + chunks % datasets, "chunk-" + chunks);
        long first = 10L * (chunks / datasets);
        BlockRange range = BlockRange.of(first, first + 9);
        batch.add(ProposedChunk.of(Chunk.of(key, range, MIB)));
      }
      execute(new Command.Ingest(batch));
    }
  }

  void reportAll() {
    for (int i = 0; i < workers; i++) {
      ReportHeader header =
          new ReportHeader(worker(i), Incarnation.of(1), Lineage.of(1), ++reports[i]);
      execute(new Command.Applied(header, state.newestWorkerAssignment(), List.of()));
    }
  }

  Timed schedule() {
    Tick tick = Tick.of(now);
    long begin = cpuNanos();
    Optional<CyclePlan> prepared = lifecycle.prepare(state, PlanningAdvice.NONE, tick);
    long planning = cpuNanos();
    prepared.ifPresent(CyclePlan::plan);
    long planned = cpuNanos();
    Lifecycle.Outcome<?> outcome =
        prepared
            .map(from -> lifecycle.apply(state, from, tick))
            .orElseGet(() -> lifecycle.execute(state, new Command.Schedule(), tick));
    long end = cpuNanos();
    return new Timed(outcome, end - planned + planning - begin, planned - planning);
  }

  Timed publish() {
    long begin = cpuNanos();
    Lifecycle.Outcome<?> outcome = lifecycle.execute(state, Command.Publish.now(), Tick.of(now));
    return new Timed(outcome, cpuNanos() - begin, 0);
  }

  void execute(Command<?> command) {
    lifecycle.execute(state, command, Tick.of(now));
  }

  static WorkerId worker(int i) {
    return WorkerId.of(String.format(Locale.ROOT, "w%05d", i));
  }

  /** Returns the CPU time of this thread: without other processes and garbage collection. */
  static long cpuNanos() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
  }
}
