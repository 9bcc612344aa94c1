package dev.stowage.benchmarks.placement;

import dev.stowage.model.Worker;
import dev.stowage.model.WorkerId;
import dev.stowage.placement.ChunkBits;
import dev.stowage.placement.ChunkColumn;
import dev.stowage.placement.ChunkDraft;
import dev.stowage.placement.KeyHash;
import dev.stowage.placement.PlacementConfig;
import dev.stowage.placement.PlacementInput;
import dev.stowage.placement.PlacementInputBuilder;
import dev.stowage.placement.PlacementPlan;
import dev.stowage.placement.PlacementPlanner;
import dev.stowage.placement.PlanFigures;
import dev.stowage.placement.PlanRequest;
import dev.stowage.placement.ReplicaBits;
import dev.stowage.placement.SlotOrder;
import dev.stowage.placement.Spread;
import dev.stowage.placement.WarmPlanner;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The cost of failure domains and limits for a planner: equal chunks on a fleet without zones, on
 * one with regions, halls and racks of unequal sizes, and on that one with limits of both kinds.
 * CPU time of a thread, medians.
 *
 * <p>Arguments: chunks, workers, runs; 100000 200 15 by default.
 */
public final class LimitsCost {
  private static final int SEEN =
      ChunkBits.VISIBLE | ChunkBits.ESTABLISHED | ChunkBits.ONCE_POSSESSED;
  private static final int HELD =
      ReplicaBits.ASSIGNED | ReplicaBits.POSSESSED | ReplicaBits.ROUTED | ReplicaBits.READABLE;
  private static final long SIZE = 256 << 20;
  private static final int FLOOR = 3;
  private static final int WARM_UP = 5;

  private record Fleet(String name, PlacementConfig config, List<Worker> workers) {}

  private final int chunks;
  private final int runs;
  private final Fleet fleet;
  private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
  private final int[][] held;
  private final WarmPlanner warm;
  private int floor = FLOOR;

  private LimitsCost(int chunks, int runs, Fleet fleet) {
    this.chunks = chunks;
    this.runs = runs;
    this.fleet = fleet;
    held = new int[chunks][0];
    warm = WarmPlanner.of(fleet.config, SlotOrder.ASCENDING);
  }

  /** Prints a row for each fleet and event. */
  public static void main(String[] arguments) {
    int chunks = number(arguments, 0, 100_000);
    int workers = number(arguments, 1, 200);
    int runs = number(arguments, 2, 15);
    List<LimitsCost> all = new ArrayList<>();
    for (Fleet fleet : fleets(chunks, workers)) {
      all.add(new LimitsCost(chunks, runs, fleet));
    }
    System.out.printf(
        Locale.ROOT,
        "%d chunks on %d workers, %d replicas, median of %d runs, ms of CPU%n",
        chunks,
        workers,
        FLOOR,
        runs);
    all.forEach(LimitsCost::measure);
  }

  private static int number(String[] arguments, int place, int unless) {
    return place < arguments.length ? Integer.parseInt(arguments[place]) : unless;
  }

  private static List<Fleet> fleets(int chunks, int workers) {
    long capacity = SIZE * chunks * FLOOR / workers * 2;
    List<Worker> plain = new ArrayList<>();
    List<Worker> zoned = new ArrayList<>();
    List<Worker> limited = new ArrayList<>();
    for (int i = 0; i <= workers; i++) {
      Worker worker = Worker.of(WorkerId.of(String.format(Locale.ROOT, "w%05d", i)), capacity);
      Worker inZone = worker.withZone(path(i, workers));
      plain.add(worker);
      zoned.add(inZone);
      limited.add(inZone.withMaxReplicas(chunks * FLOOR / workers * (2 + i % 2)));
    }
    PlacementConfig none = PlacementConfig.builder().build();
    PlacementConfig spread = PlacementConfig.builder().spread(Spread.ZONE).build();
    Map<Integer, Integer> most = new TreeMap<>();
    most.put(1, 2);
    most.put(3, 1);
    PlacementConfig limits =
        PlacementConfig.builder().spread(Spread.ZONE).maxPerDomain(most).build();
    return List.of(
        new Fleet("no zones", none, plain),
        new Fleet("three levels", spread, zoned),
        new Fleet("three levels, limits", limits, limited));
  }

  /**
   * Returns a path in one of four regions, the largest with two fifths of all workers, and halls
   * and racks of unequal sizes.
   */
  private static String path(int worker, int workers) {
    int region = worker * 10L < 4L * workers ? 0 : 1 + worker % 3;
    return "r" + region + "/h" + worker % 7 / 2 + "/k" + worker % 11;
  }

  private void measure() {
    double[] scratch = new double[runs];
    @Nullable PlanFigures figures = null;
    for (int run = -WARM_UP; run < runs; run++) {
      PlacementInput input = input(fleet.workers.size() - 1, -1);
      long before = threads.getCurrentThreadCpuTime();
      PlacementPlan plan = PlacementPlanner.sticky().plan(input);
      note(scratch, run, before);
      figures = plan.figures();
      if (run == runs - 1) {
        Arrays.setAll(held, plan::wantedWorkers);
      }
    }
    settle();
    int last = fleet.workers.size() - 1;
    row("from scratch", scratch, figures);
    row("steady", cold(last, -1), null);
    row("one leaves", cold(last, last / 2), null);
    row("one joins", cold(last + 1, -1), null);
    floor = FLOOR - 1;
    row("floor lowered to 2", cold(last, -1), null);
    floor = FLOOR + 1;
    row("floor raised to 4", cold(last, -1), null);
    floor = FLOOR;
    load();
    row("warm, steady", warm(() -> {}, () -> {}), null);
    row("warm, one leaves", warm(() -> warm.dropWorker(last / 2), () -> rejoin(last / 2)), null);
    row(
        "warm, one joins",
        warm(() -> warm.worker(last, fleet.workers.get(last)), () -> warm.dropWorker(last)),
        null);
  }

  private void settle() {
    for (int cycle = 0; cycle < 20; cycle++) {
      PlacementPlan plan = PlacementPlanner.sticky().plan(input(fleet.workers.size() - 1, -1));
      if (plan.actionCount() == 0) {
        return;
      }
      Arrays.setAll(held, plan::wantedWorkers);
    }
    throw new IllegalStateException(fleet.name + " does not come to rest");
  }

  private double[] cold(int workers, int without) {
    double[] times = new double[runs];
    PlacementInput input = input(workers, without);
    for (int run = -WARM_UP; run < runs; run++) {
      long before = threads.getCurrentThreadCpuTime();
      PlacementPlanner.sticky().plan(input);
      note(times, run, before);
    }
    return times;
  }

  private double[] warm(Runnable event, Runnable back) {
    double[] times = new double[runs];
    for (int run = -WARM_UP; run < runs; run++) {
      long before = threads.getCurrentThreadCpuTime();
      event.run();
      warm.plan();
      note(times, run, before);
      back.run();
      warm.plan();
    }
    return times;
  }

  private void note(double[] times, int run, long before) {
    if (run >= 0) {
      times[run] = (threads.getCurrentThreadCpuTime() - before) / 1e6;
    }
  }

  private void row(String event, double[] times, @Nullable PlanFigures figures) {
    double[] sorted = times.clone();
    Arrays.sort(sorted);
    System.out.printf(
        Locale.ROOT,
        "| %s | %s | %.2f |%s%n",
        fleet.name,
        event,
        sorted[sorted.length / 2],
        figures == null ? "" : " max/mean " + figures.maxOverMeanFill() / 1e6 + " |");
  }

  private PlacementInput input(int workers, int without) {
    PlacementInputBuilder input = PlacementInput.builder(fleet.config);
    for (int worker = 0; worker < workers; worker++) {
      if (worker != without) {
        input.addWorker(fleet.workers.get(worker));
      }
    }
    for (int chunk = 0; chunk < chunks; chunk++) {
      input.addChunk(hash(chunk), SIZE);
      input
          .set(chunk, ChunkColumn.WEIGHT, 1)
          .set(chunk, ChunkColumn.FLOOR, floor)
          .set(chunk, ChunkColumn.CAP, floor);
      if (held[chunk].length > 0) {
        input.bits(chunk, SEEN);
        for (int worker : held[chunk]) {
          if (worker != without) {
            input.replica(chunk, without >= 0 && worker > without ? worker - 1 : worker, HELD);
          }
        }
      }
    }
    return input.build();
  }

  private static long hash(int chunk) {
    return KeyHash.of(PublishedWorkload.chunkKey(chunk));
  }

  private void load() {
    warm.expect(chunks, chunks * FLOOR);
    for (int worker = 0; worker < fleet.workers.size() - 1; worker++) {
      warm.worker(worker, fleet.workers.get(worker));
    }
    for (int chunk = 0; chunk < chunks; chunk++) {
      put(chunk);
    }
    warm.request(PlanRequest.builder().build());
    warm.plan();
  }

  private void rejoin(int worker) {
    warm.worker(worker, fleet.workers.get(worker));
    for (int chunk = 0; chunk < chunks; chunk++) {
      for (int holder : held[chunk]) {
        if (holder == worker) {
          put(chunk);
        }
      }
    }
  }

  private void put(int chunk) {
    ChunkDraft draft =
        warm.chunk(chunk, hash(chunk), SIZE).set(ChunkColumn.FLOOR, FLOOR).bits(SEEN);
    for (int worker : held[chunk]) {
      draft.replica(worker, HELD);
    }
    draft.put();
  }
}
