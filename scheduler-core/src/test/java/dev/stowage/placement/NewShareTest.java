package dev.stowage.placement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stowage.answer.Progress.Cause;
import dev.stowage.config.NewShare;
import dev.stowage.config.PlacementConfig;
import dev.stowage.config.PlacementConfig.Spread;
import dev.stowage.model.DatasetId;
import dev.stowage.placement.PlacementInput.ChunkBits;
import dev.stowage.placement.PlacementPlan.PlanFigures;
import dev.stowage.placement.PlacementPlan.Shortage;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** No worker gets all of what is new. */
class NewShareTest {
  private static final long SIZE = 10;

  /** Ten workers with 50 old replicas each, two empty newcomers, 40 new chunks. */
  private static World newcomers(long factor) {
    World world = new World();
    world.config =
        PlacementConfig.builder().spread(Spread.NONE).set(NewShare.FACTOR, factor).build();
    for (int i = 0; i < 12; i++) {
      world.workers.add(Fleets.worker(i, 1_000));
    }
    for (int i = 0; i < 250; i++) {
      atFloor(world.hold(SIZE, i % 10, (i + 1 + i / 50) % 10));
    }
    for (int i = 0; i < 40; i++) {
      fresh(world, "today");
    }
    return world;
  }

  private static void atFloor(World.Piece piece) {
    piece.floor = 2;
    piece.cap = 2;
  }

  private static World.Piece fresh(World world, String dataset) {
    World.Piece piece = world.chunk(SIZE);
    atFloor(piece);
    piece.isShared = true;
    piece.dataset = DatasetId.of(dataset);
    return piece;
  }

  private static long copies(World world, PlacementPlan plan, String dataset, int worker) {
    long copies = 0;
    for (int chunk = 0; chunk < world.chunks.size(); chunk++) {
      World.Piece piece = world.chunks.get(chunk);
      boolean isOf = isNew(piece) && piece.dataset.value().equals(dataset);
      copies += isOf && isOn(plan, chunk, worker) ? 1 : 0;
    }
    return copies;
  }

  private static boolean isNew(World.Piece piece) {
    return (piece.bits & ChunkBits.ESTABLISHED) == 0;
  }

  private static boolean isOn(PlacementPlan plan, int chunk, int worker) {
    return Arrays.stream(plan.wantedWorkers(chunk)).anyMatch(it -> it == worker);
  }

  /** 80 new copies on 12 equal workers: 6.7 each is fair, and the fleet is even with 48.3 each. */
  @ParameterizedTest
  @CsvSource({"1, 7, 82", "2, 14, 68", "3, 20, 56", "6, 40, 16"})
  void newcomers_getTheirShare_andOldCopiesToTheLevel(int factor, int most, int balanced) {
    World world = newcomers((long) factor * PlacementConfig.ONE);
    PlacementPlan plan = world.plan();
    assertThat(copies(world, plan, "today", 10)).isEqualTo(most);
    assertThat(copies(world, plan, "today", 11)).isEqualTo(most);
    assertThat(plan.figures().bytesByCause().get(Cause.NEW)).isEqualTo(80 * SIZE);
    assertThat(plan.figures().bytesByCause().get(Cause.BALANCE)).isEqualTo(balanced * SIZE);
    assertThat((double) plan.figures().bytesAdded() / plan.figures().bytesMinimum())
        .isBetween(1.0, 1.02);
  }

  @Test
  void explanation_namesTheShare() {
    World world = newcomers(3 * PlacementConfig.ONE);
    PlacementPlan plan = world.plan();
    int elsewhere = 250;
    while (isOn(plan, elsewhere, 10) || isOn(plan, elsewhere, 11)) {
      elsewhere++;
    }
    assertThat(plan.explain(elsewhere, chunk -> "c" + chunk).toString())
        .contains("2 workers (w0010, w0011) have their new_share of its dataset's new chunks");
  }

  @Test
  void none_givesNewcomersAll() {
    World world = newcomers(NewShare.NONE);
    PlacementPlan plan = world.plan();
    assertThat(copies(world, plan, "today", 10)).isEqualTo(40);
    assertThat(plan.figures().bytesAdded()).isEqualTo(96 * SIZE);
  }

  @Test
  void threeIsTheDefault() {
    assertThat(PlacementConfig.defaults().of(NewShare.FACTOR)).isEqualTo(3 * PlacementConfig.ONE);
  }

  @Test
  void eachDataset_hasItsOwnBound() {
    World world = newcomers(3 * PlacementConfig.ONE);
    for (int i = 0; i < 4; i++) {
      fresh(world, "logs");
    }
    PlacementPlan plan = world.plan();
    assertThat(copies(world, plan, "today", 10)).isEqualTo(20);
    assertThat(copies(world, plan, "logs", 10)).isEqualTo(2);
  }

  @Test
  void room_comesBeforeTheShare() {
    World world = newcomers(3 * PlacementConfig.ONE);
    for (int worker = 0; worker < 10; worker++) {
      world.alter(worker, it -> it.withCapacityBytes(500));
    }
    PlacementPlan plan = world.plan();
    assertThat(plan.deferrals()).isEmpty();
    assertThat(copies(world, plan, "today", 10)).isEqualTo(40);
  }

  @Test
  void pins_comeBeforeTheShare() {
    World world = newcomers(3 * PlacementConfig.ONE);
    for (int chunk = 250; chunk < 280; chunk++) {
      world.pins.add(new int[] {chunk, 10});
    }
    assertThat(copies(world, world.plan(), "today", 10)).isEqualTo(30);
  }

  @Test
  void domains_comeBeforeTheShare() {
    World world = newcomers(3 * PlacementConfig.ONE);
    world.configure(config -> config.spread(Spread.ZONE));
    for (int worker = 0; worker < 12; worker++) {
      String zone = worker < 11 ? "a" : "b";
      world.alter(worker, it -> it.withZone(zone));
    }
    PlacementPlan plan = world.plan();
    assertThat(copies(world, plan, "today", 11)).isEqualTo(40);
    assertThat(copies(world, plan, "today", 10)).isEqualTo(20);
  }

  @Test
  void frozenFleets_keepTheShare() {
    World world = newcomers(3 * PlacementConfig.ONE);
    world.frozen = true;
    PlacementPlan plan = world.plan();
    assertThat(copies(world, plan, "today", 10)).isEqualTo(20);
    assertThat(plan.figures().bytesAdded()).isEqualTo(80 * SIZE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "0.999999", "-3", "1000001", "three", "1.0000001", "", "NONE"})
  void otherTexts_areRefused(String text) {
    assertThatThrownBy(() -> NewShare.of(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("new_share is '" + text + "'; none, or a number from 1");
  }

  @Test
  void texts_areRead() {
    assertThat(NewShare.of("2.5")).isEqualTo(2_500_000);
    assertThat(NewShare.of("none")).isEqualTo(NewShare.NONE);
  }

  private static World drawn(Draws draws, SmallWorlds worlds) {
    long factor = draws.pick(1, 2, 3) * (long) PlacementConfig.ONE;
    return worlds
        .shared()
        .ruled(config -> config.set(NewShare.FACTOR, factor), "a", "b", "c")
        .draw(draws);
  }

  /** With room for all, equal workers get what is fair times the factor at most. */
  @Property(seed = "1")
  void equalWorkers_neverGetMoreThanTheBound(@ForAll Draws draws) {
    World world = new World();
    long factor = 3L * PlacementConfig.ONE;
    world.config =
        PlacementConfig.builder().spread(Spread.NONE).set(NewShare.FACTOR, factor).build();
    int workers = 2 + draws.nextInt(20);
    for (int i = 0; i < workers; i++) {
      world.workers.add(Fleets.worker(i, 100_000));
    }
    for (int i = 0; i < draws.nextInt(200); i++) {
      World.Piece piece = world.hold(draws.nextInt(20), draws.nextInt(1 + workers / 2));
      piece.cap = 1;
    }
    int floor = 1 + draws.nextInt(Math.min(3, workers));
    for (int i = 0; i < draws.nextInt(100); i++) {
      World.Piece piece = fresh(world, draws.pick("a", "b", "c"));
      piece.size = draws.nextInt(20);
      piece.floor = floor;
      piece.cap = floor;
    }
    PlacementPlan plan = world.plan();
    for (String dataset : List.of("a", "b", "c")) {
      long chunks =
          world.chunks.stream()
              .filter(it -> isNew(it) && it.dataset.value().equals(dataset))
              .count();
      long most = Math.max(1, (3 * chunks * floor + workers - 1) / workers);
      for (int worker = 0; worker < workers; worker++) {
        assertThat(copies(world, plan, dataset, worker)).isLessThanOrEqualTo(most);
      }
    }
  }

  /** The bound decides where copies lie, not how many there are. */
  @Property(seed = "1")
  void floors_comeBeforeTheShare(@ForAll Draws draws) {
    World world = drawn(draws, SmallWorlds.any());
    PlacementPlan bounded = world.plan();
    world.configure(config -> config.set(NewShare.FACTOR, NewShare.NONE));
    PlacementPlan free = world.plan();
    assertThat(bounded.deferrals().stream().map(Shortage::chunk))
        .isSubsetOf(free.deferrals().stream().map(Shortage::chunk).toList());
    assertThat(bounded.shortfalls()).isEqualTo(free.shortfalls());
  }

  @Property(seed = "1")
  void minimum_isNoMoreThanWhatIsAdded(@ForAll Draws draws) {
    World world = drawn(draws, SmallWorlds.any().budget());
    PlanFigures figures = world.plan().figures();
    assertThat(figures.bytesMinimum()).isBetween(0L, figures.bytesAdded());
  }

  @Property(seed = "1")
  void plan_afterAnyHistory_equalsAFreshPlan(@ForAll Draws draws) {
    long factor = draws.pick(1, 3) * (long) PlacementConfig.ONE;
    History history =
        new History(
            draws,
            History.Loss.NONE,
            worlds ->
                worlds.shared().ruled(config -> config.set(NewShare.FACTOR, factor), "a", "b"));
    for (int step = 0; step < 30; step++) {
      history.step();
      PlacementPlan fresh = PlacementPlanner.sticky().plan(history.input());
      assertThat(history.planner.plan().planHash()).as("step %d", step).isEqualTo(fresh.planHash());
    }
  }
}
