package dev.stowage.placement;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.model.WorkerStatus;
import dev.stowage.placement.Promises.Planner;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.stream.LongStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The planner keeps each promise on fleets drawn at random, and a broken one is caught. */
class PlacementPromisesTest {
  private static final Planner OURS = World::plan;

  private static void assertKept(Optional<String> broken) {
    assertThat(broken).isEmpty();
  }

  @Property(seed = "1")
  void plan_ofAnInputInAnyOrderWithAnyThreads_isEqual(@ForAll Draws draws) {
    assertKept(Promises.isDeterministic(draws, OURS));
  }

  @Property(seed = "1")
  void chunk_addedElsewhere_movesNothing(@ForAll Draws draws) {
    assertKept(Promises.newChunkMovesNothingElse(draws, OURS));
  }

  @Property(seed = "1")
  void worker_suspectForAWhile_movesNothing(@ForAll Draws draws) {
    assertKept(Promises.suspicionMovesNothing(draws, OURS));
  }

  @Property(seed = "1")
  void label_thatNoChunkAsksFor_movesNothing(@ForAll Draws draws) {
    assertKept(Promises.labelMovesNothing(draws, OURS));
  }

  /** A world of mixed sizes in which what was shed for a deferred chunk was grown for ever. */
  @Test
  void label_whereTheFleetOnceNeverRested_movesNothing() {
    World world = WorldText.named("label");
    world.rest(25);
    assertKept(Promises.labelMovesNothing(world, OURS));
  }

  @Property(seed = "1")
  void worker_thatFlapsWithinTheGrace_movesNothing(@ForAll Draws draws) {
    assertKept(Promises.flapMovesNothing(draws, OURS));
  }

  @Property(seed = "1")
  void deferral_ofMixedSizesWhateverIsHeld_doesNotHappenWhereAnExactPackingHasASlotOfSlack(
      @ForAll Draws draws) {
    assertKept(Promises.isNeverWeakerThanFromScratch(draws, OURS));
  }

  @Property(seed = "1")
  void deferral_onAnyFleet_doesNotHappenWhereAPackingHasASlotOfSlack(@ForAll Draws draws) {
    assertKept(Promises.leavesOutNothingThatFits(draws, OURS));
  }

  @Property(seed = "1")
  void capacity_thatGrows_neverLeavesMoreOut(@ForAll Draws draws) {
    assertKept(Promises.reliefIsMonotone(draws, OURS));
  }

  @Property(seed = "1")
  void budget_ofEveryKind_isNeverExceeded(@ForAll Draws draws) {
    assertKept(Promises.keepsTheBudget(draws, OURS));
  }

  /** A world in which leveling took back what a relocation had made room for. */
  @Test
  void capacity_thatOnceLeftMoreOut_doesNotWhenItGrows() {
    Draws draws = Draws.of(2, 0, 0, 6, 1, 0, 0, 1, 0, 1, 1, 0, 3, 0, 0, 0);
    assertKept(Promises.reliefIsMonotone(draws, OURS));
  }

  @Test
  void budget_ofTheRoomiestWorlds_isKept() {
    assertKept(Promises.keepsTheBudget(Draws.of(1), OURS));
  }

  /** Worlds in which what a plan added went elsewhere, past what a worker may be sent. */
  @ParameterizedTest
  @ValueSource(strings = {"budget 7771344421420496964", "budget -4346509477121665033"})
  void budget_whereItWasOnceExceeded_isKept(String name) {
    assertKept(Promises.keepsTheBudget(WorldText.named(name), OURS));
  }

  /** Returns a planner that sees another world than it is shown. */
  private static Planner seeing(Consumer<World> change) {
    return world -> {
      World other = world.copy();
      change.accept(other);
      return other.plan();
    };
  }

  /** One of a hundred worlds must show that the planner is broken. */
  private static void assertCaught(
      BiFunction<Draws, Planner, Optional<String>> promise, Planner broken) {
    assertThat(LongStream.range(0, 100))
        .anyMatch(seed -> promise.apply(Draws.seeded(seed), broken).isPresent());
  }

  @Test
  void check_ofAPlannerThatDependsOnThreadsOrOrder_fails() {
    assertCaught(
        Promises::isDeterministic,
        seeing(
            it -> it.configure(config -> config.saturation(it.config.threads() == 2 ? 0.3 : 1))));
    assertCaught(
        Promises::isDeterministic,
        seeing(it -> it.configure(config -> config.saturation(it.shuffle != null ? 0.3 : 1))));
  }

  @Test
  void check_ofAPlannerThatNeverRests_fails() {
    int[] turn = {0};
    assertCaught(
        Promises::isNeverWeakerThanFromScratch,
        seeing(it -> {
          it.previous.clear();
          it.configure(config -> config.saturation(turn[0]++ % 2 == 0 ? 0.3 : 0.9));
        }));
  }

  @Test
  void check_ofAPlannerWithoutMemory_fails() {
    assertCaught(
        Promises::newChunkMovesNothingElse, world -> StatelessPlanner.create().plan(world.input()));
  }

  @Test
  void check_ofAPlannerThatGivesASuspectWorkerUp_fails() {
    assertCaught(
        Promises::suspicionMovesNothing,
        seeing(world ->
            world.workers.replaceAll(it ->
                it.status() == WorkerStatus.SUSPECT ? it.withStatus(WorkerStatus.LEAVING) : it)));
  }

  @Test
  void check_ofAPlannerThatShunsWhatItDoesNotKnow_fails() {
    assertCaught(
        Promises::labelMovesNothing,
        seeing(world ->
            world.workers.replaceAll(it ->
                it.labels().sorted().contains("odd") ? it.withStatus(WorkerStatus.LEAVING) : it)));
  }

  @Test
  void check_ofAPlannerThatKnowsNoGrace_fails() {
    assertCaught(
        Promises::flapMovesNothing,
        seeing(world -> world.chunks.forEach(piece -> piece.recentlyLost = 0)));
  }

  @Test
  void check_ofAPlannerThatCannotPack_fails() {
    Planner wasteful =
        seeing(
            world -> world.workers.replaceAll(it -> it.withCapacityBytes(it.capacityBytes() / 3)));
    assertCaught(Promises::isNeverWeakerThanFromScratch, wasteful);
    assertCaught(Promises::leavesOutNothingThatFits, wasteful);
  }

  @Test
  void check_ofAPlannerThatUsesLessOfMore_fails() {
    assertCaught(
        Promises::reliefIsMonotone,
        seeing(world ->
            world.workers.replaceAll(it -> it.capacityBytes() > 3 ? it.withCapacityBytes(1) : it)));
  }

  @Test
  void check_ofAPlannerThatKnowsNoBudget_fails() {
    assertCaught(
        Promises::keepsTheBudget,
        seeing(it -> {
          MovementBudget known = it.config.budget();
          MovementBudget loose =
              new MovementBudget(
                  known.bytes(), known.replicas(), known.workerInBytes(), Long.MAX_VALUE);
          it.configure(config -> config.budget(loose));
        }));
    assertCaught(
        Promises::keepsTheBudget,
        seeing(it -> it.configure(config -> config.budget(MovementBudget.UNLIMITED))));
  }
}
