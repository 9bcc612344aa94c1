package dev.stowage.benchmarks.lifecycle;

import dev.stowage.lifecycle.Command;
import dev.stowage.lifecycle.Lifecycle;
import dev.stowage.lifecycle.LifecycleConfig;
import dev.stowage.lifecycle.LifecycleState;
import dev.stowage.lifecycle.ProposedChunk;
import dev.stowage.lifecycle.ReportHeader;
import dev.stowage.lifecycle.documents.DocumentFormat;
import dev.stowage.lifecycle.documents.PortalAssignment;
import dev.stowage.lifecycle.documents.PortalDelta;
import dev.stowage.lifecycle.documents.RoutesDocument;
import dev.stowage.lifecycle.documents.SliceDelta;
import dev.stowage.lifecycle.documents.SliceDocument;
import dev.stowage.lifecycle.documents.WorkerAssignment;
import dev.stowage.lifecycle.documents.WorkerSlice;
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
import dev.stowage.placement.WeightPolicy;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.LongSupplier;

/**
 * The scale run of assignment documents: a fleet is filled, a thousand chunks are added at a time,
 * and what workers and portals are sent is measured. Times are of this thread's CPU, the median and
 * the worst of all workers. Arguments: chunks, workers, floor (1,000,000 2,000 3 by default).
 */
public final class AssignmentScale {
  private static final long MIB = 1 << 20;
  private static final int ROUNDS = 4;

  private final PrintStream out;
  private final int workers;
  private final LifecycleState state;
  private final Lifecycle lifecycle = new Lifecycle(PlacementPlanner.sticky());
  private final long[] reports;

  private AssignmentScale(PrintStream out, int workers, int floor) {
    this.out = out;
    this.workers = workers;
    reports = new long[workers];
    LifecycleConfig config =
        LifecycleConfig.builder()
            .minReplication(floor)
            .maxReplication(WeightPolicy.UNCAPPED)
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
    new AssignmentScale(System.out, workers, floor).run(chunks);
  }

  private void run(int chunks) {
    long capacity = Math.max(10, 3L * chunks / workers * 2) * MIB;
    for (int i = 0; i < workers; i++) {
      execute(Command.Describe.of(Worker.of(worker(i), capacity).withZone("z" + i % 4)));
      execute(new Command.Register(worker(i), "disk" + i));
    }
    ingest(0, chunks);
    cycles();
    out.printf(Locale.ROOT, "%d chunks, %d replicas%n", state.chunkCount(), state.replicaCount());
    for (int round = 0; round < ROUNDS; round++) {
      WorkerAssignment workersBefore = state.workerAssignment();
      PortalAssignment portalsBefore = state.portalAssignment();
      portalsBefore.documentBytes();
      for (int i = 0; i < workers; i++) {
        workersBefore.slice(worker(i)).orElseThrow().documentBytes();
      }
      ingest(chunks + round * 1000, 1000);
      cycles();
      out.println("after 1000 new chunks, round " + (round + 1));
      measureWorkers(workersBefore);
      measurePortal(portalsBefore);
    }
  }

  private void measureWorkers(WorkerAssignment before) {
    WorkerAssignment now = state.workerAssignment();
    List<SliceDelta> deltas = new ArrayList<>();
    List<WorkerSlice> slices = new ArrayList<>();
    perWorker("delta", i -> deltas.add(now.deltaSince(before, worker(i)).orElseThrow()));
    perWorker("size of the delta", i -> deltas.get(i).documentBytes());
    perWorker(
        "size of the slice",
        i -> {
          slices.add(now.slice(worker(i)).orElseThrow());
          slices.get(i).documentBytes();
        });
    List<SliceDocument> documents = new ArrayList<>();
    perWorker("document of the slice", i -> documents.add(SliceDocument.of(slices.get(i))));
    perWorker("slice to bytes", i -> DocumentFormat.BINARY.toBytes(documents.get(i)));
    long entries = 0;
    long binary = 0;
    long json = 0;
    long deltaBytes = 0;
    for (int i = 0; i < workers; i++) {
      entries += slices.get(i).size();
      binary += slices.get(i).documentBytes();
      json += DocumentFormat.JSON.toBytes(documents.get(i)).length;
      deltaBytes += deltas.get(i).documentBytes();
    }
    out.printf(
        Locale.ROOT,
        "  slices: %.1f bytes per entry binary, %.1f JSON; delta %d bytes on average%n",
        binary / (double) entries,
        json / (double) entries,
        deltaBytes / workers);
    byte[] bytes = DocumentFormat.BINARY.toBytes(documents.get(0));
    timed(
        "read one slice of " + bytes.length + " bytes",
        () -> DocumentFormat.BINARY.readSlice(bytes).put().size());
  }

  private void measurePortal(PortalAssignment before) {
    PortalAssignment now = state.portalAssignment();
    PortalDelta[] delta = new PortalDelta[1];
    timed(
        "portal delta",
        () -> {
          delta[0] = now.deltaSince(before);
          return delta[0].put().size();
        });
    long deltaBytes = timed("size of the portal delta", delta[0]::documentBytes);
    timed(
        "portal delta to bytes",
        () -> DocumentFormat.BINARY.toBytes(RoutesDocument.of(delta[0])).length);
    timed("size of all routes", now::documentBytes);
    long bytes = timed("size of all routes, again", now::documentBytes);
    timed("all routes to bytes", () -> written(now, DocumentFormat.BINARY));
    out.printf(
        Locale.ROOT,
        "  routes: %.1f bytes per chunk binary, %.1f JSON; delta %d bytes%n",
        bytes / (double) state.chunkCount(),
        written(now, DocumentFormat.JSON) / (double) state.chunkCount(),
        deltaBytes);
  }

  private static long written(PortalAssignment assignment, DocumentFormat format) {
    Counting counting = new Counting();
    try {
      format.write(assignment, counting);
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    return counting.bytes;
  }

  private interface Step {
    void of(int worker);
  }

  private void perWorker(String what, Step step) {
    long[] nanos = new long[workers];
    for (int i = 0; i < workers; i++) {
      long begin = cpuNanos();
      step.of(i);
      nanos[i] = cpuNanos() - begin;
    }
    Arrays.sort(nanos);
    out.printf(
        Locale.ROOT,
        "  %-32s %10.3f ms, worst %.3f%n",
        what,
        nanos[workers / 2] / 1e6,
        nanos[workers - 1] / 1e6);
  }

  private long timed(String what, LongSupplier step) {
    long begin = cpuNanos();
    long answer = step.getAsLong();
    long nanos = cpuNanos() - begin;
    out.printf(Locale.ROOT, "  %-32s %10.3f ms: %d%n", what, nanos / 1e6, answer);
    return answer;
  }

  private void cycles() {
    execute(new Command.Schedule());
    for (int i = 0; i < workers; i++) {
      ReportHeader header =
          new ReportHeader(worker(i), Incarnation.of(1), Lineage.of(1), ++reports[i]);
      execute(new Command.Applied(header, state.newestWorkerAssignment(), List.of()));
    }
    execute(Command.Publish.now());
  }

  private void ingest(int first, int count) {
    List<ProposedChunk> batch = new ArrayList<>();
    for (int i = first; i < first + count; i++) {
      ChunkKey key = ChunkKey.of("dataset", "chunk-" + i);
      batch.add(ProposedChunk.of(Chunk.of(key, BlockRange.of(10L * i, 10L * i + 9), MIB)));
    }
    execute(new Command.Ingest(batch));
  }

  private void execute(Command<?> command) {
    Objects.requireNonNull(lifecycle.execute(state, command, Tick.of(1)));
  }

  private static WorkerId worker(int i) {
    return WorkerId.of(String.format(Locale.ROOT, "w%05d", i));
  }

  private static long cpuNanos() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
  }

  private static final class Counting extends OutputStream {
    private long bytes;

    @Override
    public void write(int value) {
      bytes++;
    }

    @Override
    public void write(byte[] more, int offset, int length) {
      bytes += length;
    }
  }
}
