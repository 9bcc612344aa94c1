package dev.stowage.benchmarks.placement;

import dev.stowage.placement.PlacementInput;
import dev.stowage.placement.PlacementPlan;
import dev.stowage.placement.PlacementPlanner;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Arrays;
import java.util.Locale;

/**
 * Measures what a plan of a small fleet costs: 10,000 drawn worlds of at most 20 workers and 100
 * chunks, CPU time of the planning thread, median, 99th percentile and worst. Every tenth world is
 * planned on until nothing changes.
 *
 * <p>Arguments: worlds, first seed; 10000 0 unless told.
 */
public final class SmallFleets {
  /** The plans after which a world that still changes counts as restless. */
  private static final int MOST_PLANS = 200;

  private static final int WARM_UP = 2_000;
  private static final int RESTED_EACH = 10;
  private static final long WARM_UP_SEED = 1_000_000_000;
  private static final double NANOS_PER_MILLI = 1e6;

  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  private final long[] nanos;
  private final long first;
  private int gaveUp;
  private int rested;
  private int restless;
  private int mostPlans;

  private SmallFleets(int worlds, long first) {
    nanos = new long[worlds];
    this.first = first;
  }

  /** Prints the figures of all worlds. */
  public static void main(String[] arguments) {
    int worlds = (int) number(arguments, 0, 10_000);
    for (int i = 0; i < WARM_UP; i++) {
      SmallWorld.drawn(WARM_UP_SEED + i).plan();
    }
    SmallFleets fleets = new SmallFleets(worlds, number(arguments, 1, 0));
    fleets.measure();
    fleets.print();
  }

  private static long number(String[] arguments, int at, long otherwise) {
    return arguments.length > at ? Long.parseLong(arguments[at]) : otherwise;
  }

  private void measure() {
    for (int i = 0; i < nanos.length; i++) {
      SmallWorld world = SmallWorld.drawn(first + i);
      PlacementInput input = world.input();
      long before = THREADS.getCurrentThreadCpuTime();
      PlacementPlan plan = PlacementPlanner.sticky().plan(input);
      nanos[i] = THREADS.getCurrentThreadCpuTime() - before;
      gaveUp += plan.cutShort().isEmpty() ? 0 : 1;
      if (i % RESTED_EACH == 0) {
        rest(world, plan);
      }
    }
  }

  private void rest(SmallWorld world, PlacementPlan begun) {
    PlacementPlan plan = begun;
    int plans = 1;
    for (; plan.actionCount() > 0 && plans < MOST_PLANS; plans++) {
      world.follow(plan, plans % 2 == 0);
      plan = world.plan();
    }
    rested++;
    restless += plan.actionCount() > 0 ? 1 : 0;
    mostPlans = Math.max(mostPlans, plans);
  }

  private void print() {
    long[] sorted = nanos.clone();
    Arrays.sort(sorted);
    int worst = 0;
    for (int i = 0; i < nanos.length; i++) {
      worst = nanos[i] > nanos[worst] ? i : worst;
    }
    System.out.printf(
        Locale.ROOT,
        "%d worlds, ms of CPU: median %.3f, 99th percentile %.3f, worst %.3f (seed %d)%n",
        nanos.length,
        sorted[sorted.length / 2] / NANOS_PER_MILLI,
        sorted[sorted.length * 99 / 100] / NANOS_PER_MILLI,
        nanos[worst] / NANOS_PER_MILLI,
        first + worst);
    System.out.printf(Locale.ROOT, "%d plans in which a search gave up%n", gaveUp);
    System.out.printf(
        Locale.ROOT,
        "%d worlds planned to rest in at most %d plans, %d not at rest after %d%n",
        rested,
        mostPlans,
        restless,
        MOST_PLANS);
  }
}
