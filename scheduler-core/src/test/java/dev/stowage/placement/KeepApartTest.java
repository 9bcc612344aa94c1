package dev.stowage.placement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stowage.answer.Progress.Cause;
import dev.stowage.config.KeepApart;
import dev.stowage.config.MovementBudget;
import dev.stowage.config.PlacementConfig;
import dev.stowage.config.PlacementConfig.Spread;
import dev.stowage.config.Reason;
import dev.stowage.config.Reason.MaskRule;
import dev.stowage.model.DatasetId;
import dev.stowage.model.WorkerStatus;
import dev.stowage.placement.PlacementInput.ReplicaBits;
import dev.stowage.placement.PlacementPlan.Stuck;
import dev.stowage.placement.PlanChanges.ActionKind;
import dev.stowage.placement.fleet.Fleet;
import dev.stowage.placement.input.FlatInput;
import dev.stowage.placement.rules.MaskRules;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** No worker holds both datasets of a pair, and what it costs. */
class KeepApartTest {
  private static final int MOST_CYCLES = 60;

  private static World world(int workers, String... pairs) {
    World world = new World();
    world.config =
        PlacementConfig.builder()
            .saturation(1)
            .spread(Spread.NONE)
            .set(KeepApart.PAIRS, pairs(pairs))
            .build();
    for (int i = 0; i < workers; i++) {
      world.workers.add(Fleets.worker(i, 1_000));
    }
    return world;
  }

  private static List<KeepApart.Pair> pairs(String... texts) {
    return List.of(texts).stream().map(KeepApart.Pair::of).toList();
  }

  private static World.Piece chunk(World world, String dataset, int floor, int... holders) {
    World.Piece piece = holders.length == 0 ? world.chunk(10) : world.hold(10, holders);
    piece.dataset = DatasetId.of(dataset);
    piece.floor = floor;
    piece.cap = floor;
    return piece;
  }

  private static Set<String> on(World world, int worker) {
    Set<String> datasets = new TreeSet<>();
    for (World.Piece piece : world.chunks) {
      if (piece.held.containsKey(worker)) {
        datasets.add(piece.dataset.value());
      }
    }
    return datasets;
  }

  private static Set<String> apartFrom(World world, String dataset) {
    Set<String> apart = new TreeSet<>();
    for (KeepApart.Pair pair : world.config.of(KeepApart.PAIRS)) {
      String one = pair.one().value();
      String other = pair.other().value();
      if (one.equals(dataset) || other.equals(dataset)) {
        apart.add(one.equals(dataset) ? other : one);
      }
    }
    return apart;
  }

  private static boolean isMixed(World world, int worker) {
    Set<String> held = on(world, worker);
    return held.stream().anyMatch(each -> apartFrom(world, each).stream().anyMatch(held::contains));
  }

  @Test
  void emptyWorkers_areDealtToBothSides_byWhatTheyNeed_floorsFirst() {
    World world = world(6, "a<>b");
    for (int i = 0; i < 150; i++) {
      chunk(world, "a", 2);
    }
    chunk(world, "b", 2);
    PlacementPlan plan = world.rest(MOST_CYCLES);
    assertThat(plan.deferrals()).isEmpty();
    int forB = 0;
    for (int worker = 0; worker < 6; worker++) {
      assertThat(isMixed(world, worker)).isFalse();
      forB += on(world, worker).contains("b") ? 1 : 0;
    }
    assertThat(forB).isEqualTo(2);
  }

  @Test
  void mixedWorker_keepsTheLargerSide_andTheOtherLeavesIt_withThisReason() {
    World world = world(3, "a<>b");
    chunk(world, "a", 1, 0);
    chunk(world, "a", 1, 0);
    World.Piece leaver = chunk(world, "b", 1, 0);
    chunk(world, "b", 1, 1);
    PlacementPlan plan = world.plan();
    int at = world.chunks.indexOf(leaver);
    assertThat(plan.wantedWorkers(at)).containsExactly(1);
    for (int action = 0; action < plan.actionCount(); action++) {
      boolean leaves = plan.actionChunk(action) == at;
      assertThat(plan.reason(action) == Reason.KEEP_APART).isEqualTo(leaves);
      assertThat(plan.cause(action)).isEqualTo(leaves ? Cause.EVACUATE : Cause.BALANCE);
    }
  }

  @Test
  void floor_withoutWorkersThatAreFree_isShort_andLeavers_areStuck_withThisReason() {
    World world = world(3, "a<>b");
    for (int worker = 0; worker < 3; worker++) {
      chunk(world, "a", 1, worker);
    }
    World.Piece fresh = chunk(world, "b", 1);
    PlacementPlan plan = world.plan();
    assertThat(plan.deferrals())
        .singleElement()
        .satisfies(it -> assertThat(it.reason()).isEqualTo(Reason.KEEP_APART));
    assertThat(plan.explain(3, chunk -> "chunk " + chunk).text())
        .contains("too few workers are free of the datasets that it is kept apart from")
        .contains("keep_apart");
    world.chunks.remove(fresh);
    chunk(world, "b", 1, 0);
    chunk(world, "a", 3, 0, 1, 2);
    assertThat(world.plan().stuck()).extracting(Stuck::reason).containsExactly(Reason.KEEP_APART);
  }

  @Test
  void workers_thatAllHaveBoth_areDealtByNeed_withinTheBudget_andNewChunksFindPlaces() {
    World world = mixed(6, 2);
    world.configure(config -> config.spread(Spread.ZONE).budget(MovementBudget.ofBytes(100)));
    chunk(world, "b", 2);
    for (int cycle = 0; cycle < MOST_CYCLES; cycle++) {
      PlacementPlan plan = world.plan();
      assertThat(plan.stuck()).as("cycle %d", cycle).isEmpty();
      assertThat(plan.deferrals()).isEmpty();
      assertThat(plan.figures().bytesAdded()).isLessThanOrEqualTo(cycle == 0 ? 120 : 100);
      world.complete(plan);
    }
    for (int worker = 0; worker < 6; worker++) {
      assertThat(isMixed(world, worker)).isFalse();
    }
  }

  @Test
  void pair_thatAFleetCannotMeet_isNamedWithFigures_andEachWorkerKeepsTheLargerSide() {
    World world = mixed(3, 2);
    PlacementPlan plan = world.plan();
    assertThat(plan.stuck()).hasSize(20).extracting(Stuck::reason).containsOnly(Reason.KEEP_APART);
    assertThat(PlanReport.of(plan, chunk -> "chunk " + chunk).lines())
        .contains("keep_apart=b cannot be met: floors need 2 workers, 0 are left and 3 refused");
    world.workers.add(Fleets.worker(3, 1_000));
    assertThat(world.plan().stuck()).isEmpty();
  }

  /** Returns workers in three zones that hold ten chunks of "a", and ten smaller ones of "b". */
  private static World mixed(int workers, int floor) {
    World world = world(workers, "a<>b");
    for (int i = 0; i < workers; i++) {
      world.workers.set(i, world.workers.get(i).withZone("z" + i % 3));
    }
    for (int i = 0; i < 10; i++) {
      chunk(world, "a", floor, i % workers, (i + 1) % workers).size = 20;
      chunk(world, "b", floor, i % workers, (i + 1) % workers);
    }
    return world;
  }

  @Test
  void sides_haveWorkersInEveryZone() {
    World world = world(0, "a<>b");
    for (int i = 0; i < 8; i++) {
      world.workers.add(Fleets.worker(i, 1_000).withZone("z" + i / 4));
    }
    world.configure(config -> config.spread(Spread.ZONE));
    for (int i = 0; i < 20; i++) {
      chunk(world, i % 2 == 0 ? "a" : "b", 2);
    }
    world.rest(MOST_CYCLES);
    for (World.Piece piece : world.chunks) {
      assertThat(piece.held.keySet().stream().map(it -> it / 4).distinct()).hasSize(2);
    }
  }

  @Test
  void pairs_thatAreNone_areRefused() {
    assertThatThrownBy(() -> KeepApart.Pair.of("a<>a")).hasMessageContaining("two different");
    assertThatThrownBy(() -> KeepApart.Pair.of("a")).hasMessageContaining("lake<>logs");
    assertThat(KeepApart.Pair.of(" b <> a ")).hasToString("a<>b");
    assertThatThrownBy(() -> world(1, "b<>c", "a<>b"))
        .hasMessageContaining("keep_apart")
        .hasMessageContaining("sorted pairs of different datasets");
  }

  @Property(seed = "1")
  void cleanWorker_isNeverMixed_andAMixedOneTakesOnlyWhatStays(@ForAll Draws draws) {
    World world =
        SmallWorlds.any()
            .zones(2)
            .ruled(config -> config.set(KeepApart.PAIRS, pairs("a<>b", "b<>c")), "a", "b", "c", "d")
            .draw(draws);
    for (int cycle = 0; cycle < 6; cycle++) {
      PlacementPlan plan = world.plan();
      for (int action = 0; action < plan.actionCount(); action++) {
        ActionKind kind = plan.kind(action);
        if (kind == ActionKind.ADD || kind == ActionKind.READOPT) {
          judge(world, plan, plan.actionChunk(action), plan.actionWorker(action));
        }
      }
      advance(world, plan, draws);
    }
  }

  /** An addition needs a worker without the other side, held or added, or one that keeps it. */
  private static void judge(World world, PlacementPlan plan, int chunk, int worker) {
    String dataset = world.chunks.get(chunk).dataset.value();
    assertThat(mayTake(world, worker, dataset)).as("%s on %d", dataset, worker).isTrue();
    for (int each = 0; each < world.chunks.size(); each++) {
      World.Piece other = world.chunks.get(each);
      boolean isAdded =
          apartFrom(world, dataset).contains(other.dataset.value())
              && !other.held.containsKey(worker)
              && Arrays.stream(plan.wantedWorkers(each)).anyMatch(it -> it == worker);
      assertThat(isAdded).as("both sides are added to %d", worker).isFalse();
    }
  }

  private static boolean mayTake(World world, int worker, String dataset) {
    Set<String> held = on(world, worker);
    Fleet fleet = new Fleet(world.flat());
    Set<String> stays = new TreeSet<>();
    for (int chunk = 0; chunk < world.chunks.size(); chunk++) {
      String each = world.chunks.get(chunk).dataset.value();
      boolean isIn = fleet.pools[world.flat().chunks.pool(chunk)].admits[worker];
      if (held.contains(each) && isIn) {
        stays.add(each);
      }
    }
    assertThat(stays).as("stay").allMatch(it -> Collections.disjoint(apartFrom(world, it), stays));
    return Collections.disjoint(apartFrom(world, dataset), held.contains(dataset) ? stays : held);
  }

  /** Carries a plan out, but leaves some of what it gives up draining. */
  private static void advance(World world, PlacementPlan plan, Draws draws) {
    world.remember(plan);
    for (int chunk = 0; chunk < world.chunks.size(); chunk++) {
      World.Piece piece = world.chunks.get(chunk);
      Set<Integer> before = new TreeSet<>(piece.held.keySet());
      World.carryOut(piece, plan, chunk);
      for (int worker : before) {
        boolean isThere = world.workers.get(worker).status() != WorkerStatus.DEPARTED;
        if (isThere && !piece.held.containsKey(worker) && draws.nextBoolean()) {
          piece.held.put(worker, ReplicaBits.DRAINING | ReplicaBits.POSSESSED);
        }
      }
    }
  }

  /** What a mask permits, the slow form permits; what it refuses, the slow form may refuse. */
  @Property(seed = "1")
  void masks_agreeWithTheSlowForm(@ForAll Draws draws) {
    World world =
        SmallWorlds.any()
            .zones(2)
            .ruled(config -> config.set(KeepApart.PAIRS, pairs("a<>b", "b<>c")), "a", "b", "c", "d")
            .draw(draws);
    FlatInput input = world.flat();
    Fleet fleet = new Fleet(input);
    for (int chunk = 0; chunk < world.chunks.size(); chunk++) {
      DatasetId dataset = world.chunks.get(chunk).dataset;
      for (int at = 0; at < fleet.count; at++) {
        int worker = at;
        MaskRule.Holdings held =
            new MaskRule.Holdings(
                world.workers.get(worker), it -> on(world, worker).contains(it.value()));
        Reason refusal = fleet.pools[input.chunks.pool(chunk)].refusal(worker);
        if (refusal == Reason.KEEP_APART) {
          assertThat(MaskRules.mayRefuse(world.config, dataset, held)).isTrue();
        } else if (refusal == null) {
          assertThat(MaskRules.broken(world.config, dataset, held)).isNull();
        }
      }
    }
  }

  @Property(seed = "1")
  void plan_afterAnyHistory_equalsAFreshPlan(@ForAll Draws draws) {
    History history =
        new History(
            draws,
            History.Loss.NONE,
            worlds ->
                worlds.ruled(
                    config -> config.set(KeepApart.PAIRS, pairs("a<>b", "b<>c")),
                    "a",
                    "b",
                    "c",
                    "d"));
    for (int step = 0; step < 30; step++) {
      history.step();
      PlacementPlan fresh = PlacementPlanner.sticky().plan(history.input());
      assertThat(history.planner.plan().planHash()).as("step %d", step).isEqualTo(fresh.planHash());
    }
  }
}
