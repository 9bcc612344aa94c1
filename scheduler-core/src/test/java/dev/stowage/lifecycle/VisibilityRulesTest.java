package dev.stowage.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.lifecycle.rows.CommandCodec;
import dev.stowage.model.DatasetId;
import dev.stowage.model.Eligibility;
import dev.stowage.model.Tick;
import dev.stowage.model.WorkerId;
import dev.stowage.model.WorkerStatus;
import dev.stowage.placement.WeightPolicy;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/** Section 4 of the lifecycle design, sentence by sentence. */
class VisibilityRulesTest {
  @Test
  void promotion_wantsTheFloorPossessedOnCountedWorkers() {
    SmallWorld world = SmallWorld.of(2).workers(10, "a", "b");
    world.ingest("d/c", 0, 9);
    world.schedule();
    world.fetch("a");
    world.publish();
    assertThat(world.visible("d")).isEmpty();
    world.fetch("b");
    world.status("b", WorkerStatus.SUSPECT);
    world.publish();
    assertThat(world.visible("d")).as("reported before it was suspected").isEmpty();
    world.fetch("b");
    world.publish();
    assertThat(world.visible("d")).as("a report ends the suspicion").containsExactly("c");
  }

  @Test
  void promotion_withoutGates_wantsOneConfirmedReplica() {
    SmallWorld world = new SmallWorld(c -> c.minReplication(2).gates(Gates.NONE));
    world.workers(10, "a", "b");
    world.ingest("d/c", 0, 9);
    world.schedule();
    world.publish();
    assertThat(world.visible("d")).isEmpty();
    world.fetch("a");
    world.publish();
    assertThat(world.routes("d/c")).containsExactly("a");
  }

  @Test
  void newReplica_isRoutedOnlyOnceConfirmed() {
    SmallWorld world = SmallWorld.of(1).workers(10, "a");
    world.ingest("d/c", 0, 9);
    world.settle();
    world.workers(10, "b");
    world.schedule();
    world.publish();
    assertThat(world.routes("d/c")).containsExactly("a");
  }

  @Test
  void droppedChunk_staysUntilItsWindowEnds_andNotLonger() {
    SmallWorld world = SmallWorld.of(1).workers(10, "a");
    world.ingest("d/c", 0, 9);
    world.settle();
    assertThat(world.remove("d/c")).isEqualTo(ResultCode.MARKED);
    long dropped = world.now;
    world.publish();
    assertThat(world.chunkState("d/c")).isEqualTo(ChunkState.DROPPED);
    world.now = dropped + 4;
    world.schedule();
    assertThat(world.holders("d/c")).containsExactly("a");
    world.now = dropped + 5;
    world.schedule();
    assertThat(world.holders("d/c")).isEmpty();
    assertThat(world.chunkState("d/c")).isEqualTo(ChunkState.TOMBSTONE);
  }

  @Test
  void window_beginsAtTheCommit() {
    SmallWorld world = SmallWorld.of(1).workers(10, "a");
    world.ingest("d/c", 0, 9);
    world.settle();
    world.remove("d/c");
    long dropped = world.now;
    world.run(new Command.Publish(dropped + 3));
    world.now = dropped + 7;
    world.schedule();
    assertThat(world.chunkState("d/c")).isEqualTo(ChunkState.DROPPED);
    world.now = dropped + 8;
    world.schedule();
    assertThat(world.chunkState("d/c")).isEqualTo(ChunkState.TOMBSTONE);
  }

  @Test
  void loweredWindow_countsOnlyOnceTheOldOneHasPassed() {
    SmallWorld world = SmallWorld.of(1).workers(10, "a");
    world.now = 100;
    world.schedule();
    world.run(
        new Command.Configure(
            Command.ANY_VERSION, world.state.config().toBuilder().drainWindowTicks(2).build()));
    assertThat(world.state.windowTicks(104)).isEqualTo(5);
    assertThat(world.state.windowTicks(105)).isEqualTo(2);
    world.run(
        new Command.Configure(
            Command.ANY_VERSION, world.state.config().toBuilder().drainWindowTicks(9).unchecked()));
    assertThat(world.state.windowTicks(100)).isEqualTo(9);
  }

  @Test
  void formerWindow_untilACycleHasSeenItsEnd_stillCounts() {
    SmallWorld world = SmallWorld.of(1).workers(10, "a");
    world.now = 100;
    world.schedule();
    lower(world, 2);
    world.now = 106;
    lower(world, 1);
    assertThat(world.state.windowTicks(104)).isEqualTo(5);
    assertThat(world.state.windowTicks(107)).isEqualTo(2);
    assertThat(world.state.windowTicks(108)).isEqualTo(1);
  }

  private static void lower(SmallWorld world, long windowTicks) {
    LifecycleConfig config =
        world.state.config().toBuilder().drainWindowTicks(windowTicks).unchecked();
    world.run(new Command.Configure(Command.ANY_VERSION, config));
  }

  @Test
  void markedChunkThatWasNeverSeen_becomesATombstoneAtTheNextSchedule() {
    SmallWorld world = SmallWorld.of(1).workers(10, "a");
    world.ingest("d/c", 0, 9);
    world.schedule();
    world.remove("d/c");
    world.publish();
    assertThat(world.chunkState("d/c")).isEqualTo(ChunkState.ADMITTED);
    world.schedule();
    assertThat(world.chunkState("d/c")).isEqualTo(ChunkState.TOMBSTONE);
    assertThat(world.holders("d/c")).isEmpty();
  }

  @Test
  void drainOfALeavingWorker_waitsForTheConfirmedReplacement() {
    SmallWorld world = SmallWorld.of(2).workers(1, "a", "b");
    world.ingest("d/c", 0, 9);
    world.settle();
    world.workers(1, "z");
    world.status("a", WorkerStatus.LEAVING);
    world.now++;
    world.schedule();
    assertThat(world.replicas("d/c"))
        .containsEntry("a", ReplicaState.SUPERSEDED)
        .containsEntry("z", ReplicaState.ASSIGNED);
    world.publish();
    assertThat(world.routes("d/c")).containsExactly("a", "b");
    assertThat(
            LifecycleExplanation.whyDrainHeld(world.state, SmallWorld.key("d/c"), WorkerId.of("a"))
                .reasons())
        .containsExactly("1 of 2 wanted replicas are routed; it serves until they are");
    world.fetch("z");
    Result.Published released = world.publish();
    assertThat(released.released()).isEqualTo(1);
    assertThat(world.routes("d/c")).containsExactly("b", "z");
    assertThat(world.replicas("d/c")).containsEntry("a", ReplicaState.DRAINING);
    long end = world.now + 5;
    world.now = end - 1;
    world.schedule();
    assertThat(world.holders("d/c")).contains("a");
    world.now = end;
    world.schedule();
    assertThat(world.holders("d/c")).containsExactly("b", "z");
  }

  @Test
  void lossAfterTheRelease_recallsWhatDrains() {
    SmallWorld world = SmallWorld.of(2).workers(1, "a", "b");
    world.ingest("d/c", 0, 9);
    world.settle();
    world.workers(1, "z");
    world.now++;
    world.handOver("a", "z");
    assertThat(world.replicas("d/c")).containsEntry("a", ReplicaState.DRAINING);
    world.lose("z", "d/c");
    Result.Published published = world.publish();
    assertThat(published.recalled()).isEqualTo(1);
    assertThat(world.routes("d/c")).containsExactly("a", "b");
    assertThat(world.replicas("d/c")).containsEntry("a", ReplicaState.SUPERSEDED);
  }

  @Test
  void chunkOfAFreedRange_isPromotedInTheCycleThatDropsTheOneBeforeIt() {
    SmallWorld world = SmallWorld.of(1).workers(10, "a");
    world.ingest("d/c", 0, 9);
    world.round();
    world.remove("d/c");
    world.ingest("d/e", 5, 14);
    world.schedule();
    world.fetchAll();
    Result.Published cycle = world.publish();
    assertThat(cycle.promoted()).containsExactly(SmallWorld.key("d/e"));
    assertThat(cycle.dropped()).containsExactly(SmallWorld.key("d/c"));
    assertThat(world.visible("d")).containsExactly("e");
  }

  @Test
  void quorumOfNobody_isTheNewestAssignment() {
    SmallWorld world =
        new SmallWorld(c -> c.confirmation(ConfirmationPolicy.quorum(0)).gates(Gates.NONE));
    world.workers(10, "a", "b");
    world.ingest("d/c", 0, 9);
    world.schedule();
    world.fetch("a");
    world.ingest("d/e", 10, 19);
    world.schedule();
    world.publish();
    assertThat(world.state.watermark()).isEqualTo(2);
    assertThat(world.routes("d/c")).containsExactly("a");
    assertThat(world.routes("d/e")).containsExactly("a");
  }

  @Test
  void quorum_confirmsByTheWatermark_whichNeverFalls() {
    SmallWorld world =
        new SmallWorld(
            c -> c.minReplication(1).gates(Gates.NONE).confirmation(ConfirmationPolicy.quorum(50)));
    world.workers(10, "a", "b");
    world.ingest("d/c", 0, 9);
    world.schedule();
    world.fetch("a");
    world.publish();
    assertThat(world.state.watermark()).isEqualTo(1);
    world.status("a", WorkerStatus.DEPARTED);
    world.publish();
    assertThat(world.state.watermark()).isEqualTo(1);
  }

  @Test
  void visibleChunkWithoutRoute_isListedAndNeverHidden() {
    SmallWorld world = SmallWorld.of(1).workers(10, "a");
    world.ingest("d/c", 0, 9);
    world.settle();
    world.status("a", WorkerStatus.DEPARTED);
    Result.Published published = world.publish();
    assertThat(published.unavailable()).containsExactly(SmallWorld.key("d/c"));
    assertThat(world.visible("d")).containsExactly("c");
    assertThat(world.state.portalAssignment().unavailable()).hasSize(1);
    assertThat(world.publish().unavailable()).containsExactly(SmallWorld.key("d/c"));
  }

  @Test
  void tickThatGoesBack_isReplacedByTheLargestSeen_andCounted() {
    SmallWorld world = SmallWorld.of(1).workers(10, "a");
    world.now = 50;
    world.schedule();
    world.schedule();
    assertThat(world.state.backwardTicks()).isZero();
    world.now = 20;
    assertThat(world.publish().tick()).isEqualTo(Tick.of(50));
    assertThat(world.state.backwardTicks()).isEqualTo(1);
  }

  @Test
  void explanation_saysWhatAHiddenChunkLacks() {
    SmallWorld world = SmallWorld.of(2).workers(10, "a", "b");
    world.ingest("d/c", 0, 9);
    assertThat(why(world, "d/c")).contains("no worker has been told to hold it");
    world.schedule();
    world.fetch("a");
    world.publish();
    assertThat(why(world, "d/c"))
        .containsExactly(
            "1 replica is possessed on counted workers; the floor is 2",
            "b has applied nothing; it is to hold the replica since 1");
    world.fetch("b");
    world.publish();
    assertThat(why(world, "d/c")).isEmpty();
    world.swap("d", List.of("c"), SmallWorld.chunk("d/n", 0, 9));
    world.swap("d", List.of("n"), SmallWorld.chunk("d/o", 0, 9));
    assertThat(LifecycleExplanation.whySwapWaits(world.state, 2).reasons())
        .contains("swap 1 still has to produce d/n");
  }

  private static List<String> why(SmallWorld world, String path) {
    return LifecycleExplanation.whyNotVisible(world.state, SmallWorld.key(path)).reasons();
  }

  @Test
  void floorOfTheNewestBlocks_slidesWithTheDataset() {
    WeightPolicy policy =
        WeightPolicy.builder()
            .segment(
                DatasetId.of("d"),
                new WeightPolicy.Segment(-10, 4, OptionalInt.of(2), Eligibility.ANY))
            .build();
    SmallWorld world = new SmallWorld(c -> c.minReplication(1).weights(policy));
    world.workers(10, "a");
    world.ingest("d/c", 0, 9);
    world.settle();
    assertThat(world.visible("d")).as("one worker cannot hold a floor of two").isEmpty();
    world.ingest("d/n", 10, 19);
    world.settle();
    assertThat(world.visible("d")).containsExactly("c");
    int newest = world.state.chunkPosition(SmallWorld.key("d/n"));
    assertThat(world.state.floor(newest)).isEqualTo(2);
    assertThat(world.state.weight(newest)).isEqualTo(4);
    Command<?> configure = new Command.Configure(Command.ANY_VERSION, world.state.config());
    assertThat(CommandCodec.fromBytes(CommandCodec.toBytes(configure))).isEqualTo(configure);
  }
}
