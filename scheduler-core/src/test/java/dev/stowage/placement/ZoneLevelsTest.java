package dev.stowage.placement;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Where spreading keeps large zones from the common fill, every worker lies at the fill that it has
 * in the most even distribution there is. The oracle looks at every set of zones, fullest first;
 * the planner looks for the tightest ones by their order.
 */
class ZoneLevelsTest {
  private static final int SIZE = 10;
  private static final int MOST_CYCLES = 20;

  private static World world(int[] workersOfZone, int[] shares, int chunks, long unit) {
    World world = new World();
    world.config = PlacementConfig.builder().saturation(1).spread(Spread.ZONE).build();
    world.cap = WeightPolicy.AT_FLOOR;
    for (int zone = 0; zone < workersOfZone.length; zone++) {
      for (int i = 0; i < workersOfZone[zone]; i++) {
        int number = world.workers.size();
        long capacity = unit * shares[i % shares.length];
        world.workers.add(Fleets.worker(number, capacity).withZone("z" + zone));
      }
    }
    for (int i = 0; i < chunks; i++) {
      world.chunk(SIZE).bits = World.SEEN;
    }
    return world;
  }

  private static void rest(World world) {
    PlacementPlan plan = world.plan();
    for (int cycle = 0; plan.actionCount() > 0; cycle++) {
      assertThat(cycle).isLessThan(MOST_CYCLES);
      world.complete(plan);
      plan = world.plan();
    }
  }

  @ParameterizedTest
  @CsvSource({"4,3", "8,6"})
  void workers_ofZonesOfDifferentSizes_lieAtTheLevelOfTheirZone(int large, int small) {
    World world = world(new int[] {large, small, small}, new int[] {1}, 600, 4000);
    world.chunks.forEach(piece -> piece.floor = 3);
    rest(world);
    for (int worker = 0; worker < world.workers.size(); worker++) {
      boolean isLarge = world.workers.get(worker).zone().equals("z0");
      assertThat(world.footprint(worker)).isEqualTo(600 * SIZE / (isLarge ? large : small));
    }
    assertThat(world.plan().figures().maxOverMeanFill()).isEqualTo(PlacementConfig.ONE);
  }

  @Property(seed = "1", tries = 200, shrinking = ShrinkingMode.OFF)
  void workers_ofDrawnZones_lieAtTheMostEvenLevelsThereAre(@ForAll long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    World world = drawn(random);
    rest(world);
    assertLevel(world);
    if (random.nextBoolean()) {
      world.chunks.subList(0, world.chunks.size() / 3).forEach(piece -> piece.floor = 1);
    } else {
      world.workers.add(
          Fleets.worker(world.workers.size(), world.workers.get(0).capacityBytes()).withZone("z0"));
    }
    rest(world);
    assertLevel(world);
  }

  /** Zones of 3 to 9 workers; each has room for all of its level. */
  private static World drawn(SplittableRandom random) {
    int zones = random.nextInt(2, 6);
    int[] sizes = IntStream.range(0, zones).map(i -> random.nextInt(3, 10)).toArray();
    int[] shares = random.nextBoolean() ? new int[] {1} : new int[] {2, 1, 2};
    int chunks = random.nextInt(200, 500);
    World world = world(sizes, shares, chunks, 4L * chunks * SIZE);
    int[] floors = {1 + random.nextInt(3), 1 + random.nextInt(3)};
    for (int i = 0; i < chunks; i++) {
      world.chunks.get(i).floor = floors[i & 1];
    }
    return world;
  }

  /**
   * Within the slack or, as a share of capacity, one replica on the smallest worker: who takes the
   * last one of those that divide unevenly lies nearer by it if he is large, and it is one anyway.
   */
  private static void assertLevel(World world) {
    double[] levels = levels(world);
    long smallest = world.workers.stream().mapToLong(w -> w.capacityBytes()).min().orElseThrow();
    for (int worker = 0; worker < levels.length; worker++) {
      long own = world.workers.get(worker).capacityBytes();
      double allowed = Math.max((double) SIZE * own / smallest, levels[worker] / 100);
      assertThat((double) world.footprint(worker))
          .as("worker %d of %s", worker, world.workers.get(worker).zone())
          .isBetween(levels[worker] - allowed - 1, levels[worker] + allowed + 1);
    }
  }

  /**
   * The bytes on each worker: of the sets of open zones the one that must be fullest goes first.
   */
  private static double[] levels(World world) {
    List<String> names = world.workers.stream().map(w -> w.zone()).distinct().toList();
    double[] capacity = new double[names.size()];
    world.workers.forEach(w -> capacity[names.indexOf(w.zone())] += w.capacityBytes());
    double[] fill = new double[names.size()];
    int open = (1 << names.size()) - 1;
    while (open != 0) {
      int fullest = 0;
      double most = -1;
      for (int set = open; set > 0; set = (set - 1) & open) {
        double room = 0;
        for (int zone = 0; zone < capacity.length; zone++) {
          room += (set >> zone & 1) * capacity[zone];
        }
        double must = held(world, open, names.size()) - held(world, open & ~set, names.size());
        boolean larger = Math.abs(must / room - most) < 1e-12 && set > fullest;
        if (must / room > most + 1e-12 || larger) {
          fullest = set;
          most = must / room;
        }
      }
      for (int zone = 0; zone < capacity.length; zone++) {
        fill[zone] = (fullest >> zone & 1) == 1 ? most : fill[zone];
      }
      open &= ~fullest;
    }
    List<Double> levels = new ArrayList<>();
    world.workers.forEach(w -> levels.add(fill[names.indexOf(w.zone())] * w.capacityBytes()));
    return levels.stream().mapToDouble(Double::doubleValue).toArray();
  }

  /**
   * The most that a set of zones can hold: of a chunk all but one in each zone it needs besides.
   */
  private static double held(World world, int set, int zones) {
    double sum = 0;
    int count = Integer.bitCount(set);
    for (World.Piece piece : world.chunks) {
      int needed = Math.min(piece.floor, zones);
      int most = count == 0 ? 0 : Math.min(piece.floor, count + piece.floor - needed);
      sum += piece.size * (double) most;
    }
    return sum;
  }
}
