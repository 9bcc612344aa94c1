package dev.stowage.benchmarks.placement;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.stowage.placement.PlacementInput;
import dev.stowage.placement.PlacementPlan;
import dev.stowage.placement.PlacementPlanner;
import dev.stowage.placement.PlanFigures;
import dev.stowage.placement.StatelessPlanner;
import java.io.OutputStream;
import java.io.PrintStream;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;

/**
 * Runs our planner on the published workloads and prints time, movement, balance and memory, beside
 * the CPU seconds that were recorded for the published planner. Arguments: shapes (10k, 100k, 500k,
 * 1m, r3), {@code runs=N} (5 by default, the median counts), {@code threads=N} (1 by default),
 * {@code planner=stateless} for the baseline instead of ours. Ours is run warm, too: on an index
 * that is fed the same events.
 */
public final class PlacementScale {
  private static final String[] EVENTS = {"steady", "+2 %", "leave", "join", "10 % leave"};
  private final PrintStream out;
  private final int runs;
  private final int threads;
  private final PlacementPlanner planner;

  private PlacementScale(PrintStream out, int runs, int threads, PlacementPlanner planner) {
    this.out = out;
    this.planner = planner;
    this.runs = runs;
    this.threads = threads;
  }

  /** Prints the table for the shapes that are named. */
  public static void main(String[] arguments) {
    int runs = 5;
    int threads = 1;
    PlacementPlanner planner = PlacementPlanner.sticky();
    for (String argument : arguments) {
      if (argument.startsWith("runs=")) {
        runs = Integer.parseInt(argument.substring(5));
      } else if (argument.startsWith("threads=")) {
        threads = Integer.parseInt(argument.substring(8));
      } else if (argument.equals("planner=stateless")) {
        planner = StatelessPlanner.create();
      }
    }
    if (threads > 1 && !(planner instanceof StatelessPlanner)) {
      planner = PlacementPlanner.sticky(helpers(threads - 1));
    }
    PlacementScale scale = new PlacementScale(System.out, runs, threads, planner);
    scale.warmUp();
    scale.printHead();
    for (String argument : arguments) {
      if (!argument.contains("=")) {
        scale.run(PublishedShape.byName(argument));
      }
    }
  }

  private static Executor helpers(int count) {
    return Executors.newFixedThreadPool(
        count,
        work -> {
          Thread thread = new Thread(work, "planner-helper");
          thread.setDaemon(true);
          return thread;
        });
  }

  private void warmUp() {
    PublishedWorkload small = new PublishedWorkload(PublishedShape.byName("10k"), threads);
    for (int i = 0; i < 10; i++) {
      PlacementPlan cold = planner.plan(small.input("scratch", null));
      for (String event : EVENTS) {
        planner.plan(small.input(event, cold));
      }
    }
    PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream(), false, UTF_8);
    if (!(planner instanceof StatelessPlanner)) {
      PlacementPlan cold = planner.plan(small.input("scratch", null));
      new WarmScale(nowhere, 5, PublishedShape.byName("10k"), cold).run();
    }
  }

  private void printHead() {
    out.println(
        "shape  event       cpu ms  wall ms  recorded cpu s  bytes/replica (retained)"
            + "  added GiB  / minimum  max/mean  min/mean  replicas  actions");
  }

  private void run(PublishedShape shape) {
    PublishedWorkload workload = new PublishedWorkload(shape, threads);
    PlacementPlan cold = measure(shape, "scratch", workload.input("scratch", null));
    for (String event : EVENTS) {
      measure(shape, event, workload.input(event, cold));
    }
    if (!(planner instanceof StatelessPlanner)) {
      new WarmScale(out, runs, shape, cold).run();
    }
  }

  private PlacementPlan measure(PublishedShape shape, String event, PlacementInput input) {
    long[] cpu = new long[runs];
    long[] wall = new long[runs];
    PlacementPlan plan = planner.plan(input);
    for (int run = 0; run < runs; run++) {
      long cpuBefore = cpuMillis();
      long before = System.nanoTime();
      plan = planner.plan(input);
      wall[run] = (System.nanoTime() - before) / 1000;
      cpu[run] = cpuMillis() - cpuBefore;
    }
    long retained = retained(input);
    Arrays.sort(cpu);
    Arrays.sort(wall);
    PlanFigures figures = plan.figures();
    out.printf(
        Locale.ROOT,
        "%-6s %-11s %6d  %7.1f  %14s  %19.1f  %9.2f  %9.4f  %8.4f  %8.4f  %8d  %7d%n",
        shape.name(),
        event,
        cpu[runs / 2],
        wall[runs / 2] / 1000.0,
        shape.recorded(event),
        retained / (double) figures.replicas(),
        figures.bytesAdded() / (double) (1 << 30),
        figures.bytesAdded() / (double) Math.max(1, figures.bytesMinimum()),
        figures.maxOverMeanFill() / 1e6,
        figures.minOverMeanFill() / 1e6,
        figures.replicas(),
        plan.actionCount());
    return plan;
  }

  /** Returns the heap that a plan keeps alive beyond its input, in bytes. */
  private long retained(PlacementInput input) {
    long before = heapAfterCollection();
    PlacementPlan plan = planner.plan(input);
    long after = heapAfterCollection();
    return plan.actionCount() < 0 ? 0 : after - before;
  }

  private static long heapAfterCollection() {
    Runtime runtime = Runtime.getRuntime();
    for (int i = 0; i < 3; i++) {
      runtime.gc();
    }
    return runtime.totalMemory() - runtime.freeMemory();
  }

  private static long cpuMillis() {
    return ProcessHandle.current().info().totalCpuDuration().orElseThrow().toMillis();
  }
}
