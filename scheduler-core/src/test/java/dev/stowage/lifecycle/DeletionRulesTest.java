package dev.stowage.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.answer.ChunkStatus.ChunkState;
import dev.stowage.command.Command;
import dev.stowage.command.PlacementWish;
import dev.stowage.command.Result;
import dev.stowage.command.own.LeaderCommand;
import dev.stowage.lifecycle.answering.Explainer;
import dev.stowage.lifecycle.rows.ChunkRow;
import dev.stowage.model.Lineage;
import dev.stowage.model.WorkerId;
import dev.stowage.model.WorkerStatus;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Section 2: what may be deleted, and what is left of a chunk, a disk or a worker that ends. */
class DeletionRulesTest {
  private static PlacementWish ban(String chunk, String worker) {
    return PlacementWish.of(PlacementWish.Kind.BAN, SmallWorld.key(chunk), WorkerId.of(worker));
  }

  private static void wish(SmallWorld world, PlacementWish wish) {
    assertThat(world.run(new Command.Wish(wish, Command.ANY_VERSION)).isAccepted()).isTrue();
  }

  private static ChunkRow row(SmallWorld world, String path) {
    return world.state.chunkRow(world.state.chunkPosition(SmallWorld.key(path)));
  }

  /** A worker that is to leave may be switched off: it makes up for no deletion elsewhere. */
  @Test
  void deletion_onAWorkerThatStays_waitsForAnotherThatStays() {
    SmallWorld world = SmallWorld.of(1).workers(10, "a");
    world.ingest("d/c", 0, 9);
    world.schedule();
    world.fetch("a");
    world.workers(10, "b");
    wish(world, ban("d/c", "a"));
    world.schedule();
    world.fetch("b");
    world.workers(10, "c");
    world.status("b", WorkerStatus.LEAVING);
    assertThat(world.schedule().heldDeletions()).isEqualTo(1);
    assertThat(
            Explainer.whyDrainHeld(world.state, SmallWorld.key("d/c"), WorkerId.of("a"), List.of())
                .lines())
        .anyMatch(reason -> reason.contains("too few possessed replicas that last"));
    assertThat(world.schedule().heldDeletions()).isEqualTo(1);
    assertThat(world.holders("d/c")).containsExactly("a", "c");
    world.fetch("c");
    world.schedule();
    assertThat(world.holders("d/c")).containsExactly("c");
  }

  /** Tests an unproved replica: it is deleted, but not while no counted worker has the chunk. */
  @Test
  void unprovedReplica_goes_unlessNobodyWhoCountsHasTheChunk() {
    SmallWorld world = SmallWorld.of(1).workers(10, "a");
    world.ingest("d/c", 0, 9);
    world.settle();
    world.workers(10, "b");
    world.schedule();
    wish(world, ban("d/c", "b"));
    world.schedule();
    assertThat(world.replicas("d/c")).containsEntry("b", ReplicaState.SUPERSEDED);
    world.status("a", WorkerStatus.SUSPECT);
    assertThat(world.schedule().heldDeletions()).isEqualTo(1);
    assertThat(world.holders("d/c")).containsExactly("a", "b");
    world.run(new Command.Heartbeat(world.header("a")));
    assertThat(world.schedule().movement().settled()).isEqualTo(1);
    assertThat(world.holders("d/c")).containsExactly("a");
  }

  /** It is worth nothing, so that what is wanted there again is another replica. */
  @Test
  void unwantedReplica_ofAReplacedDisk_isNotTakenBack() {
    SmallWorld world = SmallWorld.of(1).workers(10, "a");
    world.ingest("d/c", 0, 9);
    world.settle();
    world.workers(10, "b");
    world.status("a", WorkerStatus.LEAVING);
    world.schedule();
    assertThat(world.replicas("d/c")).containsEntry("a", ReplicaState.SUPERSEDED);
    world.disk("a").diskId = "another";
    world.disk("a").bytes.clear();
    world.register("a");
    world.status("a", WorkerStatus.ACTIVE);
    Result.Scheduled cycle = world.schedule();
    assertThat(cycle.movement().added()).isEqualTo(1);
    assertThat(cycle.movement().readopted()).isZero();
    long minted = cycle.minted().orElseThrow().value();
    assertThat(world.state.since(world.replica("d/c", "a"))).isEqualTo(minted);
  }

  @Test
  void lossesOfOneCycle_areRememberedByTheirTicks() {
    SmallWorld world =
        new SmallWorld(c -> c.minReplication(1).regrowAfterTicks(50)).workers(10, "a", "b", "c");
    world.ingest("d/c", 0, 9);
    world.settle();
    long first = world.now;
    world.status("b", WorkerStatus.DEPARTED);
    world.now = first + 2;
    world.status("a", WorkerStatus.DEPARTED);
    world.schedule();
    assertThat(world.holders("d/c")).containsExactly("c");
    assertThat(row(world, "d/c").lostTicks()).containsExactly(first, first + 2);
  }

  @Test
  void endOfAChunk_waitsForAPauseThatIsLongerThanItsWindow_ifItHasReplicas() {
    SmallWorld world = SmallWorld.of(1).workers(10, "a");
    world.ingest("d/c", 0, 9);
    world.settle();
    world.ingest("d/never", 10, 19);
    world.remove("d/c");
    world.publish();
    long dropped = world.now;
    world.now = dropped + 2;
    world.run(new LeaderCommand.BeginLineage(Lineage.of(8)));
    world.remove("d/never");
    for (long tick = dropped + 5; tick < dropped + 7; tick++) {
      world.now = tick;
      world.schedule();
      assertThat(world.chunkState("d/never")).isEqualTo(ChunkState.TOMBSTONE);
      assertThat(world.chunkState("d/c")).isEqualTo(ChunkState.DROPPED);
      assertThat(world.holders("d/c")).containsExactly("a");
    }
    world.now = dropped + 7;
    world.schedule();
    assertThat(world.chunkState("d/c")).isEqualTo(ChunkState.TOMBSTONE);
    assertThat(List.copyOf(world.holders("d/c"))).isEmpty();
  }
}
