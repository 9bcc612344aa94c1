package dev.stowage.placement;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.placement.PlacementPlan.Shortage;
import dev.stowage.placement.Promises.Planner;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests by exact search that the deferred chunks could not have been placed as well. */
class DeferralTest {
  /** Chunks of one size, some of them held already. */
  private static final SmallWorlds EQUAL =
      new SmallWorlds().chunks(1, 13).restricted().held().capped();

  /** Empty if whatever is deferred at rest could not have been placed as well. */
  private static Optional<String> justified(World world, Planner planner) {
    Optional<String> restless = Promises.comesToRest(world, planner);
    if (restless.isPresent()) {
      return restless;
    }
    Step step = Step.of(planner.plan(world));
    Set<Integer> placed = new TreeSet<>();
    for (int chunk = 0; chunk < world.chunks.size(); chunk++) {
      if (!step.deferred.contains(chunk) && !step.shortOf.contains(chunk)) {
        placed.add(chunk);
      }
    }
    for (int chunk : step.shortOf.isEmpty() ? step.deferred : Set.<Integer>of()) {
      Set<Integer> more = new TreeSet<>(placed);
      more.add(chunk);
      if (Packing.existsFor(world, more)) {
        return Optional.of("chunk " + chunk + " could be placed as well");
      }
    }
    return Optional.empty();
  }

  /** Empty if floors of chunks of one size are left out only if they cannot all be packed. */
  private static Optional<String> complete(World world, Planner planner) {
    boolean isAll = planner.plan(world).deferrals().isEmpty();
    boolean exists = Packing.existsForAll(world);
    return isAll == exists
        ? Optional.empty()
        : Optional.of("all floors are placed: " + isAll + ", can be: " + exists);
  }

  @Property(seed = "1")
  void deferral_ofEqualSizes_meansThatNoPackingExists(@ForAll Draws draws) {
    assertThat(justified(EQUAL.draw(draws), World::plan)).isEmpty();
  }

  /**
   * Worlds in which a chain was given up because an attempt that failed had kept its promises,
   * ended at a bonus replica, or needed the scarcest worker first; and one in which two chains
   * counted on one chunk to come to the same worker.
   */
  @ParameterizedTest
  @ValueSource(longs = {716, 1579, 4758, 9812, 2_696_787, -730560229254603906L})
  void deferral_whereAPackingWasOnceOverlooked_doesNotHappen(long name) {
    assertThat(justified(WorldText.named("deferral " + name), World::plan)).isEmpty();
  }

  /** Where sizes are alike, counts and limits of domains are as exact as bytes. */
  @Property(seed = "1")
  void deferral_ofEqualSizesFromNothing_meansThatNotAllCanBePacked(@ForAll Draws draws) {
    SmallWorlds worlds = new SmallWorlds().capacity(1, 5).chunks(1, 6).floor(1, 2).counted();
    assertThat(complete(worlds.limited().draw(draws), World::plan)).isEmpty();
  }

  /** A packing has no room left for what is left out of a fleet too small for all. */
  @Property(seed = "1")
  void deferral_byAFleetTooSmall_leavesNoRoomForWhatIsDeferred(@ForAll Draws draws) {
    World world =
        new SmallWorlds().workers(4, 12).capacity(20, 160).zones(1).chunks(0, 0).draw(draws);
    world.floor = 2;
    long room = world.workers.stream().mapToLong(it -> it.capacityBytes()).sum();
    for (long asked = 0; asked < room * 3 / 2; ) {
      asked += 2 * world.chunk(1 + (draws.nextInt(20) << draws.nextInt(2))).size;
    }
    PlacementPlan plan = world.plan();
    world.complete(plan);
    assertThat(plan.deferrals()).isNotEmpty();
    for (Shortage deferral : plan.deferrals()) {
      World.Piece piece = world.chunks.get(deferral.chunk());
      int willing = 0;
      for (int worker = 0; worker < world.workers.size(); worker++) {
        willing += world.fits(piece, worker) ? 1 : 0;
      }
      assertThat(willing).as("workers with room for a deferred chunk").isLessThan(2);
    }
  }
}
