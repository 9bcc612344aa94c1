package dev.stowage.placement;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.model.Eligibility;
import dev.stowage.model.Worker;
import java.util.Map;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.apache.commons.math3.optim.linear.NoFeasibleSolutionException;
import org.assertj.core.api.Assumptions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * At rest every worker lies where the most even distribution has it that a linear program finds,
 * whatever keeps the fleet from one common fill: domains of up to three levels and how many
 * replicas of a chunk they may have, constraints, capacities, counts.
 */
class EvenestFillTest {
  private static final int SIZE = 10;
  private static final int MOST_CYCLES = 40;

  @Property(seed = "1")
  void workers_ofDrawnFleets_lieWhereTheLinearProgramHasThem(@ForAll Draws draws) {
    World world = drawn(draws, SIZE);
    world.rest(MOST_CYCLES);
    assertEven(world);
    change(world, draws.nextInt(4), draws.nextInt(world.workers.size()));
    world.rest(MOST_CYCLES);
    assertEven(world);
  }

  /** Some may hold about as many replicas as they would, or far fewer: the others hold the rest. */
  @Property(seed = "3")
  void workers_besideSomeThatMayHoldOnlySoMany_lieWhereTheLinearProgramHasThem(
      @ForAll Draws draws) {
    World world = drawn(draws, SIZE);
    world.chunks.forEach(piece -> piece.cap = piece.floor);
    double[] even = EvenestFill.of(world);
    for (int worker = 0; worker < even.length; worker++) {
      if (draws.oneIn(3)) {
        int most = (int) Math.max(1, even[worker] / SIZE * (30 + draws.nextInt(90)) / 100);
        world.alter(worker, it -> it.withMaxReplicas(most));
      }
    }
    PlacementPlan plan = world.rest(MOST_CYCLES);
    Assumptions.assumeThat(plan.shortfalls()).isEmpty();
    Assumptions.assumeThat(plan.deferrals()).isEmpty();
    Assumptions.assumeThat(isSpreadable(world)).isTrue();
    assertEven(world);
  }

  /** Reports whether the counts leave copies as many domains as the program gives them. */
  private static boolean isSpreadable(World world) {
    try {
      EvenestFill.of(world);
      return true;
    } catch (NoFeasibleSolutionException tooFew) {
      return false;
    }
  }

  /** A worker comes or goes, or floors change. */
  private static void change(World world, int what, int worker) {
    Worker like = world.workers.get(worker);
    switch (what) {
      case 0 ->
          world.workers.add(
              Fleets.worker(100, like.capacityBytes())
                  .withZone(like.zone().equals(like.id().value()) ? "w0100" : like.zone())
                  .withLabels(like.labels()));
      case 1 -> world.lose(worker);
      case 2 -> world.chunks.forEach(piece -> piece.floor = piece.cap);
      default ->
          world.chunks.forEach(piece -> {
            piece.floor = Math.max(1, piece.floor - 1);
            piece.cap = Math.max(1, piece.cap - 1);
          });
    }
  }

  /** Within the slack or, as a share of capacity, one replica on the smallest worker. */
  private static void assertEven(World world) {
    double[] even = EvenestFill.of(world);
    long smallest = world.workers.stream().mapToLong(it -> it.capacityBytes()).min().orElseThrow();
    long largest = world.chunks.stream().mapToLong(it -> it.size).max().orElseThrow();
    for (int worker = 0; worker < even.length; worker++) {
      Worker each = world.workers.get(worker);
      double one = (double) largest * each.capacityBytes() / smallest;
      double allowed = Math.max(one, even[worker] / 100);
      assertThat((double) world.footprint(worker))
          .as("worker %d of %s, %s", worker, each.zone(), each.labels())
          .isBetween(even[worker] - allowed - 1, even[worker] + allowed + 1);
    }
  }

  @Property(seed = "2")
  void fullestWorker_ofMixedSizes_liesNoHigherThanTheLinearProgramHasTheFullest(
      @ForAll Draws draws) {
    World world = drawn(draws, SIZE, 2 * SIZE, 5 * SIZE);
    assertFullestAtRest(world, draws.nextInt(4), draws.nextInt(world.workers.size()));
  }

  /** Fleets that no single move evens out further, but a chain of replicas of one size does. */
  @ParameterizedTest
  @CsvSource({"308, 2, 1", "694, 0, 4", "817, 2, 6", "1449, 0, 0", "1513, 0, 6", "1538, 3, 4"})
  void workers_ofMixedSizesThatHaveNobodyToDealWithDirectly_dealThroughOthers(
      int name, int change, int worker) {
    assertFullestAtRest(WorldText.named("chain " + name), change, worker);
  }

  /** Zones of different sizes, with a copy of every chunk in each: it fills the small ones more. */
  @ParameterizedTest
  @CsvSource({"4,3", "8,6"})
  void workers_ofZonesOfDifferentSizes_lieAtTheLevelOfTheirZone(int large, int small) {
    World world = new World();
    for (int i = 0; i < large + 2 * small; i++) {
      String zone = i < large ? "z0" : "z" + (1 + i % 2);
      world.workers.add(Fleets.worker(i, 4000).withZone(zone));
    }
    world.floor = 3;
    world.cap = WeightPolicy.AT_FLOOR;
    for (int i = 0; i < 600; i++) {
      world.chunk(SIZE);
    }
    assertThat(world.rest(MOST_CYCLES).figures().maxOverMeanFill()).isEqualTo(PlacementConfig.ONE);
    for (int worker = 0; worker < world.workers.size(); worker++) {
      assertThat(world.footprint(worker)).isEqualTo(600 * SIZE / (worker < large ? large : small));
    }
    assertEven(world);
  }

  private static void assertFullestAtRest(World world, int change, int worker) {
    world.rest(MOST_CYCLES);
    assertFullest(world);
    change(world, change, worker);
    world.rest(MOST_CYCLES);
    assertFullest(world);
  }

  /** Within the slack or one replica, on top of the best there is. */
  private static void assertFullest(World world) {
    double best = EvenestFill.fullest(world);
    long largest = world.chunks.stream().mapToLong(it -> it.size).max().orElseThrow();
    long smallest = world.workers.stream().mapToLong(it -> it.capacityBytes()).min().orElseThrow();
    double allowed = Math.max((double) largest / smallest, best / 100);
    for (int worker = 0; worker < world.workers.size(); worker++) {
      double fill = world.footprint(worker) / (double) world.workers.get(worker).capacityBytes();
      assertThat(fill).as("worker %d", worker).isLessThanOrEqualTo(best + allowed + 1e-6);
    }
  }

  /** A fleet with room for all it is asked for, in domains of equal and of different sizes. */
  private static World drawn(Draws draws, int... sizes) {
    int chunks = draws.nextInt(40, 140);
    boolean isMixed = draws.nextBoolean();
    SmallWorlds worlds = new SmallWorlds().workers(3, 9).chunks(0, 0).zones(3).restricted();
    World world = worlds.draw(draws);
    world.workers.replaceAll(it -> {
      int share = isMixed ? draws.pick(1, 2, 4) : 1;
      return it.withCapacityBytes(6L * chunks * SIZE * share);
    });
    Map<Integer, Integer> limits = new TreeMap<>();
    for (int level = 1; level <= 3; level++) {
      if (draws.oneIn(4)) {
        limits.put(level, 1 + draws.nextInt(2));
      }
    }
    world.configure(config -> config.maxPerDomain(limits));
    int kinds = 1 + draws.nextInt(2);
    int[] floors = {1 + draws.nextInt(3), 1 + draws.nextInt(3)};
    int[] more = {draws.oneIn(3) ? 1 : 0, draws.oneIn(3) ? 2 : 0};
    boolean isBound = draws.oneIn(3) && world.workers.stream().anyMatch(SmallWorlds.SSD::admits);
    for (int i = 0; i < chunks; i++) {
      World.Piece piece = world.chunk(sizes[draws.nextInt(sizes.length)]);
      piece.floor = floors[i % kinds];
      piece.cap = piece.floor + more[i % kinds];
      piece.bits = World.SEEN;
      piece.eligibility = isBound && i % 3 == 0 ? SmallWorlds.SSD : Eligibility.ANY;
    }
    return world;
  }
}
