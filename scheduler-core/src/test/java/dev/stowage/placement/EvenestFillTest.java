package dev.stowage.placement;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.model.Eligibility;
import dev.stowage.model.Labels;
import dev.stowage.model.Worker;
import dev.stowage.model.WorkerVersion;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import org.apache.commons.math3.optim.linear.NoFeasibleSolutionException;
import org.assertj.core.api.Assumptions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * At rest every worker lies where the most even distribution has it that a linear program finds,
 * whatever keeps the fleet from one common fill: domains of up to three levels and how many
 * replicas of a chunk they may have, constraints, capacities, counts.
 */
class EvenestFillTest {
  private static final int SIZE = 10;
  private static final int MOST_CYCLES = 40;

  @Property(seed = "1", tries = 150, shrinking = ShrinkingMode.OFF)
  void workers_ofDrawnFleets_lieWhereTheLinearProgramHasThem(@ForAll long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    World world = drawn(random, SIZE);
    rest(world);
    assertEven(world);
    change(world, random);
    rest(world);
    assertEven(world);
  }

  /** Some may hold about as many replicas as they would, or far fewer: the others hold the rest. */
  @Property(seed = "3", tries = 150, shrinking = ShrinkingMode.OFF)
  void workers_besideSomeThatMayHoldOnlySoMany_lieWhereTheLinearProgramHasThem(@ForAll long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    World world = drawn(random, SIZE);
    world.chunks.forEach(piece -> piece.cap = piece.floor);
    double[] even = EvenestFill.of(world);
    for (int worker = 0; worker < even.length; worker++) {
      if (random.nextInt(3) == 0) {
        int most = (int) Math.max(1, even[worker] / SIZE * (30 + random.nextInt(90)) / 100);
        world.workers.set(worker, world.workers.get(worker).withMaxReplicas(most));
      }
    }
    rest(world);
    PlacementPlan plan = world.plan();
    Assumptions.assumeThat(plan.shortfalls()).isEmpty();
    Assumptions.assumeThat(plan.deferrals()).isEmpty();
    Assumptions.assumeThat(isSpreadable(world)).isTrue();
    assertEven(world);
  }

  /** Whether the counts leave copies as many domains as the program gives them. */
  private static boolean isSpreadable(World world) {
    try {
      EvenestFill.of(world);
      return true;
    } catch (NoFeasibleSolutionException tooFew) {
      return false;
    }
  }

  /** A worker comes, goes or is moved, or floors change. */
  static void change(World world, SplittableRandom random) {
    int any = random.nextInt(world.workers.size());
    Worker like = world.workers.get(any);
    switch (random.nextInt(4)) {
      case 0 ->
          world.workers.add(
              Fleets.worker(100, like.capacityBytes())
                  .withZone(like.zone().equals(like.id().value()) ? "w0100" : like.zone())
                  .withLabels(like.labels()));
      case 1 -> world.lose(any);
      case 2 -> world.chunks.forEach(piece -> piece.floor = piece.cap);
      default ->
          world.chunks.forEach(piece -> {
            piece.floor = Math.max(1, piece.floor - 1);
            piece.cap = Math.max(1, piece.cap - 1);
          });
    }
  }

  private static void rest(World world) {
    PlacementPlan plan = world.plan();
    for (int cycle = 0; plan.actionCount() > 0; cycle++) {
      assertThat(cycle).isLessThan(MOST_CYCLES);
      world.complete(plan);
      plan = world.plan();
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

  @Property(seed = "2", tries = 150, shrinking = ShrinkingMode.OFF)
  void fullestWorker_ofMixedSizes_liesNoHigherThanTheLinearProgramHasTheFullest(@ForAll long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    World world = drawn(random, SIZE, 2 * SIZE, 5 * SIZE);
    rest(world);
    assertFullest(world);
    change(world, random);
    rest(world);
    assertFullest(world);
  }

  /** Fleets that no single move evens out further, but a chain of replicas of one size does. */
  @ParameterizedTest
  @ValueSource(longs = {308, 694, 817, 1449, 1513, 1538})
  void workers_ofMixedSizesThatHaveNobodyToDealWithDirectly_dealThroughOthers(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    World world = drawn(random, SIZE, 2 * SIZE, 5 * SIZE);
    rest(world);
    assertFullest(world);
    change(world, random);
    rest(world);
    assertFullest(world);
  }

  /** Within the slack or one replica, on top of the best there is. */
  private static void assertFullest(World world) {
    double[] even = EvenestFill.of(world);
    double best = 0;
    for (int worker = 0; worker < even.length; worker++) {
      best = Math.max(best, even[worker] / world.workers.get(worker).capacityBytes());
    }
    long largest = world.chunks.stream().mapToLong(it -> it.size).max().orElseThrow();
    long smallest = world.workers.stream().mapToLong(it -> it.capacityBytes()).min().orElseThrow();
    double allowed = Math.max((double) largest / smallest, best / 100);
    for (int worker = 0; worker < even.length; worker++) {
      double fill = world.footprint(worker) / (double) world.workers.get(worker).capacityBytes();
      assertThat(fill).as("worker %d", worker).isLessThanOrEqualTo(best + allowed + 1e-6);
    }
  }

  /** A fleet with room for all it is asked for. */
  static World drawn(SplittableRandom random, long... sizes) {
    World world = new World();
    int levels = random.nextInt(4);
    Map<Integer, Integer> limits = new TreeMap<>();
    for (int level = 1; level <= levels; level++) {
      if (random.nextInt(4) == 0) {
        limits.put(level, 1 + random.nextInt(2));
      }
    }
    world.config =
        PlacementConfig.builder()
            .saturation(1)
            .spread(random.nextInt(4) > 0 ? Spread.ZONE : Spread.NONE)
            .maxPerDomain(limits)
            .build();
    int chunks = 100 + random.nextInt(200);
    int[] shares = random.nextBoolean() ? new int[] {1} : new int[] {1, 2, 4};
    addWorkers(world, levels, random, chunks, shares);
    Eligibility[] constraints = {
      Eligibility.ANY, new Eligibility(WorkerVersion.ZERO, Labels.of("ssd"))
    };
    int kinds = 1 + random.nextInt(2);
    int[] floors = {1 + random.nextInt(3), 1 + random.nextInt(3)};
    int[] more = {random.nextInt(3) == 0 ? 1 : 0, random.nextInt(3) == 0 ? 2 : 0};
    boolean isBound = random.nextInt(3) == 0 && isAny(world);
    for (int i = 0; i < chunks; i++) {
      World.Piece piece = world.chunk(sizes[random.nextInt(sizes.length)]);
      piece.floor = floors[i % kinds];
      piece.cap = piece.floor + more[i % kinds];
      piece.bits = World.SEEN;
      piece.eligibility = constraints[isBound && i % 3 == 0 ? 1 : 0];
    }
    return world;
  }

  private static boolean isAny(World world) {
    return world.workers.stream().anyMatch(it -> it.labels().containsAll(Labels.of("ssd")));
  }

  private static void addWorkers(
      World world, int levels, SplittableRandom random, int chunks, int[] shares) {
    int count = 3 + random.nextInt(9);
    long unit = 6L * chunks * SIZE;
    for (int i = 0; i < count; i++) {
      Worker worker = Fleets.worker(i, unit * shares[random.nextInt(shares.length)]);
      StringBuilder path = new StringBuilder();
      for (int level = 0; level < levels; level++) {
        path.append(level == 0 ? "a" : "/b").append(random.nextInt(level == 0 ? 4 : 2));
      }
      worker = levels > 0 ? worker.withZone(path.toString()) : worker;
      worker = random.nextBoolean() ? worker.withLabels(Labels.of("ssd")) : worker;
      world.workers.add(worker);
    }
  }
}
