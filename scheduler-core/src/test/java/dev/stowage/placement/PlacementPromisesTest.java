package dev.stowage.placement;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.placement.Promises.Planner;
import java.util.Optional;
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
}
