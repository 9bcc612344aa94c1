package dev.stowage.placement;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.answer.Progress.Cause;
import dev.stowage.config.MovementBudget;
import dev.stowage.config.PlacementConfig;
import dev.stowage.config.PlacementConfig.Spread;
import dev.stowage.config.Reason;
import dev.stowage.model.WorkerStatus;
import dev.stowage.placement.PlacementInput.ChunkBits;
import dev.stowage.placement.PlacementInput.ReplicaBits;
import dev.stowage.placement.PlacementPlan.Shortage;
import dev.stowage.placement.PlacementPlan.Stuck;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** {@code max_per_domain}: no domain gets more wanted copies of one chunk than it may. */
class DomainLimitTest {
  private static World world(Map<Integer, Integer> limits, String... zones) {
    World world = new World();
    world.config =
        PlacementConfig.builder().saturation(1).spread(Spread.NONE).maxPerDomain(limits).build();
    for (int i = 0; i < zones.length; i++) {
      world.workers.add(Fleets.worker(i, 1000).withZone(zones[i]));
    }
    return world;
  }

  private static World.Piece hold(World world, int floor, int... workers) {
    World.Piece piece = world.hold(10, workers);
    piece.floor = floor;
    piece.cap = floor;
    return piece;
  }

  @Test
  void excess_isMovedToOtherDomains_andCostsWhatIsMoved() {
    World world = world(Map.of(1, 1), "a", "a", "a", "b", "c");
    hold(world, 3, 0, 1, 2);
    PlacementPlan plan = world.plan();
    assertThat(world.wanted(plan, 0)).hasSize(3).contains(3, 4);
    assertThat(plan.figures().bytesAdded()).isEqualTo(20);
    assertThat(plan.figures().bytesMinimum()).isEqualTo(20);
    for (int action = 0; action < plan.actionCount(); action++) {
      assertThat(plan.cause(action)).isEqualTo(Cause.EVACUATE);
      assertThat(plan.reason(action)).isEqualTo(Reason.DOMAIN_LIMIT);
    }
    world.complete(plan);
    assertThat(world.plan().actionCount()).isZero();
  }

  @Test
  void excess_waitsForTheBudget_andIsNotStuck() {
    World world = world(Map.of(1, 1), "a", "a", "a", "b", "c");
    world.configure(config -> config.budget(MovementBudget.ofBytes(10)));
    hold(world, 3, 0, 1, 2);
    PlacementPlan plan = world.plan();
    assertThat(plan.actionCount()).isEqualTo(2);
    assertThat(plan.stuck()).isEmpty();
  }

  @Test
  void excess_thatNoDomainTakes_isStuck_asFewAsThereAre() {
    World world = world(Map.of(1, 1, 2, 1), "a/x", "a/y", "a/z", "b/x", "b/x");
    hold(world, 3, 0, 1, 2);
    PlacementPlan plan = world.plan();
    assertThat(world.wanted(plan, 0)).hasSize(3).containsAnyOf(3, 4);
    int first = world.wanted(plan, 0).iterator().next();
    assertThat(plan.stuck()).containsExactly(new Stuck(0, first, Reason.DOMAIN_LIMIT, 0, 0));
    assertThat(plan.shortfalls()).isEmpty();
    assertThat(plan.isFeasible()).isFalse();
    assertThat(PlanReport.of(plan, at -> "d/c").text())
        .contains(
            "every worker that may hold it lies in a domain that has its max_per_domain of it")
        .contains("one more active worker in a domain that may have one more replica of it");
  }

  @Test
  void bonus_beyondWhatADomainMayHave_isGivenUp_whereNoneTakesIt() {
    World world = world(Map.of(1, 1), "a", "a", "b");
    hold(world, 2, 0, 1, 2).cap = 3;
    PlacementPlan plan = world.plan();
    assertThat(world.wanted(plan, 0)).hasSize(2).contains(2);
    assertThat(plan.figures().bytesAdded()).isZero();
  }

  @Test
  void leaver_isStuckForTheDomains_andEligibleWorkersAreThoseThatMayTakeIt() {
    World world = world(Map.of(1, 1), "a", "b", "b", "b");
    hold(world, 2, 0, 1);
    world.leave(0);
    assertThat(world.plan().stuck()).containsExactly(new Stuck(0, 0, Reason.DOMAIN_LIMIT, 0, 0));
    world.workers.add(Fleets.worker(4, 5).withZone("c"));
    assertThat(world.plan().stuck()).containsExactly(new Stuck(0, 0, Reason.NO_ROOM, 1, 5));
  }

  @Test
  void givenUpReplica_doesNotBlockItsReplacement() {
    World world = world(Map.of(1, 1), "a", "a", "b");
    World.Piece piece = hold(world, 2, 2);
    piece.held.put(0, ReplicaBits.GIVEN_UP);
    PlacementPlan plan = world.plan();
    assertThat(plan.shortfalls()).isEmpty();
    assertThat(world.wanted(plan, 0)).containsExactly(1, 2);
  }

  @Test
  void configuration_ofALimitThatIsOutOfBounds_isRefused() {
    PlacementConfig plain = PlacementConfig.defaults();
    assertThat(plain.toBuilder().maxPerDomain(Map.of(2, 1, 1, 3)).build().toString())
        .endsWith("maxPerDomain={1=3, 2=1}, ofRules={}]");
    for (Map<Integer, Integer> bad : List.of(Map.of(0, 1), Map.of(65, 1), Map.of(1, 0))) {
      org.assertj.core.api.Assertions.assertThatThrownBy(
              () -> plain.toBuilder().maxPerDomain(bad).build())
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("max_per_domain");
    }
  }

  /** A tiny fleet with room enough, in domains of up to three levels. */
  private static World roomy(Draws draws) {
    SmallWorlds worlds = new SmallWorlds().workers(1, 7).capacity(1000, 1000).chunks(1, 3);
    World world = worlds.floor(1, 4).limited().held().capped().draw(draws);
    for (int worker = 0; worker < world.workers.size(); worker++) {
      WorkerStatus status = draws.pick(WorkerStatus.LEAVING, WorkerStatus.CORDONED);
      if (draws.oneIn(5)) {
        world.alter(worker, it -> it.withStatus(status));
      }
    }
    int leftover = ReplicaBits.SUPERSEDED | ReplicaBits.POSSESSED;
    world.chunks.forEach(
        piece -> piece.held.replaceAll((it, bits) -> draws.oneIn(6) ? leftover : bits));
    return world;
  }

  @Property(seed = "1")
  void shortfall_withRoomEnough_isWhatTheDomainsForbid(@ForAll Draws draws) {
    World world = roomy(draws);
    PlacementPlan plan = world.plan();
    List<Shortage> all = new ArrayList<>(plan.shortfalls());
    all.addAll(plan.deferrals());
    for (int chunk = 0; chunk < world.chunks.size(); chunk++) {
      World.Piece piece = world.chunks.get(chunk);
      Set<Integer> now = new TreeSet<>();
      Set<Integer> others = new TreeSet<>();
      for (int worker = 0; worker < world.workers.size(); worker++) {
        Integer bits = piece.held.get(worker);
        WorkerStatus status = world.workers.get(worker).status();
        if (bits != null && bits == World.HELD) {
          now.add(worker);
        } else if (bits == null ? status == WorkerStatus.ACTIVE : status != WorkerStatus.LEAVING) {
          others.add(worker);
        }
      }
      int most = mostWith(world, now, List.copyOf(others), 0);
      int missing = Math.max(0, piece.floor - Math.max(most, now.size()));
      boolean isNew = (piece.bits & ChunkBits.ESTABLISHED) == 0;
      int expected = missing > 0 && isNew ? piece.floor : missing;
      int at = chunk;
      assertThat(all.stream().filter(it -> it.chunk() == at).mapToInt(Shortage::missing).sum())
          .as("missing of %d: %s, others %s", chunk, now, others)
          .isEqualTo(expected);
      all.stream()
          .filter(it -> it.chunk() == at)
          .forEach(it -> assertThat(it.reason()).isIn(Reason.DOMAIN_LIMIT, Reason.TOO_FEW_WORKERS));
    }
  }

  /** The most that are wanted in the end, by trying every choice of more workers. */
  private static int mostWith(World world, Set<Integer> now, List<Integer> others, int from) {
    int most = now.size();
    for (int i = from; i < others.size(); i++) {
      Set<Integer> more = new TreeSet<>(now);
      more.add(others.get(i));
      if (world.isAllowed(others.get(i), more)) {
        most = Math.max(most, mostWith(world, more, others, i + 1));
      }
    }
    return most;
  }

  /** With room for everything, what is stuck cannot be elsewhere, however all of it is arranged. */
  @Property(seed = "1")
  void stuck_withRoomEnough_isWhatTheDomainsForbid(@ForAll Draws draws) {
    World world = roomy(draws);
    PlacementPlan plan = world.plan();
    for (int cycle = 0; cycle < 8; cycle++) {
      world.complete(plan);
      plan = world.plan();
    }
    for (int chunk = 0; chunk < world.chunks.size(); chunk++) {
      int at = chunk;
      Set<Integer> wanted = world.wanted(plan, chunk);
      List<Stuck> stuck = plan.stuck().stream().filter(it -> it.chunk() == at).toList();
      stuck.forEach(
          it -> assertThat(it.reason()).isIn(Reason.DOMAIN_LIMIT, Reason.TOO_FEW_WORKERS));
      List<Integer> homes = new ArrayList<>();
      for (int worker = 0; worker < world.workers.size(); worker++) {
        WorkerStatus status = world.workers.get(worker).status();
        boolean stays = status != WorkerStatus.LEAVING && wanted.contains(worker);
        if (status == WorkerStatus.ACTIVE || stays) {
          homes.add(worker);
        }
      }
      int most = Math.min(wanted.size(), mostWith(world, Set.of(), homes, 0));
      assertThat(stuck).as("of %s in %s", wanted, homes).hasSize(wanted.size() - most);
    }
  }

  @Property(seed = "1")
  void plan_withoutABindingLimit_isThatWithoutTheSetting(@ForAll Draws draws) {
    World world = SmallWorlds.any().draw(draws);
    List<int[]> before = actions(world.plan());
    world.configure(config -> config.maxPerDomain(Map.of(1, 9, 3, 1)));
    assertThat(actions(world.plan())).usingRecursiveComparison().isEqualTo(before);
  }

  private static List<int[]> actions(PlacementPlan plan) {
    List<int[]> actions = new ArrayList<>();
    for (int i = 0; i < plan.actionCount(); i++) {
      actions.add(
          new int[] {
            plan.actionChunk(i),
            plan.actionWorker(i),
            plan.kind(i).ordinal(),
            plan.cause(i).ordinal(),
            plan.reason(i).ordinal()
          });
    }
    return actions;
  }
}
