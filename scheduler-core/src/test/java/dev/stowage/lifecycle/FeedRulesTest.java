package dev.stowage.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.command.Command;
import dev.stowage.command.PlacementWish;
import dev.stowage.command.ProposedChunk;
import dev.stowage.command.own.LeaderCommand;
import dev.stowage.command.own.PlanningAdvice;
import dev.stowage.config.LifecycleConfig;
import dev.stowage.config.LifecycleConfig.RetentionHorizons;
import dev.stowage.config.PlacementConfig;
import dev.stowage.model.BlockRange;
import dev.stowage.model.Chunk;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.Eligibility;
import dev.stowage.model.Lineage;
import dev.stowage.model.Tick;
import dev.stowage.model.Worker;
import dev.stowage.model.Worker.Labels;
import dev.stowage.model.Worker.WorkerVersion;
import dev.stowage.model.WorkerId;
import dev.stowage.model.WorkerStatus;
import dev.stowage.placement.InputText;
import dev.stowage.placement.PlacementInput;
import dev.stowage.placement.PlacementPlan;
import dev.stowage.placement.PlacementPlanner;
import dev.stowage.placement.WarmPlanner;
import dev.stowage.placement.WarmPlanner.SlotOrder;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/**
 * A planner that is told what changed reads, after each kind of change, what one reads that is told
 * everything; and it is told by the same feed for as long as that can be done.
 */
class FeedRulesTest {
  /** The sticky planner, without its index. */
  private static final PlacementPlanner COLD = input -> PlacementPlanner.sticky().plan(input);

  private final CountingPlanner planner = new CountingPlanner();
  private final Lifecycle warm = new Lifecycle(planner);
  private final Lifecycle scratch = new Lifecycle(COLD);

  /** The sticky planner; counts the indexes that are begun. */
  private static final class CountingPlanner implements PlacementPlanner {
    private int indexes;

    @Override
    public PlacementPlan plan(PlacementInput input) {
      return COLD.plan(input);
    }

    @Override
    public Optional<WarmPlanner> warm(PlacementConfig config, SlotOrder order) {
      indexes++;
      return PlacementPlanner.sticky().warm(config, order);
    }
  }

  /** Its cycles plan from scratch, so that nobody but the test feeds a planner. */
  private static SmallWorld world(UnaryOperator<LifecycleConfig.Builder> options) {
    SmallWorld world = new SmallWorld(options);
    world.lifecycle = new Lifecycle(COLD);
    return world;
  }

  private void assertTold(SmallWorld world) {
    assertTold(world, PlanningAdvice.NONE);
  }

  private void assertTold(SmallWorld world, PlanningAdvice advice) {
    Tick now = Tick.of(world.now);
    PlacementPlan fed = warm.prepare(world.state, advice, now).orElseThrow().plan();
    String told = InputText.of(fed.input());
    PlacementPlan expected = scratch.prepare(world.state, advice, now).orElseThrow().plan();
    assertThat(told).isEqualTo(InputText.of(expected.input()));
    assertThat(fed.planHash()).isEqualTo(expected.planHash());
  }

  private static PlacementWish wish(PlacementWish.Kind kind, String path, String worker) {
    return PlacementWish.of(kind, SmallWorld.key(path), WorkerId.of(worker));
  }

  private static void follow(SmallWorld world, PlacementWish wish) {
    assertThat(world.run(new Command.Wish(wish, Command.ANY_VERSION)).isAccepted()).isTrue();
  }

  private static void takeBack(SmallWorld world, PlacementWish wish) {
    assertThat(world.run(new Command.Unwish(wish, Command.ANY_VERSION)).isAccepted()).isTrue();
  }

  // --- chunks and replicas

  @Test
  void chunksThatAskForSome_areTold() {
    SmallWorld world = world(c -> c).workers(10, "a");
    Worker fast = Worker.of(WorkerId.of("b"), 10 * SmallWorld.MIB).withLabels(Labels.of("ssd"));
    world.run(Command.Describe.of(fast));
    world.run(new Command.Register(WorkerId.of("b"), "disk-b"));
    Eligibility onFast = new Eligibility(WorkerVersion.ZERO, Labels.of("ssd"));
    world.run(
        new Command.Ingest(
            List.of(
                ProposedChunk.of(
                    new Chunk(
                        SmallWorld.key("d/c"),
                        BlockRange.of(0, 9),
                        SmallWorld.MIB,
                        OptionalInt.of(3),
                        onFast)),
                SmallWorld.chunk("d/e", 10, 19))));
    assertTold(world);
    world.schedule();
    assertThat(world.holders("d/c")).containsExactly("b");
    assertTold(world);
    assertThat(planner.indexes).isEqualTo(1);
  }

  @Test
  void lossesOfBonusReplicas_areTold_untilTheyAreForgotten() {
    SmallWorld world =
        world(c -> c.minReplication(2).regrowAfterTicks(10)).workers(10, "a", "b", "c");
    world.ingest("d/c", 0, 9);
    world.settle();
    assertTold(world);
    world.status("a", WorkerStatus.DEPARTED);
    world.schedule();
    assertThat(world.state.rows().build().chunks().get(0).lostTicks()).containsExactly(world.now);
    assertTold(world);
    world.now += 9;
    assertTold(world);
    world.now += 1;
    assertTold(world);
    assertThat(planner.indexes).isEqualTo(1);
  }

  // --- workers

  @Test
  void workerThatTakesThePlaceOfAnother_isTold() {
    SmallWorld world = world(c -> c.retention(RetentionHorizons.ofTicks(0))).workers(10, "a", "b");
    world.ingest("d/c", 0, 9);
    world.settle();
    assertTold(world);
    int place = world.state.workerPosition(WorkerId.of("a"));
    world.status("a", WorkerStatus.DEPARTED);
    world.schedule();
    world.publish();
    world.run(new LeaderCommand.Purge());
    world.workers(10, "z");
    assertThat(world.state.workerPosition(WorkerId.of("z"))).isEqualTo(place);
    assertTold(world);
    world.schedule();
    assertTold(world);
    assertThat(planner.indexes).isEqualTo(1);
  }

  /** The planner began with an empty fleet: it has no chunks that are still to be fed at first. */
  @Test
  void workerThatComesBack_whileChunksAreFedInSteps_isToldWithItsWishes() {
    SmallWorld world = world(c -> c.minReplication(1)).workers(10, "a", "b", "c");
    assertTold(world);
    world.ingest("d/c", 0, 9);
    world.settle();
    follow(world, wish(PlacementWish.Kind.PIN, "d/c", "b"));
    world.status("b", WorkerStatus.DEPARTED);
    world.settle();
    assertTold(world);
    world.register("b");
    world.ingest("d/f", 20, 29);
    world.ingest("d/g", 30, 39);
    warm.warmUp(world.state, PlanningAdvice.NONE, 1, Tick.of(world.now));
    assertTold(world);
    assertThat(planner.indexes).isEqualTo(1);
  }

  /** Nothing in the rows tells that a chunk is not to be moved. */
  @Test
  void chunkThatCools_whileChunksAreFedInSteps_isToldToMoveAgain() {
    SmallWorld world = world(c -> c.minReplication(2)).workers(10, "a", "b", "c");
    assertTold(world);
    world.ingest("d/c", 0, 9);
    world.ingest("d/e", 10, 19);
    var cooling = new PlanningAdvice(List.of(), List.of(), List.of(SmallWorld.key("d/e")), 0);
    warm.warmUp(world.state, cooling, 1, Tick.of(world.now));
    assertTold(world);
  }

  // --- time

  private static SmallWorld draining(UnaryOperator<LifecycleConfig.Builder> options) {
    SmallWorld world = world(options).workers(10, "a");
    world.ingest("d/c", 0, 9);
    world.schedule();
    world.fetchAll();
    world.publish();
    world.workers(10, "b");
    world.handOver("a", "b");
    assertThat(world.replicas("d/c")).containsEntry("a", ReplicaState.DRAINING);
    return world;
  }

  @Test
  void endOfAWindow_isTold_onItsTick() {
    SmallWorld world = draining(c -> c.drainWindowTicks(4));
    world.status("b", WorkerStatus.SUSPECT);
    for (long tick : new long[] {3, 4, 5}) {
      world.now = tick;
      assertTold(world);
    }
    assertThat(world.schedule().heldDeletions()).isEqualTo(1);
    assertThat(planner.indexes).isEqualTo(1);
  }

  /** A plan that changes nothing is remembered until a window ends, and no longer. */
  @Test
  void planThatChangesNothing_holdsUntilTimeAloneChangesSomething() {
    for (PlacementPlanner each : List.of(PlacementPlanner.sticky(), COLD)) {
      SmallWorld world = draining(c -> c.drainWindowTicks(50));
      world.lifecycle = new Lifecycle(each);
      world.schedule();
      world.schedule();
      for (long tick : new long[] {0, 49, 50}) {
        Optional<CyclePlan> asked =
            world.lifecycle.prepare(world.state, PlanningAdvice.NONE, Tick.of(tick));
        assertThat(asked.isPresent()).as("planned at tick %s", tick).isEqualTo(tick == 50);
      }
    }
  }

  /** Tells again what was set aside for the plan before. */
  @Test
  void endOfThePauseOfALineage_isTold_onItsTick() {
    SmallWorld world = draining(c -> c.drainWindowTicks(4));
    world.now = 1;
    world.run(new LeaderCommand.BeginLineage(Lineage.of(8)));
    world.register("b");
    world.inventory("b");
    world.schedule();
    for (long tick : new long[] {3, 4}) {
      world.now = tick;
      assertTold(world);
      assertThat(world.schedule().heldDeletions()).isEqualTo(tick - 3);
    }
    assertTold(world);
    world.now = 5;
    assertTold(world);
  }

  // --- wishes and freezes

  /** Lets the planner take two of the three by itself, at most. */
  @Test
  void pins_areTold_andTakenBack() {
    SmallWorld world = world(c -> c.minReplication(1)).workers(1, "a", "b", "c");
    world.ingest("d/c", 0, 9);
    world.ingest("d/e", 10, 19);
    for (String worker : List.of("a", "b", "c")) {
      follow(world, wish(PlacementWish.Kind.PIN, "d/c", worker));
      assertTold(world);
      takeBack(world, wish(PlacementWish.Kind.PIN, "d/c", worker));
      assertTold(world);
    }
  }

  @Test
  void wishesAboutWhatIsNotPlanned_areTold_onceItIs() {
    SmallWorld world = world(c -> c).workers(10, "a", "b");
    world.ingest("d/c", 0, 9);
    world.offer("d/o", 5, 14);
    world.schedule();
    world.run(Command.Describe.of(Worker.of(WorkerId.of("z"), 10 * SmallWorld.MIB)));
    follow(world, wish(PlacementWish.Kind.BAN, "d/o", "b"));
    follow(world, wish(PlacementWish.Kind.BAN, "d/c", "z"));
    assertTold(world);
    world.workers(10, "z");
    assertTold(world);
    world.status("z", WorkerStatus.DEPARTED);
    assertTold(world);
    world.register("z");
    assertTold(world);
    takeBack(world, wish(PlacementWish.Kind.BAN, "d/o", "b"));
    assertTold(world);
    assertThat(planner.indexes).isEqualTo(1);
  }

  // --- advice

  private static PlanningAdvice.Intent move(String path, String from, String to) {
    return new PlanningAdvice.Intent(SmallWorld.key(path), WorkerId.of(from), WorkerId.of(to));
  }

  private static PlanningAdvice.Score score(String path, String worker, int micros) {
    return new PlanningAdvice.Score(SmallWorld.key(path), WorkerId.of(worker), micros);
  }

  /** Tests that advice about unknown workers is skipped; z is described and never came. */
  @Test
  void advice_isTold_andForgotten() {
    SmallWorld world = world(c -> c).workers(10, "a", "b", "c");
    world.ingest("d/c", 0, 9);
    world.ingest("d/e", 10, 19);
    world.offer("d/o", 5, 14);
    world.schedule();
    world.run(Command.Describe.of(Worker.of(WorkerId.of("z"), SmallWorld.MIB)));
    List<PlanningAdvice.Intent> moves =
        List.of(
            move("d/c", "a", "b"),
            move("d/e", "c", "a"),
            move("d/o", "b", "c"),
            move("d/zzz", "b", "c"),
            move("d/e", "zzz", "a"),
            move("d/e", "z", "b"),
            move("d/c", "a", "zzz"),
            move("d/c", "c", "z"));
    List<ChunkKey> cooling = List.of(SmallWorld.key("d/e"), SmallWorld.key("d/o"));
    List<WorkerId> avoided = List.of(WorkerId.of("a"), WorkerId.of("z"), WorkerId.of("zzz"));
    PlanningAdvice all = new PlanningAdvice(moves, avoided, cooling, 77);
    List<PlanningAdvice.Score> scores =
        List.of(
            score("d/c", "a", 5),
            score("d/c", "b", 0),
            score("d/e", "c", 1_000_000),
            score("d/o", "a", 3),
            score("d/zzz", "a", 3),
            score("d/c", "z", 3),
            score("d/c", "zzz", 3));
    assertTold(world);
    assertTold(world, all);
    assertTold(world, all.withScores(scores));
    assertTold(world);
    assertThat(planner.indexes).isEqualTo(1);
    String told =
        InputText.of(
            scratch
                .prepare(world.state, all.withScores(scores), Tick.of(0))
                .orElseThrow()
                .plan()
                .input());
    assertThat(told.lines().filter(line -> line.startsWith("move ")))
        .containsExactly("move 0 0>1", "move 1 2>0");
    assertThat(told.lines().filter(line -> line.startsWith("score ")))
        .containsExactly("score 0@0", "score 0@1", "score 1@2");
    assertThat(told.lines().filter(line -> line.endsWith(" avoided"))).hasSize(1);
  }

  @Test
  void whatComesLater_isExplainedByNoEarlierPreparation() {
    for (PlacementPlanner each : List.of(PlacementPlanner.sticky(), COLD)) {
      SmallWorld world = world(c -> c).workers(10, "a");
      world.ingest("d/c", 0, 9);
      CyclePlan from =
          new Lifecycle(each).prepare(world.state, PlanningAdvice.NONE, Tick.of(0)).orElseThrow();
      assertThat(from.explain(SmallWorld.key("d/c"))).isPresent();
      assertThat(from.explain(WorkerId.of("a"))).isPresent();
      world.ingest("d/e", 10, 19);
      world.workers(10, "b");
      assertThat(from.explain(SmallWorld.key("d/e"))).isEmpty();
      assertThat(from.explain(WorkerId.of("b"))).isEmpty();
    }
  }

  // --- beginning anew

  @Test
  void planner_isToldEverything_whereWhatChangedCannotBeTold() {
    SmallWorld world = world(c -> c).workers(10, "a", "b");
    world.ingest("d/c", 0, 9);
    assertTold(world);
    assertTold(world);
    assertThat(planner.indexes).isEqualTo(1);
    LifecycleConfig other = world.state.config().toBuilder().minReplication(2).unchecked();
    world.run(new Command.Configure(Command.ANY_VERSION, other));
    assertTold(world);
    assertThat(planner.indexes).as("another configuration").isEqualTo(2);
    world.now = 10;
    assertTold(world);
    assertThat(planner.indexes).isEqualTo(2);
    world.now = 9;
    assertTold(world);
    assertThat(planner.indexes).as("an earlier tick").isEqualTo(3);
    world.state = world.loaded();
    assertTold(world);
    assertThat(planner.indexes).as("another mirror").isEqualTo(4);
    new Lifecycle(PlacementPlanner.sticky())
        .prepare(world.state, PlanningAdvice.NONE, Tick.of(world.now));
    assertTold(world);
    assertThat(planner.indexes).as("another planner was told since").isEqualTo(5);
    assertTold(world);
    assertThat(planner.indexes).isEqualTo(5);
  }

  @Test
  void placeOfAChunk_thatGoesToAnotherOne_beforeThePlannerWasTold_isToldAnew() {
    SmallWorld world =
        world(c -> c.drainWindowTicks(0).retention(RetentionHorizons.ofTicks(0))).workers(10, "a");
    world.ingest("d/c", 0, 9);
    world.ingest("d/e", 10, 19);
    assertTold(world);
    int place = world.state.chunkPosition(SmallWorld.key("d/c"));
    world.remove("d/c");
    world.schedule();
    world.run(new LeaderCommand.Purge());
    assertTold(world);
    assertThat(planner.indexes).as("a place that is empty").isEqualTo(1);
    world.ingest("d/n", 0, 9);
    assertTold(world);
    assertTold(world);
    assertThat(planner.indexes).as("a place that was known to be empty").isEqualTo(1);
    world.remove("d/n");
    world.schedule();
    world.run(new LeaderCommand.Purge());
    world.ingest("d/m", 20, 29);
    assertThat(world.state.chunkPosition(SmallWorld.key("d/m"))).isEqualTo(place);
    assertTold(world);
    assertThat(planner.indexes).as("another chunk in its place").isEqualTo(2);
  }
}
