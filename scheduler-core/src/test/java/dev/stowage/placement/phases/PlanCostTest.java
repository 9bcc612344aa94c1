package dev.stowage.placement.phases;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.config.PlacementConfig;
import dev.stowage.config.PlacementConfig.Spread;
import dev.stowage.config.WeightPolicy;
import dev.stowage.placement.Fleets;
import dev.stowage.placement.World;
import org.junit.jupiter.api.Test;

/** Tests by counted steps that the cost of a plan grows no faster than the fleet. */
class PlanCostTest {
  private static final int FEW = 1_100;
  private static final int TIMES = 8;
  private static final int SIZE = 10;
  private static final int ZONES = 4;

  /**
   * Workers of which every other one holds one more replica than the rest, so all are off level.
   */
  private static World uneven(int workers) {
    World world = empty(workers);
    for (int chunk = 0; chunk < workers * 3 / 4; chunk++) {
      world.hold(SIZE, 2 * chunk % workers, (2 * chunk + 1) % workers);
    }
    return world;
  }

  private static World empty(int workers) {
    World world = new World();
    world.config = PlacementConfig.builder().saturation(1).spread(Spread.ZONE).build();
    world.floor = 2;
    world.cap = WeightPolicy.AT_FLOOR;
    for (int worker = 0; worker < workers; worker++) {
      world.workers.add(Fleets.worker(worker, 1_000L * SIZE));
    }
    return world;
  }

  private static long steps(World world) {
    return PlanRun.of(world.flat()).run().board().searches.steps();
  }

  @Test
  void oneNewChunk_inAnUnevenFleet_costsNoMoreThanTheFleetGrew() {
    long few = stepsOfOneNewChunk(FEW);
    assertThat(few).isPositive();
    assertThat(stepsOfOneNewChunk(FEW * TIMES)).isLessThanOrEqualTo(TIMES * few);
  }

  private static long stepsOfOneNewChunk(int workers) {
    World world = uneven(workers);
    world.chunk(SIZE);
    return steps(world);
  }

  @Test
  void firstPlan_withFewChunksOnAWorker_costsNoMoreThanTheFleetGrew() {
    long few = stepsOfFirstPlan(FEW, 0);
    assertThat(few).isPositive();
    assertThat(stepsOfFirstPlan(FEW * TIMES, 0)).isLessThanOrEqualTo(TIMES * few);
  }

  @Test
  void firstPlan_inZones_costsNoMoreThanTheFleetGrew() {
    long few = stepsOfFirstPlan(FEW, ZONES);
    assertThat(few).isPositive();
    assertThat(stepsOfFirstPlan(FEW * TIMES, ZONES)).isLessThanOrEqualTo(TIMES * few);
  }

  /** Counts the steps of a first plan; workers without zones are a zone each. */
  private static long stepsOfFirstPlan(int workers, int zones) {
    World world = empty(workers);
    if (zones > 0) {
      for (int worker = 0; worker < workers; worker++) {
        int zone = worker % zones;
        world.alter(worker, it -> it.withZone("z" + zone));
      }
    }
    for (int chunk = 0; chunk < workers * 3 / 4; chunk++) {
      world.chunk(SIZE);
    }
    return steps(world);
  }
}
