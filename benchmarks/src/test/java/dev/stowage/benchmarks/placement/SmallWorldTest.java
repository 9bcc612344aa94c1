package dev.stowage.benchmarks.placement;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.placement.PlacementInput;
import dev.stowage.placement.PlacementPlan;
import dev.stowage.placement.PlacementPlanner;
import dev.stowage.placement.Search;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Drawn worlds that {@link SmallFleets} found to be slow. */
class SmallWorldTest {
  /** Of the first 10,000 worlds, the one that takes longest. */
  private static final long WORST = 9611;

  /** The one of the first 2,500 that took longest when every sequence of moves was tried. */
  private static final long ONCE_WORST = 2433;

  /** Several times what {@link SmallFleets} allows, for cold code on a busy machine. */
  private static final long MOST_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

  private static final int RUNS = 8;

  @Test
  void plan_ofTheWorstWorldOfTenThousand_takesMilliseconds() {
    assertThat(leastNanos(WORST)).isLessThan(MOST_NANOS);
    assertThat(SmallWorld.drawn(WORST).plan().cutShort()).contains(Search.REPACKING);
  }

  @Test
  void plan_ofTheWorldThatWasSearchedLongest_takesMilliseconds() {
    assertThat(leastNanos(ONCE_WORST)).isLessThan(MOST_NANOS);
  }

  @Test
  void drawn_fromOneSeed_isOneWorld() {
    PlacementPlan plan = SmallWorld.drawn(WORST).plan();
    assertThat(SmallWorld.drawn(WORST).plan().planHash()).isEqualTo(plan.planHash());
    assertThat(SmallWorld.drawn(WORST + 1).plan().planHash()).isNotEqualTo(plan.planHash());
  }

  /** The processor time of the fastest of some plans. */
  private static long leastNanos(long seed) {
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    PlacementInput input = SmallWorld.drawn(seed).input();
    long least = Long.MAX_VALUE;
    for (int run = 0; run < RUNS; run++) {
      long before = threads.getCurrentThreadCpuTime();
      PlacementPlanner.sticky().plan(input);
      least = Math.min(least, threads.getCurrentThreadCpuTime() - before);
    }
    return least;
  }
}
