package dev.stowage.placement;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.placement.PlacementInput.ReplicaBits;
import java.util.Map;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/**
 * Plan after plan, a fleet that nobody changes any more comes to rest, however tight it is and
 * whatever its chunks weigh: also while copies and drains take their time.
 */
class RestTest {
  private static final int SLOW_ROUNDS = 20;
  private static final int MOST_ROUNDS = 60;

  /** A fleet at rest, when chunks come that hardly fit, and perhaps every floor rises. */
  private static World tight(Draws draws) {
    SmallWorlds worlds = new SmallWorlds().workers(3, 7).size(1, 8).floor(1, 4).capped();
    World world = worlds.capacity(6, 42).chunks(4, 16).saturation(85, 100).draw(draws);
    for (int round = 0; round < 8; round++) {
      follow(world, world.plan(), draws, true);
    }
    for (int i = draws.nextInt(1, 6); i > 0; i--) {
      world.chunk(worlds.size(draws)).floor = draws.nextInt(1, 5);
    }
    worlds.addSides(world, draws);
    if (draws.oneIn(3)) {
      world.chunks.forEach(piece -> piece.floor = Math.min(world.workers.size(), piece.floor + 1));
    }
    return world;
  }

  /**
   * Returns how much the last of many plans does: at first copies and drains take their time, later
   * all is done at once.
   */
  private static int actionsAtLast(World world, Draws draws, int slowRounds) {
    for (int round = 0; round < slowRounds; round++) {
      follow(world, world.plan(), draws, false);
    }
    PlacementPlan plan = world.plan();
    for (int round = 0; round < MOST_ROUNDS && (round < 3 || plan.actionCount() > 0); round++) {
      follow(world, plan, draws, true);
      plan = world.plan();
    }
    return plan.actionCount();
  }

  /** Workers fetch and drop what a plan says, each of it now or later. */
  private static void follow(World world, PlacementPlan plan, Draws draws, boolean atOnce) {
    world.remember(plan);
    for (int chunk = 0; chunk < world.chunks.size(); chunk++) {
      World.Piece piece = world.chunks.get(chunk);
      Map<Integer, Integer> before = new TreeMap<>(piece.held);
      piece.held.clear();
      boolean isThere = true;
      for (int worker : plan.wantedWorkers(chunk)) {
        Integer known = before.remove(worker);
        boolean arrives =
            (known != null && (known & ReplicaBits.POSSESSED) != 0)
                || atOnce
                || draws.nextBoolean();
        piece.held.put(worker, arrives ? World.HELD : ReplicaBits.ASSIGNED);
        isThere &= arrives;
      }
      before.forEach((worker, bits) -> {
        if (!atOnce && (bits & ReplicaBits.POSSESSED) != 0) {
          drain(piece, worker, bits, draws);
        }
      });
      if (isThere && !piece.held.isEmpty()) {
        piece.bits |= World.SEEN;
      }
    }
    world.sides.removeIf(
        side -> side.stream().allMatch(it -> (world.chunks.get(it).bits & World.SEEN) != 0));
  }

  private static void drain(World.Piece piece, int worker, int bits, Draws draws) {
    int facts = ReplicaBits.POSSESSED | ReplicaBits.READABLE;
    if ((bits & ReplicaBits.STATE_MASK) == ReplicaBits.ASSIGNED) {
      piece.held.put(worker, ReplicaBits.SUPERSEDED | facts);
    } else if (draws.nextInt(3) > 0) {
      piece.held.put(worker, ReplicaBits.DRAINING | facts);
    }
  }

  @Property(seed = "1")
  void plans_ofATightFleet_comeToRest(@ForAll Draws draws) {
    assertThat(actionsAtLast(tight(draws), draws, SLOW_ROUNDS)).as("last actions").isZero();
  }

  @Property(seed = "1")
  void plans_ofAFleetWithNarrowLinks_comeToRest(@ForAll Draws draws) {
    World world = tight(draws);
    for (int worker = 0; worker < world.workers.size(); worker++) {
      int rate = draws.pick(1, 2, 20);
      world.alter(worker, it -> it.withDownlink(rate));
    }
    assertThat(actionsAtLast(world, draws, SLOW_ROUNDS)).as("last actions").isZero();
  }

  @Test
  void plans_ofAFleetThatOnceNeverRested_comeToRest() {
    int[] pace =
        "10000121210200101001001001011001012100121012210210120"
            .chars()
            .map(digit -> digit - '0')
            .toArray();
    assertThat(actionsAtLast(WorldText.named("rest"), Draws.of(pace), 60)).isZero();
  }

  /** Room that a first move frees opened another way through the end of the chain. */
  @Test
  void plansBehindAFirstMove_findTheRestOfItsChain() {
    assertThat(actionsAtLast(WorldText.named("rest of a chain"), Draws.of(), 0)).isZero();
  }
}
