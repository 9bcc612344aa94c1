package dev.stowage.benchmarks.placement;

import dev.stowage.model.Worker;
import dev.stowage.placement.ChunkBits;
import dev.stowage.placement.ChunkColumn;
import dev.stowage.placement.ChunkDraft;
import dev.stowage.placement.KeyHash;
import dev.stowage.placement.PlacementInput;
import dev.stowage.placement.PlacementPlan;
import dev.stowage.placement.PlanRequest;
import dev.stowage.placement.PoolFactor;
import dev.stowage.placement.ReplicaBits;
import dev.stowage.placement.SlotOrder;
import dev.stowage.placement.WarmPlanner;
import dev.stowage.placement.WeightPolicy;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Arrays;
import java.util.Locale;

/**
 * The rows of a warm planner: one that planned the state before the event, and is fed the event as
 * deltas. Feeding and planning are timed together; reverting the event is not timed.
 */
final class WarmScale {
  private static final int SEEN =
      ChunkBits.VISIBLE | ChunkBits.ESTABLISHED | ChunkBits.ONCE_POSSESSED;
  private static final int HELD =
      ReplicaBits.ASSIGNED | ReplicaBits.POSSESSED | ReplicaBits.ROUTED | ReplicaBits.READABLE;

  private final PrintStream out;
  private final int runs;
  private final PublishedShape shape;
  private final PlacementInput input;
  private final WarmPlanner planner;
  private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
  private final long[] hash;
  private final int[][] held;
  private int settled;

  /** Creates rows that begin with the replicas that {@code cold}, a plan from scratch, wants. */
  WarmScale(PrintStream out, int runs, PublishedShape shape, PlacementPlan cold) {
    this.out = out;
    this.runs = runs;
    this.shape = shape;
    input = cold.input();
    planner = WarmPlanner.of(input.config(), SlotOrder.ASCENDING);
    int chunks = shape.chunks() + shape.chunks() / 50;
    hash = new long[chunks];
    Arrays.setAll(hash, chunk -> KeyHash.of(PublishedWorkload.chunkKey(chunk)));
    held = new int[shape.chunks()][];
    Arrays.setAll(held, cold::wantedWorkers);
    load(cold);
  }

  private interface Event {
    void happen(int run);
  }

  void run() {
    Event nothing = run -> {};
    row("steady", nothing, nothing);
    row("+1 changed", run -> change(1, run), nothing);
    row("+1000 changed", run -> change(1000, run), nothing);
    row("leave", run -> planner.dropWorker(worker(run)), run -> rejoin(worker(run)));
    row("join", run -> join(), run -> planner.dropWorker(shape.workers()));
    row("10 % leave", run -> leaveTenth(), run -> rejoinTenth());
    row("+2 %", run -> grow(), run -> shrink());
  }

  private void load(PlacementPlan cold) {
    long before = heapAfterCollection();
    long cpu = threads.getCurrentThreadCpuTime();
    planner.expect(shape.chunks(), (int) cold.figures().replicas());
    for (int worker = 0; worker < shape.workers(); worker++) {
      planner.worker(worker, input.worker(worker));
    }
    for (int chunk = 0; chunk < held.length; chunk++) {
      put(chunk, 0);
    }
    PlanRequest.Builder request = PlanRequest.builder();
    for (PoolFactor factor : cold.factors()) {
      request.previousFactor(factor.weight(), factor.targetMillionths());
    }
    planner.request(request.build());
    settled = planner.plan().actionCount();
    double millis = (threads.getCurrentThreadCpuTime() - cpu) / 1e6;
    long after = heapAfterCollection();
    out.printf(
        Locale.ROOT,
        "%-6s warm load and first plan %.0f ms, %d actions; index with inputs %.1f bytes/replica"
            + " (%d MiB)%n",
        shape.name(),
        millis,
        settled,
        (after - before) / (double) cold.figures().replicas(),
        (after - before) >> 20);
  }

  private void row(String name, Event event, Event back) {
    double[] cpu = new double[runs];
    double[] wall = new double[runs];
    int actions = 0;
    for (int run = -runs; run < runs; run++) {
      long cpuBefore = threads.getCurrentThreadCpuTime();
      long wallBefore = System.nanoTime();
      event.happen(run + runs);
      actions = planner.plan().actionCount();
      if (run >= 0) {
        wall[run] = (System.nanoTime() - wallBefore) / 1e6;
        cpu[run] = (threads.getCurrentThreadCpuTime() - cpuBefore) / 1e6;
      }
      back.happen(run + runs);
      if (planner.plan().actionCount() != settled) {
        throw new IllegalStateException(name + " was not taken back");
      }
    }
    out.printf(
        Locale.ROOT,
        "%-6s warm %-14s %9.3f ms cpu  %9.3f ms wall  %7d actions%n",
        shape.name(),
        name,
        median(cpu),
        median(wall),
        actions);
  }

  private int worker(int run) {
    return (shape.workers() / 2 + run * 7) % shape.workers();
  }

  private void change(int count, int run) {
    for (int i = 0; i < count; i++) {
      int chunk = (int) ((i * 7919L + run) % shape.chunks());
      put(chunk, 1 + run);
    }
  }

  private void join() {
    planner.worker(
        shape.workers(),
        Worker.of(PublishedWorkload.workerId(shape.workers()), shape.capacityGib() << 30));
  }

  private void rejoin(int slot) {
    planner.worker(slot, input.worker(slot));
    putHeldOn(slot, slot);
  }

  private void leaveTenth() {
    for (int slot = 5; slot < shape.workers(); slot += 10) {
      planner.dropWorker(slot);
    }
  }

  private void rejoinTenth() {
    for (int slot = 5; slot < shape.workers(); slot += 10) {
      planner.worker(slot, input.worker(slot));
    }
    for (int chunk = 0; chunk < held.length; chunk++) {
      put(chunk, 0);
    }
  }

  private void putHeldOn(int first, int last) {
    for (int chunk = 0; chunk < held.length; chunk++) {
      for (int worker : held[chunk]) {
        if (worker >= first && worker <= last) {
          put(chunk, 0);
        }
      }
    }
  }

  private void grow() {
    for (int chunk = shape.chunks(); chunk < shape.chunks() + shape.chunks() / 50; chunk++) {
      planner
          .chunk(chunk, hash[chunk], PublishedWorkload.CHUNK_BYTES)
          .set(ChunkColumn.WEIGHT, shape.weights()[chunk % shape.weights().length])
          .set(ChunkColumn.FLOOR, shape.floor())
          .set(ChunkColumn.CAP, WeightPolicy.UNCAPPED)
          .put();
    }
  }

  private void shrink() {
    for (int chunk = shape.chunks(); chunk < shape.chunks() + shape.chunks() / 50; chunk++) {
      planner.dropChunk(chunk);
    }
  }

  private void put(int chunk, long admitted) {
    ChunkDraft draft =
        planner
            .chunk(chunk, hash[chunk], PublishedWorkload.CHUNK_BYTES)
            .set(ChunkColumn.WEIGHT, shape.weights()[chunk % shape.weights().length])
            .set(ChunkColumn.FLOOR, shape.floor())
            .set(ChunkColumn.CAP, WeightPolicy.UNCAPPED)
            .bits(SEEN)
            .set(ChunkColumn.ADMITTED, admitted);
    for (int worker : held[chunk]) {
      draft.replica(worker, HELD);
    }
    draft.put();
  }

  private static double median(double[] values) {
    Arrays.sort(values);
    return values[values.length / 2];
  }

  private static long heapAfterCollection() {
    Runtime runtime = Runtime.getRuntime();
    for (int i = 0; i < 3; i++) {
      runtime.gc();
    }
    return runtime.totalMemory() - runtime.freeMemory();
  }
}
