package dev.stowage.placement.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.config.PlacementConfig;
import dev.stowage.config.PlacementConfig.FactorMode;
import dev.stowage.config.WeightPolicy;
import dev.stowage.model.Eligibility;
import dev.stowage.model.Worker.Labels;
import dev.stowage.model.Worker.WorkerVersion;
import dev.stowage.model.WorkerStatus;
import dev.stowage.placement.Fleets;
import dev.stowage.placement.PlacementInput.PoolKey;
import dev.stowage.placement.PlacementPlan.PoolFactor;
import dev.stowage.placement.World;
import dev.stowage.placement.input.FlatInput;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReplicationTargetsTest {
  private static final Eligibility NEW_ONLY =
      new Eligibility(new WorkerVersion(2, 0, 0), Labels.NONE);

  private static World fleet(int workers, long capacity, int floor, double saturation) {
    World world = new World();
    world.config = PlacementConfig.builder().saturation(saturation).build();
    world.floor = floor;
    for (int i = 0; i < workers; i++) {
      world.workers.add(Fleets.worker(i, capacity));
    }
    return world;
  }

  private static ReplicationTargets targets(World world) {
    FlatInput input = world.flat();
    return ReplicationTargets.of(input, new Fleet(input));
  }

  private static List<Long> millionths(World world) {
    return targets(world).report().stream().map(PoolFactor::targetMillionths).toList();
  }

  private static List<Long> whole(long... factors) {
    return IntStream.range(0, factors.length).mapToObj(i -> factors[i] * 1_000_000).toList();
  }

  @ParameterizedTest
  @CsvSource({
    "14, 2, 2, 2, 2",
    "15, 2, 2, 2, 3",
    "18, 2, 2, 2, 5",
    "19, 2, 2, 3, 6",
    "22, 2, 2, 4, 8",
    "25, 2, 2, 5, 10",
    "30, 2, 2, 6, 13"
  })
  void factors_ofThePublishedBudgets_areThePublishedOnes(
      int budget, int one, int two, int six, int twelve) {
    World world = fleet(budget, 1, 2, 1);
    world.chunk(4).weight = 1;
    world.chunk(1).weight = 2;
    world.chunk(1).weight = 6;
    world.chunk(1).weight = 12;
    assertThat(millionths(world)).isEqualTo(whole(one, two, six, twelve));
    assertThat(targets(world).isBackpressure()).isFalse();
  }

  @Test
  void factors_ofABudgetBelowTheFloors_sayBackpressure() {
    World world = fleet(13, 1, 2, 1);
    world.chunk(4).weight = 1;
    world.chunk(3).weight = 6;
    assertThat(targets(world).isBackpressure()).isTrue();
    assertThat(millionths(world)).isEqualTo(whole(2, 2));
  }

  @Test
  void factors_ofThePublishedReferenceFleet_are23And22AfterGrowth() {
    World world = fleet(2000, 600L << 30, 2, 0.95);
    IntStream.range(0, 500_000).forEach(i -> world.chunk(100L << 20));
    assertThat(millionths(world)).isEqualTo(whole(23));
    IntStream.range(0, 10_000).forEach(i -> world.chunk(100L << 20));
    assertThat(millionths(world)).isEqualTo(whole(22));
  }

  @Test
  void factors_aboveTheNumberOfWorkers_handTheRestToTheOthers() {
    World world = fleet(50, 171, 1, 1);
    world.chunk(100).weight = 1;
    world.chunk(100).weight = 6;
    world.chunk(100).weight = 24;
    assertThat(millionths(world)).isEqualTo(whole(5, 30, 50));
  }

  @Test
  void factors_ofAFloorAboveTheNumberOfWorkers_areTheFloor() {
    World world = fleet(2, 1000, 5, 1);
    world.chunk(10);
    assertThat(millionths(world)).isEqualTo(whole(5));
  }

  @Test
  void factors_ofChunksThatAreCapped_handTheRestToTheOthers() {
    World world = fleet(50, 171, 1, 1);
    world.chunk(100).weight = 1;
    world.chunk(100).weight = 6;
    World.Piece heavy = world.chunk(100);
    heavy.weight = 24;
    heavy.cap = 50;
    assertThat(millionths(world)).as("a cap beside the point").isEqualTo(whole(5, 30, 50));
    heavy.cap = 20;
    // 85.5 less 20 leaves 65.5 catalogues for weights 1 and 6: 9.4, and 56 of 50 workers; so 15.5.
    assertThat(millionths(world)).isEqualTo(whole(15, 50, 20));
    heavy.cap = WeightPolicy.AT_FLOOR;
    assertThat(millionths(world)).isEqualTo(whole(34, 50, 1));
    world.chunks.forEach(piece -> piece.cap = 3);
    assertThat(millionths(world)).as("nobody is left to take the rest").isEqualTo(whole(3, 3, 3));
  }

  @Test
  void cap_belowAFloor_countsAsThatFloor() {
    World world = fleet(10, 100, 3, 1);
    world.chunk(10).cap = WeightPolicy.AT_FLOOR;
    world.chunk(10).cap = 2;
    world.chunk(10).cap = 4;
    assertThat(millionths(world)).isEqualTo(whole(3, 4));
    assertThat(IntStream.range(0, 3).map(targets(world)::factor)).containsExactly(3, 3, 4);
  }

  @Test
  void factors_thatAreSmooth_endAtTheCap() {
    World world = fleet(1000, 299, 1, 1);
    world.config = world.config.toBuilder().factorMode(FactorMode.SMOOTH).build();
    world.cap = 2;
    IntStream.range(0, 1000).forEach(i -> world.chunk(100));
    ReplicationTargets targets = targets(world);
    assertThat(IntStream.range(0, 1000).map(targets::factor).distinct()).containsExactly(2);
  }

  @Test
  void factor_besideACappedOneOfItsWeight_isThatOfThePlanBefore() {
    World world = fleet(100, 10, 1, 1);
    IntStream.range(0, 99).forEach(i -> world.chunk(1));
    world.chunk(1).cap = 2;
    assertThat(targets(world).report().stream().map(PoolFactor::isCapped))
        .containsExactly(true, false);
    assertThat(millionths(world)).as("a share of 10.08").isEqualTo(whole(2, 10));
    world.complete(world.plan());
    assertThat(world.previous)
        .extracting(PoolFactor::targetMillionths)
        .containsExactly(10_000_000L);
    assertThat(millionths(world)).isEqualTo(whole(2, 10));
    assertThat(world.plan().isIdle()).isTrue();
  }

  @Test
  void factors_ofARestrictedPool_areBoundedByItsCapacityAndTheRestGoesToOthers() {
    World world = fleet(10, 100, 1, 1);
    world.workers.replaceAll(worker ->
        worker.id().value().compareTo("w0005") < 0
            ? worker.withVersion(new WorkerVersion(2, 0, 0))
            : worker);
    world.chunk(100);
    World.Piece bound = world.chunk(400);
    bound.eligibility = NEW_ONLY;
    // The five upgraded workers have 500 bytes: one and a quarter of the bound chunk.
    assertThat(millionths(world)).isEqualTo(whole(6, 1));
  }

  @Test
  void factors_ofARestrictedPoolWithRoom_areThoseOfEverybody() {
    World world = fleet(10, 100, 1, 1);
    world.alter(0, it -> it.withVersion(new WorkerVersion(2, 0, 0)));
    world.alter(1, it -> it.withVersion(new WorkerVersion(2, 0, 0)));
    world.chunk(190);
    world.chunk(10).eligibility = NEW_ONLY;
    assertThat(millionths(world)).isEqualTo(whole(5, 2));
  }

  @Test
  void factors_thatWouldRise_waitForTheMarginAndFallAtOnce() {
    World world = fleet(100, 10, 1, 1);
    world.chunk(100);
    world.previous.add(new PoolFactor(1, PoolKey.ANY, 100, WeightPolicy.UNCAPPED, 9_000_000, 9));
    assertThat(millionths(world)).as("a share of 10, 2 % short of 10.2").isEqualTo(whole(9));
    world.chunks.get(0).size = 98;
    assertThat(millionths(world)).as("a share of 10.204").isEqualTo(whole(10));
    world.chunks.get(0).size = 112;
    assertThat(millionths(world)).as("a share of 8.93").isEqualTo(whole(8));
  }

  @Test
  void factors_thatAreSmooth_spendTheFraction() {
    World world = fleet(1000, 299, 1, 1);
    world.config = world.config.toBuilder().factorMode(FactorMode.SMOOTH).build();
    IntStream.range(0, 1000).forEach(i -> world.chunk(100));
    ReplicationTargets targets = targets(world);
    assertThat(targets.report().get(0).targetMillionths()).isEqualTo(2_990_000);
    int sum = IntStream.range(0, 1000).map(targets::factor).sum();
    assertThat(sum).isBetween(2960, 2999);
    assertThat(IntStream.range(0, 1000).map(targets::factor).distinct().sorted())
        .containsExactly(2, 3);
  }

  @Test
  void factors_ofHugeSizes_doNotOverflow() {
    World world = fleet(9, Long.MAX_VALUE, 1, 1);
    world.chunk(Long.MAX_VALUE).weight = 1;
    world.chunk(Long.MAX_VALUE).weight = Integer.MAX_VALUE;
    assertThat(millionths(world)).isEqualTo(whole(1, 8));
  }

  @Test
  void factors_countCordonedAndSuspectCapacityButNotThatOfLeavingWorkers() {
    World world = fleet(4, 100, 1, 1);
    world.chunk(100);
    world.alter(1, it -> it.withStatus(WorkerStatus.CORDONED));
    world.alter(2, it -> it.withStatus(WorkerStatus.SUSPECT));
    world.alter(3, it -> it.withStatus(WorkerStatus.LEAVING));
    ReplicationTargets targets = targets(world);
    assertThat(targets.factor(0)).isEqualTo(3);
    assertThat(targets.report().get(0).eligibleWorkers()).isEqualTo(1);
  }

  @Test
  void factors_ofChunksThatASuspectWorkerHoldsToo_areThoseOfBefore() {
    World world = fleet(50, 300, 1, 0.57);
    for (int weight : new int[] {1, 6, 24}) {
      World.Piece piece = world.hold(100);
      piece.weight = weight;
      for (int worker = 0; worker < new int[] {5, 30, 50}[world.chunks.size() - 1]; worker++) {
        piece.held.put(weight == 1 ? 49 - worker : worker, World.HELD);
      }
    }
    assertThat(world.plan().actionCount()).isZero();
    world.alter(0, it -> it.withStatus(WorkerStatus.SUSPECT));
    assertThat(millionths(world)).isEqualTo(whole(5, 30, 50));
    assertThat(world.plan().actionCount()).isZero();
  }

  @Test
  void factors_besideACordonedWorkerThatHoldsNothing_areBoundedByTheOthers() {
    World world = fleet(50, 171, 1, 1);
    world.chunk(100).weight = 1;
    world.chunk(100).weight = 6;
    world.chunk(100).weight = 24;
    world.alter(0, it -> it.withStatus(WorkerStatus.CORDONED));
    // 85.5 less 49 leaves 36.5 catalogues for weights 1 and 6: 5.2 and 31.3.
    assertThat(millionths(world)).isEqualTo(whole(5, 31, 49));
  }

  @Test
  void floor_thatOnlyASuspectHolderCompletes_isNotShort() {
    World world = fleet(3, 100, 3, 1);
    World.Piece piece = world.hold(10);
    for (int worker = 0; worker < 3; worker++) {
      piece.held.put(worker, World.HELD);
    }
    world.alter(2, it -> it.withStatus(WorkerStatus.SUSPECT));
    assertThat(world.plan().isIdle()).isTrue();
    assertThat(millionths(world)).isEqualTo(whole(3));
    piece.held.remove(2);
    assertThat(world.plan().shortfalls()).hasSize(1);
    assertThat(millionths(world)).isEqualTo(whole(3));
  }

  @Test
  void factors_ofAnEmptyFleetOrCatalogue_areAnAnswer() {
    assertThat(millionths(fleet(3, 10, 2, 1))).isEmpty();
    World nobody = fleet(0, 0, 2, 1);
    nobody.chunk(5);
    assertThat(millionths(nobody)).isEqualTo(whole(2));
    assertThat(targets(nobody).isBackpressure()).isTrue();
  }
}
