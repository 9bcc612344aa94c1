package dev.stowage.placement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stowage.answer.Progress.Cause;
import dev.stowage.config.PlacementConfig;
import dev.stowage.model.Worker;
import dev.stowage.placement.PlacementInput.ReplicaBits;
import dev.stowage.placement.PlanChanges.ActionKind;
import dev.stowage.placement.WarmPlanner.SlotOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** Of a chunk with too many replicas the ones that lie worst go (rebalance design, section 7). */
class ShrinkByScoresTest {
  private static final int WORKERS = 7;

  /** One zone, everybody active, targets at the floor: nothing but proof and scores decides. */
  private static World plain(Draws random) {
    World world = new World();
    int floor = 1 + random.nextInt(3);
    world.config = PlacementConfig.builder().saturation(0.000_001).build();
    world.floor = floor;
    for (int worker = 0; worker < WORKERS; worker++) {
      world.workers.add(Fleets.worker(worker, 1_000 + random.nextInt(1_000)).withZone("z"));
    }
    for (int chunk = 0; chunk < 6; chunk++) {
      World.Piece piece = world.chunk(1 + random.nextInt(50));
      piece.bits = World.SEEN;
      for (int worker = 0; worker < WORKERS; worker++) {
        if (random.nextInt(3) > 0) {
          piece.held.put(worker, random.nextInt(4) > 0 ? World.HELD : ReplicaBits.ASSIGNED);
        }
        if (random.nextInt(5) > 0) {
          world.scores.add(new int[] {chunk, worker, random.nextInt(1_000_001)});
        }
      }
    }
    return world;
  }

  @Property(seed = "1")
  void victims_areThoseThatTheReferenceNames(@ForAll Draws draws) {
    World world = plain(draws);
    Map<Integer, List<Integer>> victims = victims(world.plan());
    for (int chunk = 0; chunk < world.chunks.size(); chunk++) {
      List<VictimOrder.Holder> holders = holders(world, chunk);
      int floor = world.chunks.get(chunk).floor;
      List<String> expected =
          VictimOrder.victims(holders, floor).stream()
              .map(id -> worth(holders, id.value()))
              .toList();
      List<String> found =
          victims.getOrDefault(chunk, List.of()).stream()
              .map(worker -> worth(holders, world.workers.get(worker).id().value()))
              .sorted()
              .toList();
      assertThat(found).as("chunk %d of %s", chunk, holders).isEqualTo(sorted(expected));
    }
  }

  private static List<VictimOrder.Holder> holders(World world, int chunk) {
    List<VictimOrder.Holder> holders = new ArrayList<>();
    world
        .chunks
        .get(chunk)
        .held
        .forEach((worker, bits) ->
            holders.add(
                new VictimOrder.Holder(
                    world.workers.get(worker).id(),
                    (bits & ReplicaBits.POSSESSED) != 0,
                    score(world, chunk, worker))));
    return holders;
  }

  private static OptionalDouble score(World world, int chunk, int worker) {
    return world.scores.stream()
        .filter(score -> score[0] == chunk && score[1] == worker)
        .mapToDouble(score -> score[2] / 1e6)
        .findFirst();
  }

  /** Equal scores, or none, are settled by the planner's own order: what counts is the worth. */
  private static String worth(List<VictimOrder.Holder> holders, String id) {
    return holders.stream()
        .filter(holder -> holder.worker().value().equals(id))
        .map(holder -> holder.possessed() + " " + holder.score())
        .findFirst()
        .orElseThrow();
  }

  private static List<String> sorted(List<String> values) {
    return values.stream().sorted().toList();
  }

  /** The workers that each chunk is taken off because it has too many. */
  private static Map<Integer, List<Integer>> victims(PlacementPlan plan) {
    Map<Integer, List<Integer>> victims = new TreeMap<>();
    for (int action = 0; action < plan.actionCount(); action++) {
      if (plan.kind(action) == ActionKind.SUPERSEDE && plan.cause(action) == Cause.SHRINK) {
        victims
            .computeIfAbsent(plan.actionChunk(action), chunk -> new ArrayList<>())
            .add(plan.actionWorker(action));
      }
    }
    return victims;
  }

  private static World scored(Draws draws) {
    return SmallWorlds.any().scores().draw(draws);
  }

  @Property(seed = "1")
  void scores_decideWhichReplicasGo_neverHowManyOfWhichChunk(@ForAll Draws draws) {
    World world = scored(draws);
    PlacementPlan scored = world.plan();
    world.scores.clear();
    PlacementPlan without = world.plan();
    for (int chunk = 0; chunk < world.chunks.size(); chunk++) {
      assertThat(scored.wantedCount(chunk))
          .as("chunk %d", chunk)
          .isEqualTo(without.wantedCount(chunk));
    }
  }

  @Property(seed = "1")
  void scores_ofChunksThatKeepWhatTheyHave_changeNothing(@ForAll Draws draws) {
    World world = scored(draws);
    List<int[]> all = List.copyOf(world.scores);
    world.scores.clear();
    PlacementPlan without = world.plan();
    Set<Integer> given = new TreeSet<>();
    for (int action = 0; action < without.actionCount(); action++) {
      if (without.kind(action) == ActionKind.SUPERSEDE) {
        given.add(without.actionChunk(action));
      }
    }
    all.stream().filter(score -> !given.contains(score[0])).forEach(world.scores::add);
    assertThat(world.plan().decisionHash()).isEqualTo(without.decisionHash());
  }

  /** Floor 2 in two zones: the low ones share zone y; if both went, a move would bring one back. */
  @Test
  void lastReplicaOfAZoneThatIsNeeded_staysHoweverLowItIs() {
    World world = zoned(2, "x", "x", "y", "y");
    score(world, 900_000, 800_000, 100_000, 200_000);
    assertThat(victims(world.plan())).isEqualTo(Map.of(0, List.of(1, 2)));
    World wide = zoned(2, "x", "y", "z", "z");
    score(wide, 100_000, 200_000, 900_000, 800_000);
    assertThat(victims(wide.plan()))
        .as("beyond the zones that the floor needs the score decides")
        .isEqualTo(Map.of(0, List.of(0, 3)));
  }

  @Test
  void pinnedReplica_staysHoweverLowItIs() {
    World world = zoned(3, "x", "x", "x", "x");
    score(world, 0, 400_000, 300_000, 500_000);
    world.pins.add(new int[] {0, 0});
    assertThat(victims(world.plan())).isEqualTo(Map.of(0, List.of(2)));
  }

  @Test
  void score_outOfRange_isRefused() {
    World world = zoned(1, "x");
    for (int score : new int[] {-1, 1_000_001}) {
      world.scores.clear();
      world.scores.add(new int[] {0, 0, score});
      assertThatThrownBy(world::input)
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("0 to 1000000");
      assertThatThrownBy(() -> PlanRequest.builder().score(0, 0, score))
          .isInstanceOf(IllegalArgumentException.class);
    }
    WarmPlanner planner = WarmPlanner.of(PlacementConfig.defaults(), SlotOrder.ASCENDING);
    planner.request(PlanRequest.builder().score(4, 0, 1).build());
    assertThatThrownBy(planner::plan)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("slot 4");
  }

  /** A chunk on workers in these zones, all possessed, that should have as many as its floor. */
  private static World zoned(int floor, String... zones) {
    World world = new World();
    world.config = PlacementConfig.builder().saturation(0.000_001).build();
    world.floor = floor;
    World.Piece piece = world.hold(10);
    for (int worker = 0; worker < zones.length; worker++) {
      Worker each = Fleets.worker(worker, 1_000).withZone(zones[worker]);
      world.workers.add(each);
      piece.held.put(worker, World.HELD);
    }
    return world;
  }

  private static void score(World world, int... micros) {
    for (int worker = 0; worker < micros.length; worker++) {
      world.scores.add(new int[] {0, worker, micros[worker]});
    }
  }
}
