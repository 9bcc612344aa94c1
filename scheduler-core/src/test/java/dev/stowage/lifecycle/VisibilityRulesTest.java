package dev.stowage.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.model.WorkerStatus;
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
}
