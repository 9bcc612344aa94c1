package dev.stowage.placement;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.config.PlacementConfig;
import dev.stowage.config.PlacementConfig.Spread;
import dev.stowage.config.WeightPolicy;
import dev.stowage.model.Worker;
import dev.stowage.model.WorkerStatus;
import dev.stowage.placement.PlacementInput.ChunkColumn;
import dev.stowage.placement.WarmPlanner.SlotOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** Operator page, section 4: zones are paths, and copies are spread over every level of them. */
class ZonePathsTest {
  private static final int DEEPEST = 3;
  private static final int MOST_CYCLES = 12;

  @Property(seed = "1")
  void levels_thatSayNothing_changeNoPlan(@ForAll Draws draws) {
    World world = SmallWorlds.any().draw(draws);
    world.workers.replaceAll(it -> it.zone().equals(it.id().value()) ? it.withZone("z") : it);
    for (int cycle = 0; cycle < 3; cycle++) {
      PlacementPlan plan = world.plan();
      assertSame(plan, zoned(world, worker -> worker.withZone("all/" + worker.zone())));
      assertSame(plan, zoned(world, worker -> worker.withZone(worker.zone() + "/hall")));
      assertSame(plan, zoned(world, worker -> worker.withZone(worker.zone() + "/" + worker.id())));
      world.complete(plan);
    }
  }

  @Property(seed = "1")
  void copies_withRoomForAll_lieInAsManyDomainsOfEachLevelAsCanBe(@ForAll Draws draws) {
    World world = roomy(draws);
    world.rest(MOST_CYCLES);
    assertThat(tooNarrow(world)).isEmpty();
  }

  /**
   * A lone chunk on the workers 0 and 1 becomes one that lacks a hall when 2 moves to a new site.
   */
  @Test
  void warmPlan_onceAnotherLevelMatters_equalsAFreshOne() {
    WarmPlanner planner = WarmPlanner.of(PlacementConfig.defaults(), SlotOrder.ASCENDING);
    World world = new World();
    world.config = PlacementConfig.defaults();
    world.floor = 2;
    world.cap = WeightPolicy.AT_FLOOR;
    String[] before = {"a/x", "a/y", "a/y"};
    for (int i = 0; i < before.length; i++) {
      world.workers.add(Fleets.worker(i, 1_000).withZone(before[i]));
      planner.worker(i, world.workers.get(i));
    }
    World.Piece piece = world.hold(10, 0, 1);
    planner
        .chunk(0, piece.hash, 10)
        .set(ChunkColumn.FLOOR, 2)
        .bits(World.SEEN)
        .replica(0, World.HELD)
        .replica(1, World.HELD)
        .put();
    assertThat(planner.plan().isIdle()).isTrue();
    world.alter(2, it -> it.withZone("b/z"));
    planner.worker(2, world.workers.get(2));
    assertThat(planner.plan().planHash()).isEqualTo(world.plan().planHash());
    assertThat(planner.plan().wants(0, 2)).isTrue();
  }

  private static void assertSame(PlacementPlan plan, World other) {
    PlacementPlan same = other.plan();
    assertThat(same.decisionHash()).isEqualTo(plan.decisionHash());
    assertThat(same.figures()).isEqualTo(plan.figures());
  }

  private static World zoned(World world, UnaryOperator<Worker> change) {
    World copy = world.copy();
    copy.workers.replaceAll(change);
    return copy;
  }

  private static World roomy(Draws draws) {
    SmallWorlds worlds = new SmallWorlds().workers(2, 8).capacity(10_000, 10_000).size(1, 9);
    worlds.chunks(4, 12).floor(1, 4).saturation(0, 0).zones(DEEPEST).restricted().held();
    World world = worlds.draw(draws);
    world.configure(config -> config.spread(Spread.ZONE));
    for (int worker = 0; worker < world.workers.size(); worker++) {
      if (draws.oneIn(6)) {
        world.alter(worker, it -> it.withStatus(WorkerStatus.CORDONED));
      }
    }
    return world;
  }

  /** Chunks that have their floor and might lie in more domains. */
  private static List<String> tooNarrow(World world) {
    List<String> found = new ArrayList<>();
    for (World.Piece piece : world.chunks) {
      List<Worker> able =
          world.workers.stream()
              .filter(worker -> worker.status() == WorkerStatus.ACTIVE)
              .filter(piece.eligibility::admits)
              .toList();
      List<Worker> holders = new ArrayList<>();
      piece.held.keySet().forEach(worker -> holders.add(world.workers.get(worker)));
      if (holders.size() < piece.floor) {
        continue; // left out: there are too few workers
      }
      int[] best = widest(able, piece.floor);
      int[] is = domains(holders);
      for (int level = 0; level < DEEPEST; level++) {
        is[level] = Math.min(is[level], best[level]);
      }
      if (Arrays.compare(is, best) < 0) {
        found.add(holders + " of " + able + ", floor " + piece.floor);
      }
    }
    return found;
  }

  /** By trying every choice of workers. */
  private static int[] widest(List<Worker> able, int floor) {
    int[] best = new int[DEEPEST];
    for (int choice = 0; choice < 1 << able.size(); choice++) {
      if (Integer.bitCount(choice) <= floor) {
        List<Worker> chosen = new ArrayList<>();
        for (int i = 0; i < able.size(); i++) {
          if ((choice >> i & 1) == 1) {
            chosen.add(able.get(i));
          }
        }
        int[] domains = domains(chosen);
        best = Arrays.compare(domains, best) > 0 ? domains : best;
      }
    }
    return best;
  }

  private static int[] domains(List<Worker> workers) {
    int[] domains = new int[DEEPEST];
    for (int level = 0; level < DEEPEST; level++) {
      Set<String> names = new HashSet<>();
      for (Worker worker : workers) {
        String[] parts = worker.zone().split("/");
        boolean has = level < parts.length && !worker.zone().equals(worker.id().value());
        names.add(
            has ? String.join("/", List.of(parts).subList(0, level + 1)) : "own " + worker.id());
      }
      domains[level] = names.size();
    }
    return domains;
  }
}
