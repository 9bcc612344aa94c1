package dev.stowage.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stowage.lifecycle.Leaving.Part;
import dev.stowage.lifecycle.Leaving.StuckPart;
import dev.stowage.model.Tick;
import dev.stowage.model.WorkerId;
import dev.stowage.model.WorkerStatus;
import dev.stowage.placement.MovementBudget;
import dev.stowage.placement.PlacementConfig;
import dev.stowage.placement.PlacementPlan.Stuck.Hindrance;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A worker that leaves: what is still to go waits for one thing at a time, and is counted once. */
class LeavingTest {
  private static final Part ONE = new Part(1, SmallWorld.MIB);

  private static Leaving leaving(SmallWorld world, String worker) {
    return world
        .lifecycle
        .leaving(world.state, WorkerId.of(worker), PlanningAdvice.NONE, Tick.of(world.now))
        .orElseThrow();
  }

  /** Returns the answer that another process gets. */
  private static Leaving shown(SmallWorld world, String worker) {
    return Leaving.shown(world.state, world.state, WorkerId.of(worker)).orElseThrow();
  }

  /** Floor 2 on a and b, settled, and a third worker that is empty. */
  private static SmallWorld twoOfThree() {
    SmallWorld world =
        new SmallWorld(config -> config.minReplication(2).maxReplication(2).drainWindowTicks(5));
    world.workers(10, "a", "b");
    world.ingest("d/c", 0, 9);
    world.settle();
    return world.workers(10, "c");
  }

  @Test
  void replica_onItsWay_waitsForOneThingAfterAnother() {
    SmallWorld world = twoOfThree();
    world.status("a", WorkerStatus.LEAVING);
    assertThat(leaving(world, "a").copying()).as("the next cycle begins it").isEqualTo(ONE);
    world.schedule();
    assertThat(leaving(world, "a").copying()).isEqualTo(ONE);
    assertThat(leaving(world, "a").safeToStop()).isFalse();
    world.fetch("c");
    assertThat(leaving(world, "a").confirmation()).isEqualTo(ONE);
    assertThat(leaving(world, "a").safeToStop()).as("b and c have the bytes").isTrue();
    world.publish();
    assertThat(leaving(world, "a").drainWindow()).isEqualTo(ONE);
    world.now += 5;
    world.schedule();
    assertThat(leaving(world, "a").all()).isEqualTo(Part.NONE);
    assertThat(leaving(world, "a").safeToStop()).isTrue();
  }

  @Test
  void replica_beyondTheBudget_waitsForIt() {
    SmallWorld world = twoOfThree();
    PlacementConfig none = PlacementConfig.builder().budget(MovementBudget.ofBytes(0)).build();
    LifecycleConfig slow = world.state.config().toBuilder().placement(none).build();
    world.run(new Command.Configure(Command.ANY_VERSION, slow));
    world.status("a", WorkerStatus.LEAVING);
    world.schedule();
    assertThat(leaving(world, "a").budget()).isEqualTo(ONE);
    assertThat(world.schedule().stuck()).isEmpty();
  }

  @Test
  void replica_thatNobodyElseMayTake_isStuckInEveryAnswer() {
    SmallWorld world = SmallWorld.of(2).workers(10, "a", "b");
    world.ingest("d/c", 0, 9);
    world.settle();
    world.status("a", WorkerStatus.LEAVING);
    List<StuckPart> stuck = List.of(new StuckPart(Hindrance.TOO_FEW_WORKERS, ONE));
    assertThat(leaving(world, "a").stuck()).as("before any cycle").isEqualTo(stuck);
    Result.Scheduled cycle = world.schedule();
    assertThat(cycle.stuck()).hasSize(1);
    assertThat(cycle.stuck().get(0).worker()).isEqualTo(WorkerId.of("a"));
    assertThat(cycle.stuckBytes()).isEqualTo(SmallWorld.MIB);
    assertThat(world.schedule().stuck()).as("a cycle that need not plan").isEqualTo(cycle.stuck());
    assertThat(leaving(world, "a").stuck()).isEqualTo(stuck);
    assertThat(leaving(world, "a").safeToStop()).isFalse();
    assertThat(
            LifecycleExplanation.whyDrainHeld(
                    world.state, SmallWorld.key("d/c"), WorkerId.of("a"), world.lifecycle.stuck())
                .reasons())
        .containsExactly(
            "it is stuck, it should leave and cannot: "
                + "no active worker without a replica of it may hold it"
                + " (too_few_workers); 0 other workers may take it, the most room on one is"
                + " 0 bytes");
  }

  @Test
  void stuckReplica_thatMayStay_isStuckNoLonger() {
    SmallWorld world = SmallWorld.of(2).workers(10, "a", "b");
    world.ingest("d/c", 0, 9);
    world.settle();
    world.status("a", WorkerStatus.LEAVING);
    world.schedule();
    world.status("a", WorkerStatus.ACTIVE);
    assertThat(leaving(world, "a").stuck()).isEmpty();
    assertThat(leaving(world, "a").wanted()).isEqualTo(ONE);
  }

  @Test
  void follower_knowsOfNoPlan() {
    SmallWorld world = SmallWorld.of(2).workers(10, "a", "b");
    world.ingest("d/c", 0, 9);
    world.settle();
    world.status("a", WorkerStatus.LEAVING);
    world.schedule();
    assertThat(shown(world, "a").wanted()).isEqualTo(ONE);
    assertThat(shown(world, "a").stuck()).isEmpty();
    assertThat(Leaving.shown(world.state, world.state, WorkerId.of("nobody"))).isEmpty();
  }

  @Test
  void safeToStop_isJudgedByWhatWorkersReported() {
    SmallWorld world = twoOfThree();
    world.status("a", WorkerStatus.LEAVING);
    world.schedule();
    world.fetch("c");
    world.publish();
    assertThat(shown(world, "a").safeToStop()).isTrue();
    world.lose("c", "d/c");
    assertThat(shown(world, "a").safeToStop()).as("one copy is left beside it").isFalse();
  }

  @Test
  void safeToStop_ofAWorkerWhoseDiskNobodyKnows_isFalse() {
    SmallWorld world = twoOfThree();
    assertThat(leaving(world, "c").safeToStop()).as("it is empty").isTrue();
    world.status("c", WorkerStatus.DEPARTED);
    world.schedule();
    world.register("c");
    assertThat(leaving(world, "c").all()).isEqualTo(Part.NONE);
    assertThat(leaving(world, "c").safeToStop()).isFalse();
    world.inventory("c");
    world.schedule();
    assertThat(leaving(world, "c").safeToStop()).isTrue();
  }

  @Test
  void removedChunk_goesWithItsWindow() {
    SmallWorld world = twoOfThree();
    world.status("a", WorkerStatus.LEAVING);
    world.remove("d/c");
    assertThat(leaving(world, "a").drainWindow()).isEqualTo(ONE);
    world.publish();
    assertThat(leaving(world, "a").drainWindow()).isEqualTo(ONE);
  }

  @Test
  void words_nameEveryPartThatIsNotEmpty() {
    Part two = new Part(2, 20);
    List<StuckPart> stuck = List.of(new StuckPart(Hindrance.NO_ROOM, ONE));
    WorkerId a = WorkerId.of("a");
    assertThat(new Leaving(a, WorkerStatus.LEAVING, two, two, two, two, stuck, two, false).lines())
        .containsExactly(
            "2 replicas, 20 bytes: to be copied elsewhere first",
            "2 replicas, 20 bytes: copied elsewhere, until a cycle confirms the copies",
            "2 replicas, 20 bytes: readable until the drain window ends",
            "2 replicas, 20 bytes: held back by the movement budget, or by missing room",
            "1 replica, 1048576 bytes: stuck: no_room",
            "2 replicas, 20 bytes: wanted on this worker",
            "it may not be switched off yet");
  }

  @Test
  void part_ofFewerThanNothing_isRefused() {
    assertThatThrownBy(() -> new Part(-1, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("-1 replicas");
  }
}
