package dev.stowage.lifecycle;

import static dev.stowage.placement.PlacementInput.ChunkBits.COOLING;
import static dev.stowage.placement.PlacementInput.ChunkBits.ENDING;
import static dev.stowage.placement.PlacementInput.ChunkBits.ESTABLISHED;
import static dev.stowage.placement.PlacementInput.ChunkBits.ONCE_POSSESSED;
import static dev.stowage.placement.PlacementInput.ChunkBits.PINNED;
import static dev.stowage.placement.PlacementInput.ChunkBits.VISIBLE;
import static dev.stowage.placement.PlacementInput.ReplicaBits.ASSIGNED;
import static dev.stowage.placement.PlacementInput.ReplicaBits.DRAINING;
import static dev.stowage.placement.PlacementInput.ReplicaBits.GIVEN_UP;
import static dev.stowage.placement.PlacementInput.ReplicaBits.POSSESSED;
import static dev.stowage.placement.PlacementInput.ReplicaBits.READABLE;
import static dev.stowage.placement.PlacementInput.ReplicaBits.ROUTED;
import static dev.stowage.placement.PlacementInput.ReplicaBits.SUPERSEDED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stowage.answer.ChunkStatus.ChunkState;
import dev.stowage.columns.IntSet;
import dev.stowage.command.Command;
import dev.stowage.command.PlacementWish;
import dev.stowage.command.ProposedChunk;
import dev.stowage.command.Result;
import dev.stowage.command.own.LeaderCommand;
import dev.stowage.command.own.PlanningAdvice;
import dev.stowage.config.MovementBudget;
import dev.stowage.config.PlacementConfig;
import dev.stowage.lifecycle.planning.PlannedRows;
import dev.stowage.model.BlockRange;
import dev.stowage.model.Chunk;
import dev.stowage.model.DatasetId;
import dev.stowage.model.Eligibility;
import dev.stowage.model.Tick;
import dev.stowage.model.Worker;
import dev.stowage.model.WorkerId;
import dev.stowage.model.WorkerStatus;
import dev.stowage.placement.PlacementPlanner;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/** Tests the input of a planner: chunks, replicas, workers and wishes. */
class PlannedRowsTest {
  /** The sticky planner, without its index. */
  private static final PlacementPlanner COLD = input -> PlacementPlanner.sticky().plan(input);

  private static PlannedRows rows(SmallWorld world, PlanningAdvice advice) {
    return new PlannedRows(world.state.tables(), world.now, advice, new IntSet());
  }

  private static int chunkBits(SmallWorld world, String path) {
    return rows(world, PlanningAdvice.NONE)
        .chunkBits(world.state.chunkPosition(SmallWorld.key(path)));
  }

  private static int replicaBits(SmallWorld world, String path, String worker) {
    return rows(world, PlanningAdvice.NONE).replicaBits(world.replica(path, worker));
  }

  private static long nextChange(SmallWorld world, String path, String worker) {
    return rows(world, PlanningAdvice.NONE).nextChange(world.replica(path, worker));
  }

  @Test
  void chunk_isToldByWhatHasBecomeOfIt() {
    SmallWorld world = SmallWorld.of(1).workers(10, "a");
    world.ingest("d/c", 0, 9);
    assertThat(chunkBits(world, "d/c")).isZero();
    world.schedule();
    assertThat(chunkBits(world, "d/c")).isEqualTo(ESTABLISHED);
    world.fetch("a");
    world.publish();
    assertThat(chunkBits(world, "d/c")).isEqualTo(VISIBLE | ESTABLISHED | ONCE_POSSESSED);
    PlanningAdvice cooling =
        new PlanningAdvice(
            List.of(), List.of(), List.of(SmallWorld.key("d/c"), SmallWorld.key("d/zzz")), 0);
    assertThat(rows(world, cooling).chunkBits(world.state.chunkPosition(SmallWorld.key("d/c"))))
        .isEqualTo(VISIBLE | ESTABLISHED | ONCE_POSSESSED | COOLING);
    world.swap("d", List.of("c"), SmallWorld.chunk("d/n", 0, 9));
    assertThat(chunkBits(world, "d/c")).isEqualTo(VISIBLE | ESTABLISHED | ONCE_POSSESSED | ENDING);
    assertThat(chunkBits(world, "d/n")).isZero();
    world.swap("d", List.of("n"), SmallWorld.chunk("d/o", 0, 9));
    assertThat(world.run(new Command.CancelSwap(1)).swapIds()).containsExactly(1L, 2L);
    assertThat(chunkBits(world, "d/n")).isEqualTo(PINNED);
    world.remove("d/c");
    assertThat(chunkBits(world, "d/c")).isEqualTo(VISIBLE | ESTABLISHED | ONCE_POSSESSED | PINNED);
  }

  @Test
  void chunks_arePlannedWhileTheyHaveReplicasToCare() {
    SmallWorld world = SmallWorld.of(1).workers(10, "a");
    world.ingest("d/c", 0, 9);
    world.offer("d/o", 10, 19);
    PlannedRows rows = rows(world, PlanningAdvice.NONE);
    int chunk = world.state.chunkPosition(SmallWorld.key("d/c"));
    assertThat(rows.isPlanned(chunk)).isTrue();
    assertThat(rows.isPlanned(world.state.chunkPosition(SmallWorld.key("d/o")))).isFalse();
    assertThat(rows.isPlanned(77)).isFalse();
    world.settle();
    world.remove("d/c");
    world.publish();
    assertThat(world.chunkState("d/c")).isEqualTo(ChunkState.DROPPED);
    assertThat(rows.isPlanned(chunk)).isTrue();
    world.settle();
    assertThat(world.chunkState("d/c")).isEqualTo(ChunkState.TOMBSTONE);
    assertThat(rows.isPlanned(chunk)).isFalse();
  }

  @Test
  void replica_isToldByItsStampsAndItsReaders() {
    SmallWorld world =
        new SmallWorld(c -> c.drainWindowTicks(4).giveUpAfterTicks(6)).workers(10, "a");
    world.ingest("d/c", 0, 9);
    world.schedule();
    assertThat(replicaBits(world, "d/c", "a")).isEqualTo(ASSIGNED);
    assertThat(nextChange(world, "d/c", "a")).isEqualTo(Long.MAX_VALUE);
    world.fetch("a");
    world.schedule();
    assertThat(replicaBits(world, "d/c", "a")).isEqualTo(ASSIGNED | POSSESSED);
    world.publish();
    assertThat(replicaBits(world, "d/c", "a")).isEqualTo(ASSIGNED | POSSESSED | ROUTED | READABLE);
    world.workers(10, "b");
    world.status("a", WorkerStatus.LEAVING);
    world.schedule();
    assertThat(replicaBits(world, "d/c", "a"))
        .isEqualTo(SUPERSEDED | POSSESSED | ROUTED | READABLE);
    world.fetch("b");
    world.now = 10;
    world.publish();
    assertThat(replicaBits(world, "d/c", "a")).isEqualTo(DRAINING | POSSESSED | READABLE);
    assertThat(nextChange(world, "d/c", "a")).isEqualTo(14);
    world.now = 13;
    assertThat(nextChange(world, "d/c", "a")).isEqualTo(14);
    world.now = 14;
    assertThat(replicaBits(world, "d/c", "a")).isEqualTo(DRAINING | POSSESSED);
    assertThat(nextChange(world, "d/c", "a")).isEqualTo(Long.MAX_VALUE);
  }

  /** Creates a world in which b misses a replica since tick 2, which is given up after 6 ticks. */
  private static SmallWorld missingOnB() {
    SmallWorld world =
        new SmallWorld(c -> c.minReplication(2).giveUpAfterTicks(6)).workers(10, "a", "b");
    world.ingest("d/c", 0, 9);
    world.schedule();
    world.fetch("a");
    world.now = 2;
    world.fetchExcept("b", "d/c");
    world.schedule();
    return world;
  }

  @Test
  void missingReplica_isGivenUpOnItsTick() {
    SmallWorld world = missingOnB();
    assertThat(replicaBits(world, "d/c", "b")).isEqualTo(ASSIGNED);
    assertThat(nextChange(world, "d/c", "b")).isEqualTo(8);
    world.now = 7;
    assertThat(replicaBits(world, "d/c", "b")).isEqualTo(ASSIGNED);
    assertThat(nextChange(world, "d/c", "b")).isEqualTo(8);
    world.now = 8;
    assertThat(replicaBits(world, "d/c", "b")).isEqualTo(ASSIGNED | GIVEN_UP);
    assertThat(nextChange(world, "d/c", "b")).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void condemnedReplicas_areNotTold() {
    SmallWorld world = SmallWorld.of(1).workers(10, "a", "b");
    world.ingest("d/c", 0, 9);
    world.schedule();
    IntSet condemned = new IntSet();
    condemned.add(world.replica("d/c", "a"));
    PlannedRows rows =
        new PlannedRows(world.state.tables(), world.now, PlanningAdvice.NONE, condemned);
    assertThat(rows.isHeld(world.replica("d/c", "a"))).isFalse();
    assertThat(rows.isHeld(world.replica("d/c", "b"))).isTrue();
  }

  @Test
  void condemnedReplica_thatWasGivenUp_isTold() {
    SmallWorld world = missingOnB();
    IntSet condemned = new IntSet();
    condemned.add(world.replica("d/c", "b"));
    world.now = 7;
    PlannedRows patient =
        new PlannedRows(world.state.tables(), world.now, PlanningAdvice.NONE, condemned);
    assertThat(patient.isHeld(world.replica("d/c", "b"))).isFalse();
    world.now = 8;
    PlannedRows late =
        new PlannedRows(world.state.tables(), world.now, PlanningAdvice.NONE, condemned);
    assertThat(late.isHeld(world.replica("d/c", "b"))).isTrue();
  }

  @Test
  void copiesThatFailedAndWait_takeFromTheBudget() {
    PlacementConfig placement =
        PlacementConfig.builder().budget(new MovementBudget(100, 7, 8, 9)).build();
    SmallWorld world = new SmallWorld(config -> config.placement(placement));
    PlanningAdvice advice = PlanningAdvice.NONE.withTransfers(List.of(), 23);
    assertThat(rows(world, advice).config())
        .isEqualTo(
            world.state.config().placement().toBuilder()
                .budget(new MovementBudget(77, 7, 8, 9))
                .build());
    assertThat(rows(world, PlanningAdvice.NONE).config())
        .isEqualTo(world.state.config().placement());
  }

  // --- wishes, with a planner that is told everything and with one that is told what changed

  private static void wish(SmallWorld world, PlacementWish wish) {
    assertThat(world.run(new Command.Wish(wish, Command.ANY_VERSION)).isAccepted()).isTrue();
  }

  @Test
  void banOfAWorkerThatComesLater_holds() {
    for (PlacementPlanner planner : List.of(PlacementPlanner.sticky(), COLD)) {
      Lifecycle lifecycle = new Lifecycle(planner);
      SmallWorld world = SmallWorld.of(1).workers(10, "a");
      world.ingest("d/c", 0, 9);
      schedule(world, lifecycle);
      world.run(Command.Describe.of(Worker.of(WorkerId.of("b"), 10 * SmallWorld.MIB)));
      wish(
          world, PlacementWish.of(PlacementWish.Kind.BAN, SmallWorld.key("d/c"), WorkerId.of("b")));
      schedule(world, lifecycle);
      world.workers(10, "b", "c");
      schedule(world, lifecycle);
      assertThat(world.holders("d/c")).containsExactly("a", "c");
      wish(world, PlacementWish.of(PlacementWish.Kind.BAN, DatasetId.of("d"), WorkerId.of("a")));
      world.ingest("d/e", 10, 19);
      schedule(world, lifecycle);
      assertThat(world.holders("d/e")).containsExactly("b", "c");
    }
  }

  /** Room for one copy alone: it goes where it is pinned. */
  @Test
  void pinOfANewChunk_isFollowed() {
    for (String to : List.of("a", "b", "c")) {
      for (String chunk : List.of("d/x", "d/y")) {
        SmallWorld world = new SmallWorld(c -> c).workers(1, "a", "b", "c");
        world.ingest("d/x", 0, 9);
        world.ingest("d/y", 10, 19);
        wish(
            world,
            PlacementWish.of(PlacementWish.Kind.PIN, SmallWorld.key(chunk), WorkerId.of(to)));
        schedule(world, new Lifecycle(PlacementPlanner.sticky()));
        assertThat(world.holders(chunk)).as("%s on %s", chunk, to).contains(to);
      }
    }
  }

  /** Advice is followed in its cycle, and forgotten. */
  @Test
  void avoidedWorker_takesNothingNew_inThatCycle() {
    for (PlacementPlanner planner : List.of(PlacementPlanner.sticky(), COLD)) {
      Lifecycle lifecycle = new Lifecycle(planner);
      SmallWorld world = SmallWorld.of(1).workers(10, "a", "b");
      world.ingest("d/c", 0, 9);
      PlanningAdvice avoiding =
          new PlanningAdvice(
              List.of(), List.of(WorkerId.of("a"), WorkerId.of("zzz")), List.of(), 0);
      lifecycle.execute(world.state, new LeaderCommand.Schedule(avoiding), Tick.of(0));
      assertThat(world.holders("d/c")).containsExactly("b");
      schedule(world, lifecycle);
      assertThat(world.holders("d/c")).containsExactly("a", "b");
    }
  }

  private static void schedule(SmallWorld world, Lifecycle lifecycle) {
    lifecycle.execute(world.state, new LeaderCommand.Schedule(), Tick.of(world.now));
  }

  // --- the first half of a cycle

  @Test
  void preparation_changesNothing_andExplainsWhatItKnows() {
    for (PlacementPlanner planner : List.of(PlacementPlanner.sticky(), COLD)) {
      Lifecycle lifecycle = new Lifecycle(planner);
      SmallWorld world = SmallWorld.of(1).workers(10, "a");
      world.run(Command.Describe.of(Worker.of(WorkerId.of("b"), 5)));
      world.ingest("d/c", 0, 9);
      long digest = world.state.digest();
      CyclePlan from =
          lifecycle.prepare(world.state, PlanningAdvice.NONE, Tick.of(3)).orElseThrow();
      assertThat(world.state.digest()).isEqualTo(digest).isEqualTo(world.state.fullDigest());
      assertThat(from.explain(SmallWorld.key("d/c"))).isPresent();
      assertThat(from.explain(SmallWorld.key("d/c")).orElseThrow().toString()).contains("d/c");
      assertThat(from.explain(SmallWorld.key("d/zzz"))).isEmpty();
      assertThat(from.explain(WorkerId.of("a"))).isPresent();
      assertThat(from.explain(WorkerId.of("b")).orElseThrow().lines())
          .containsExactly("it is described and has not registered, so it takes nothing");
      assertThat(from.explain(WorkerId.of("zzz"))).isEmpty();
    }
  }

  @Test
  void fixedPoint_isPlannedAgainWhenItIsReconsidered() {
    SmallWorld world = SmallWorld.of(1).workers(10, "a");
    world.ingest("d/c", 0, 9);
    world.settle();
    assertThat(world.lifecycle.prepare(world.state, PlanningAdvice.NONE, Tick.of(world.now)))
        .isEmpty();
    world.lifecycle.reconsider();
    assertThat(world.lifecycle.prepare(world.state, PlanningAdvice.NONE, Tick.of(world.now)))
        .isPresent();
  }

  @Test
  void commandThatFails_leavesTheStateAsItWas() {
    SmallWorld world = SmallWorld.of(1).workers(10, "a");
    world.ingest("d/c", 0, 9);
    long digest = world.state.digest();
    Lifecycle broken =
        new Lifecycle(input -> {
          throw new IllegalStateException("no plan");
        });
    world.now = 9;
    assertThatThrownBy(() -> schedule(world, broken)).hasMessage("no plan");
    assertThat(world.state.digest()).isEqualTo(digest).isEqualTo(world.state.fullDigest());
    assertThat(world.state.largestTick()).isEqualTo(Tick.of(0));
  }

  @Test
  void admission_alone_admitsWhatWasOffered() {
    SmallWorld world = SmallWorld.of(1).workers(10, "a");
    world.offer("d/c", 0, 9);
    world.offer("d/e", 5, 14);
    Result.Admitted answer = world.run(new LeaderCommand.Admit());
    assertThat(answer.admitted()).containsExactly(SmallWorld.key("d/c"));
    assertThat(answer.rejected()).containsExactly(SmallWorld.key("d/e"));
    assertThat(world.chunkState("d/c")).isEqualTo(ChunkState.ADMITTED);
  }

  @Test
  void proposal_namesEveryBoundThatItBreaks() {
    ProposedChunk least =
        new ProposedChunk(SmallWorld.key("d/c"), 0, 0, 0, OptionalInt.of(1), Eligibility.ANY);
    assertThat(least.violations()).isEmpty();
    ProposedChunk wrong =
        new ProposedChunk(SmallWorld.key("d/c"), -1, -2, -1, OptionalInt.of(0), Eligibility.ANY);
    assertThat(wrong.violations()).hasSize(4);
    Chunk chunk = Chunk.of(SmallWorld.key("d/c"), BlockRange.of(1, 2), 3);
    assertThat(ProposedChunk.listOf(List.of(chunk))).containsExactly(ProposedChunk.of(chunk));
  }
}
