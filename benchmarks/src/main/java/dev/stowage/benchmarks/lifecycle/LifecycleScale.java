package dev.stowage.benchmarks.lifecycle;

import dev.stowage.lifecycle.ChangeSet;
import dev.stowage.lifecycle.Command;
import dev.stowage.lifecycle.Lifecycle;
import dev.stowage.lifecycle.LifecycleConfig;
import dev.stowage.lifecycle.LifecycleState;
import dev.stowage.lifecycle.PlanningAdvice;
import dev.stowage.lifecycle.Preparation;
import dev.stowage.lifecycle.ProposedChunk;
import dev.stowage.lifecycle.ReportHeader;
import dev.stowage.lifecycle.Result;
import dev.stowage.lifecycle.WorkerAssignment;
import dev.stowage.model.BlockRange;
import dev.stowage.model.Chunk;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.Incarnation;
import dev.stowage.model.Lineage;
import dev.stowage.model.Tick;
import dev.stowage.model.Worker;
import dev.stowage.model.WorkerId;
import dev.stowage.placement.PlacementConfig;
import dev.stowage.placement.PlacementPlanner;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The scale run of the lifecycle: a fleet is filled once, then cycles are timed that change
 * nothing, and a thousand chunks. Planning is timed apart; times are of this thread's CPU.
 * Arguments: chunks, workers, floor (1,000,000 2,000 3 by default).
 */
public final class LifecycleScale {
  private static final long MIB = 1 << 20;
  private static final int BATCH = 10_000;

  private final PrintStream out;
  private final int workers;
  private final LifecycleState state;
  private final Lifecycle lifecycle = new Lifecycle(PlacementPlanner.sticky());
  private final long[] reports;
  private long now = 1;

  private LifecycleScale(PrintStream out, int workers, int floor) {
    this.out = out;
    this.workers = workers;
    reports = new long[workers];
    LifecycleConfig config =
        LifecycleConfig.builder()
            .minReplication(floor)
            .suspectAfterTicks(LifecycleConfig.NEVER)
            .departAfterTicks(LifecycleConfig.NEVER)
            .placement(PlacementConfig.builder().saturation(0.5).build())
            .build();
    state = LifecycleState.empty(config, Lineage.of(1));
  }

  /** Runs it and prints a line for each figure. */
  public static void main(String[] args) {
    int chunks = args.length > 0 ? Integer.parseInt(args[0]) : 1_000_000;
    int workers = args.length > 1 ? Integer.parseInt(args[1]) : 2_000;
    int floor = args.length > 2 ? Integer.parseInt(args[2]) : 3;
    new LifecycleScale(System.out, workers, floor).run(chunks);
  }

  private void run(int chunks) {
    long capacity = Math.max(10, 3L * chunks / workers * 2) * MIB;
    for (int i = 0; i < workers; i++) {
      execute(Command.Describe.of(Worker.of(worker(i), capacity).withZone("z" + i % 4)));
      execute(new Command.Register(worker(i), "disk" + i));
    }
    long empty = heapBytes();
    timed("ingest", () -> ingest(0, chunks));
    long filled = heapBytes();
    out.printf(
        Locale.ROOT, "bytes per chunk (key included)    %8.1f%n", per(filled - empty, chunks));
    cycle("first placement", new Command.Schedule());
    long placed = heapBytes();
    out.printf(
        Locale.ROOT,
        "bytes per replica (slices incl.)  %8.1f  (%d replicas)%n",
        per(placed - filled, state.replicaCount()),
        state.replicaCount());
    timed("all workers report", this::reportAll);
    cycle("first visibility", Command.Publish.now());
    out.printf(
        Locale.ROOT,
        "bytes per chunk of routes         %8.1f%n",
        per(heapBytes() - placed, chunks));
    for (int i = 0; i < 6; i++) {
      cycle("schedule again", new Command.Schedule());
      reportAll();
      cycle("publish again", Command.Publish.now());
    }
    for (int i = 0; i < 5; i++) {
      changeThousand(chunks + i * 1000);
    }
    for (int i = 0; i < 5; i++) {
      now++;
      cycle("idle schedule", new Command.Schedule());
      cycle("idle publish", Command.Publish.now());
    }
  }

  private void changeThousand(int first) {
    WorkerAssignment before = state.workerAssignment();
    timed("ingest 1000", () -> ingest(first, 1000));
    cycle("schedule 1000 new", new Command.Schedule());
    timed(
        "delta for one worker",
        () -> state.workerAssignment().deltaSince(before, worker(workers / 2)));
    reportAll();
    cycle("publish 1000 new", Command.Publish.now());
    now++;
  }

  private void ingest(int first, int count) {
    for (int from = first; from < first + count; from += BATCH) {
      List<ProposedChunk> batch = new ArrayList<>();
      for (int i = from; i < Math.min(first + count, from + BATCH); i++) {
        ChunkKey key = ChunkKey.of("dataset", "chunk-" + i);
        batch.add(ProposedChunk.of(Chunk.of(key, BlockRange.of(10L * i, 10L * i + 9), MIB)));
      }
      execute(new Command.Ingest(batch));
    }
  }

  private void reportAll() {
    for (int i = 0; i < workers; i++) {
      ReportHeader header =
          new ReportHeader(worker(i), Incarnation.of(1), Lineage.of(1), ++reports[i]);
      execute(new Command.Applied(header, state.newestWorkerAssignment(), List.of()));
    }
  }

  /** As the engine does it: prepare, plan, apply. */
  private void cycle(String what, Command command) {
    Tick tick = Tick.of(now);
    long begin = cpuNanos();
    Optional<Preparation> prepared =
        command instanceof Command.Schedule
            ? lifecycle.prepare(state, PlanningAdvice.NONE, tick)
            : Optional.empty();
    long planning = cpuNanos();
    prepared.ifPresent(Preparation::plan);
    long planned = cpuNanos();
    Lifecycle.Outcome outcome =
        prepared
            .map(from -> lifecycle.apply(state, from, from.plan(), tick))
            .orElseGet(() -> lifecycle.execute(state, command, tick));
    long nanos = cpuNanos() - planned + planning - begin;
    ChangeSet changes = outcome.changes();
    out.printf(
        Locale.ROOT,
        "%-32s %10.3f ms + %10.3f ms planning; %d chunks, %d replicas, %s%n",
        what,
        nanos / 1e6,
        (planned - planning) / 1e6,
        changes.chunks().size(),
        changes.replicas().size() + changes.removedReplicas().size(),
        summary(outcome.result()));
  }

  private static String summary(Result result) {
    if (result instanceof Result.Scheduled cycle) {
      return "changed " + cycle.changed() + ", " + cycle.deferred().size() + " deferred";
    }
    return result instanceof Result.Published cycle ? "changed " + cycle.changed() : "";
  }

  private void timed(String what, Runnable step) {
    long begin = cpuNanos();
    step.run();
    out.printf(Locale.ROOT, "%-32s %10.3f ms%n", what, (cpuNanos() - begin) / 1e6);
  }

  private void execute(Command command) {
    lifecycle.execute(state, command, Tick.of(now));
  }

  private static WorkerId worker(int i) {
    return WorkerId.of(String.format(Locale.ROOT, "w%05d", i));
  }

  /** Of this thread: other processes do not count, garbage collection neither. */
  private static long cpuNanos() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
  }

  private static double per(long bytes, long rows) {
    return bytes / (double) Math.max(1, rows);
  }

  /** After a command that does nothing: the last change set is kept until the next command. */
  private long heapBytes() {
    execute(new Command.Purge());
    Runtime runtime = Runtime.getRuntime();
    long least = Long.MAX_VALUE;
    for (int i = 0; i < 3; i++) {
      System.gc();
      least = Math.min(least, runtime.totalMemory() - runtime.freeMemory());
    }
    return least;
  }
}
