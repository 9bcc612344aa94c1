package dev.stowage.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.command.Command;
import dev.stowage.command.own.LeaderCommand;
import dev.stowage.config.ConfirmationPolicy;
import dev.stowage.lifecycle.answering.Explainer;
import dev.stowage.model.Lineage;
import dev.stowage.model.WorkerId;
import dev.stowage.model.WorkerStatus;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Every cause of a wait is named, with the numbers. */
class LifecycleExplanationTest {
  private static List<String> notVisible(SmallWorld world, String path) {
    return Explainer.whyNotVisible(world.state, SmallWorld.key(path)).lines();
  }

  private static List<String> held(SmallWorld world, String path, String worker) {
    return Explainer.whyDrainHeld(world.state, SmallWorld.key(path), WorkerId.of(worker), List.of())
        .lines();
  }

  @Test
  void chunk_thatNobodyHolds_saysSo() {
    SmallWorld world = SmallWorld.of(2).workers(10, "a", "b");
    world.ingest("d/c", 0, 9);
    assertThat(notVisible(world, "d/c"))
        .containsExactly(
            "no worker has been told to hold it",
            "0 replicas are possessed on counted workers; the floor is 2");
    assertThat(notVisible(world, "d/nobody")).containsExactly("it is unknown");
  }

  @Test
  void chunk_belowItsGate_namesWhomItWaitsFor() {
    SmallWorld world = SmallWorld.of(3).workers(10, "a", "b", "c");
    world.ingest("d/c", 0, 9);
    world.schedule();
    long since = world.state.since(world.replica("d/c", "a"));
    world.fetch("a");
    world.status("c", WorkerStatus.SUSPECT);
    world.publish();
    assertThat(notVisible(world, "d/c"))
        .containsExactly(
            "1 replica is possessed on counted workers; the floor is 3",
            "b has applied nothing; it is to hold the replica since " + since,
            "c is SUSPECT");
    world.fetchExcept("b", "d/c");
    world.publish();
    assertThat(notVisible(world, "d/c")).contains("b misses it since tick 0");
    world.run(new LeaderCommand.BeginLineage(Lineage.of(8)));
    assertThat(notVisible(world, "d/c")).contains("a owes its inventory");
  }

  @Test
  void chunk_thatPassesTheGate_hasNoReasonLeft() {
    SmallWorld world = SmallWorld.of(1).workers(10, "a");
    world.ingest("d/c", 0, 9);
    world.schedule();
    world.fetch("a");
    world.publish();
    assertThat(notVisible(world, "d/c")).isEmpty();
  }

  @Test
  void chunk_thatIsNoLongerThere_saysSinceWhen() {
    SmallWorld world = new SmallWorld(c -> c.minReplication(1).drainWindowTicks(4));
    world.workers(10, "a");
    world.ingest("d/c", 0, 9);
    world.settle();
    world.remove("d/c");
    world.publish();
    long end = world.now + 4;
    assertThat(notVisible(world, "d/c"))
        .containsExactly(
            "it was dropped; its drain window ends at tick " + end + "; now is tick " + world.now);
    assertThat(held(world, "d/c", "a"))
        .containsExactly(
            "the chunk was dropped, and portals may ask for it until tick "
                + end
                + "; now is tick "
                + world.now);
    world.settle();
    assertThat(notVisible(world, "d/c")).containsExactly("it is TOMBSTONE since tick " + end);
  }

  @Test
  void offeredAndRejectedChunks_sayWhoWon() {
    SmallWorld world = SmallWorld.of(1).workers(10, "a");
    world.offer("d/x", 0, 9);
    world.offer("d/y", 5, 14);
    assertThat(notVisible(world, "d/y"))
        .containsExactly("it is offered since tick 0, not admitted yet");
    world.schedule();
    assertThat(notVisible(world, "d/y")).containsExactly("it was rejected at tick 0 by d/x");
  }

  @Test
  void swap_namesItsChunksItsPredecessorsAndItsEnd() {
    SmallWorld world = SmallWorld.of(1).workers(10, "a");
    world.ingest("d/A", 0, 9);
    world.settle();
    world.swap("d", List.of("A"), SmallWorld.chunk("d/B", 0, 9));
    world.swap("d", List.of("B"), SmallWorld.chunk("d/C", 0, 9));
    assertThat(Explainer.whySwapWaits(world.state, 2).lines())
        .contains("d/C: no worker has been told to hold it", "swap 1 still has to produce d/B");
    assertThat(notVisible(world, "d/C"))
        .contains(
            "it is on the new side of swap 2, which has not fired",
            "swap 2: swap 1 still has to produce d/B");
    world.run(new Command.CancelSwap(2));
    assertThat(Explainer.whySwapWaits(world.state, 2).lines())
        .containsExactly("it was cancelled at tick " + world.now);
    assertThat(notVisible(world, "d/C")).contains("it is marked for removal");
    world.settle();
    assertThat(Explainer.whySwapWaits(world.state, 1).lines()).isEmpty();
    assertThat(Explainer.whySwapWaits(world.state, 9).lines()).containsExactly("it is unknown");
  }

  @Test
  void supersededReplica_servesUntilTheReplacementDoes() {
    SmallWorld world = new SmallWorld(c -> c.minReplication(1).drainWindowTicks(3));
    world.workers(10, "a");
    world.ingest("d/c", 0, 9);
    world.settle();
    assertThat(held(world, "d/c", "a")).containsExactly("the plan wants it there");
    world.workers(10, "b");
    world.status("a", WorkerStatus.LEAVING);
    world.schedule();
    assertThat(held(world, "d/c", "a"))
        .containsExactly("0 of 1 wanted replicas are routed; it serves until they are");
    world.fetch("b");
    world.publish();
    assertThat(held(world, "d/c", "a"))
        .containsExactly(
            "portals may ask for it until tick " + (world.now + 3) + "; now is tick " + world.now);
    world.now += 3;
    world.schedule();
    assertThat(held(world, "d/c", "a")).isEmpty();
    assertThat(held(world, "d/nobody", "a")).containsExactly("d/nobody is unknown");
    assertThat(held(world, "d/c", "z")).containsExactly("z is unknown");
  }

  @Test
  void unreadableReplica_thatTheDeletionRuleHolds_saysWhatWouldBeLeft() {
    SmallWorld world = new SmallWorld(c -> c.minReplication(2).drainWindowTicks(1));
    world.workers(10, "a", "b", "c");
    world.ingest("d/c", 0, 9);
    world.settle();
    String leaver = world.holders("d/c").iterator().next();
    world.status(leaver, WorkerStatus.LEAVING);
    world.schedule();
    world.fetchAll();
    world.publish();
    assertThat(world.replicas("d/c")).containsEntry(leaver, ReplicaState.DRAINING);
    String other = world.holders("d/c").stream().filter(it -> !it.equals(leaver)).findFirst().get();
    world.status(other, WorkerStatus.SUSPECT);
    world.now += 1;
    world.publish();
    assertThat(held(world, "d/c", leaver))
        .containsExactly(
            "1 possessed replicas would be left on counted workers, but the deletion rule wants 2:"
                + " the lesser of the floor, 2, and of the 3 on present ones");
  }

  @Test
  void pauseOfALineage_saysUntilWhen() {
    SmallWorld world =
        new SmallWorld(c -> c.minReplication(1).drainWindowTicks(1).lineagePauseTicks(50));
    world.workers(10, "a", "b");
    world.ingest("d/c", 0, 9);
    world.settle();
    String holder = world.holders("d/c").iterator().next();
    world.run(new LeaderCommand.BeginLineage(Lineage.of(8)));
    long until = world.state.workerAssignment().deleteFromTick();
    for (String name : List.of("a", "b")) {
      world.register(name);
      world.inventory(name);
    }
    world.status(holder, WorkerStatus.LEAVING);
    world.schedule();
    world.fetchAll();
    world.publish();
    world.now += 1;
    world.publish();
    assertThat(held(world, "d/c", holder))
        .containsExactly(
            "nothing is deleted in the pause after the lineage began, until tick "
                + until
                + "; now is tick "
                + world.now);
  }

  @Test
  void namedReplica_ofADepartedWorker_waitsForAVisibilityCycle() {
    SmallWorld world = new SmallWorld(c -> c.minReplication(1).drainWindowTicks(3));
    world.workers(10, "a");
    world.ingest("d/c", 0, 9);
    world.settle();
    world.workers(10, "b");
    world.status("a", WorkerStatus.LEAVING);
    world.schedule();
    world.status("a", WorkerStatus.DEPARTED);
    assertThat(held(world, "d/c", "a"))
        .containsExactly(
            "portal assignment "
                + world.state.newestPortalAssignment()
                + " names it, and no visibility cycle has run since");
    world.publish();
    assertThat(held(world, "d/c", "a"))
        .containsExactly(
            "portals may ask for it until tick " + (world.now + 3) + "; now is tick " + world.now);
  }

  @Test
  void release_onASuspectWorker_isAnsweredByReplacementsAnywhere() {
    SmallWorld world = new SmallWorld(c -> c.minReplication(2).drainWindowTicks(3));
    world.workers(10, "a", "b");
    world.ingest("d/c", 0, 9);
    world.settle();
    world.workers(10, "e", "f");
    world.status("a", WorkerStatus.LEAVING);
    world.schedule();
    assertThat(held(world, "d/c", "a"))
        .containsExactly("1 of 2 wanted replicas are routed; it serves until they are");
    world.status("b", WorkerStatus.SUSPECT);
    assertThat(held(world, "d/c", "a"))
        .containsExactly("0 of 2 wanted replicas are routed; it serves until they are");
    world.status("a", WorkerStatus.SUSPECT);
    assertThat(held(world, "d/c", "a"))
        .containsExactly("1 of 2 wanted replicas are routed; it serves until they are");
  }

  @Test
  void release_underAQuorum_waitsForTheWatermark() {
    SmallWorld world =
        new SmallWorld(c ->
            c.minReplication(1).drainWindowTicks(3).confirmation(ConfirmationPolicy.quorum(100)));
    world.workers(10, "a", "b");
    world.ingest("d/c", 0, 9);
    world.settle();
    assertThat(world.holders("d/c")).containsExactly("a", "b");
    world.status("a", WorkerStatus.LEAVING);
    world.ingest("d/e", 10, 19);
    long mark = world.state.newestWorkerAssignment().value();
    world.schedule();
    assertThat(held(world, "d/c", "a"))
        .containsExactly(
            "the watermark is "
                + mark
                + ", below assignment "
                + (mark + 1)
                + ", which superseded it");
    world.fetchAll();
    world.schedule();
    assertThat(held(world, "d/c", "a")).isEmpty();
  }

  @Test
  void workerBackWithItsInventory_hasAppliedAssignmentZero() {
    SmallWorld world = SmallWorld.of(2).workers(10, "a", "b");
    world.status("b", WorkerStatus.DEPARTED);
    world.register("b");
    world.inventory("b");
    world.schedule();
    world.ingest("d/c", 0, 9);
    world.schedule();
    long since = world.state.since(world.replica("d/c", "b"));
    assertThat(notVisible(world, "d/c"))
        .containsExactly(
            "no present worker has confirmed it",
            "0 replicas are possessed on counted workers; the floor is 2",
            "a has applied nothing; it is to hold the replica since " + since,
            "b has applied worker assignment 0; it is to hold the replica since " + since);
  }

  /** Tests that the first deletion in canonical order counts as gone for the second. */
  @Test
  void secondOfTwoUnwantedReplicas_isJudgedAfterTheFirst() {
    SmallWorld world = new SmallWorld(c -> c.minReplication(2).drainWindowTicks(1));
    world.workers(10, "a", "b", "c", "e");
    world.ingest("d/c", 0, 9);
    world.settle();
    world.status("a", WorkerStatus.LEAVING);
    world.status("b", WorkerStatus.LEAVING);
    world.round();
    assertThat(world.replicas("d/c"))
        .containsEntry("a", ReplicaState.DRAINING)
        .containsEntry("b", ReplicaState.DRAINING);
    world.status("c", WorkerStatus.SUSPECT);
    world.now += 1;
    world.publish();
    assertThat(held(world, "d/c", "a")).isEmpty();
    assertThat(held(world, "d/c", "b"))
        .containsExactly(
            "1 possessed replicas would be left on counted workers, but the deletion rule wants 2:"
                + " the lesser of the floor, 2, and of the 4 on present ones");
    world.status("e", WorkerStatus.SUSPECT);
    world.status("a", WorkerStatus.SUSPECT);
    assertThat(held(world, "d/c", "b"))
        .containsExactly("no possessed replica would be left on a counted worker");
  }

  @Test
  void onlyCopyThatMayBe_isHeldWhereNobodyPossessesTheChunk() {
    SmallWorld world = new SmallWorld(c -> c.minReplication(1).drainWindowTicks(1));
    world.workers(10, "a");
    world.ingest("d/c", 0, 9);
    world.settle();
    world.workers(10, "b");
    world.status("a", WorkerStatus.LEAVING);
    world.schedule();
    world.lose("a", "d/c");
    world.schedule();
    world.publish();
    world.now += 2;
    world.schedule();
    assertThat(held(world, "d/c", "a"))
        .containsExactly("no counted worker possesses the chunk, and this may be its only copy");
  }
}
