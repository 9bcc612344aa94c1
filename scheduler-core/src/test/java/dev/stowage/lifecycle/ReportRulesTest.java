package dev.stowage.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.model.ChunkNumber;
import dev.stowage.model.Incarnation;
import dev.stowage.model.Lineage;
import dev.stowage.model.WorkerAssignmentId;
import dev.stowage.model.WorkerId;
import dev.stowage.model.WorkerStatus;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Section 2 of the lifecycle design: what workers say, and what is believed. */
class ReportRulesTest {
  @Test
  void report_isRefusedInTheOrderOfSectionNine() {
    SmallWorld world = placed();
    assertThat(send(world, "x", 1, 7, 1, 1)).isEqualTo(ResultCode.UNKNOWN_WORKER);
    world.disk("a").diskId = "another";
    world.register("a");
    assertThat(send(world, "a", 1, 99, 5, 9)).isEqualTo(ResultCode.OLD_INCARNATION);
    assertThat(send(world, "a", 2, 99, 5, 9)).isEqualTo(ResultCode.FOREIGN_LINEAGE);
    assertThat(send(world, "a", 3, 7, 5, 1)).isEqualTo(ResultCode.FROM_THE_FUTURE);
    assertThat(send(world, "a", 2, 7, 5, 9)).isEqualTo(ResultCode.FROM_THE_FUTURE);
    assertThat(send(world, "a", 2, 7, 5, 1)).isEqualTo(ResultCode.ACCEPTED);
    assertThat(send(world, "a", 2, 7, 5, 1)).isEqualTo(ResultCode.STALE);
    assertThat(send(world, "a", 2, 7, 6, 0)).isEqualTo(ResultCode.STALE);
  }

  @Test
  void knownDisk_keepsAll_anotherOneIsANewIncarnationThatPossessesNothing() {
    SmallWorld world = placed();
    assertThat(world.register("a").incarnation()).isEqualTo(Incarnation.of(1));
    assertThat(world.state.possessed(world.replica("d/c", "a"))).isTrue();
    world.disk("a").diskId = "another";
    assertThat(world.register("a").incarnation()).isEqualTo(Incarnation.of(2));
    int slot = world.replica("d/c", "a");
    assertThat(world.state.replicaState(slot)).isEqualTo(ReplicaState.ASSIGNED);
    assertThat(world.state.possessed(slot)).isFalse();
    assertThat(world.state.readable(slot, world.now)).isFalse();
    assertThat(world.state.lastApplied(world.state.workerPosition(WorkerId.of("a")))).isEqualTo(-1);
    Result.Published published = world.publish();
    assertThat(published.minted()).isPresent();
    assertThat(world.routes("d/c")).containsExactly("b");
    assertThat(world.schedule().minted()).as("the incarnation is published").isPresent();
  }

  @Test
  void inventoryOfBeforeADeparture_neitherEndsItNorPaysForIt() {
    SmallWorld world = placed();
    int a = world.state.workerPosition(WorkerId.of("a"));
    world.inventory("a");
    world.status("a", WorkerStatus.DEPARTED);
    world.schedule();
    assertThat(world.state.worker(a).status()).isEqualTo(WorkerStatus.DEPARTED);
    assertThat(world.holders("d/c")).containsExactly("b");
    world.register("a");
    world.inventory("a");
    world.status("a", WorkerStatus.DEPARTED);
    world.register("a");
    world.schedule();
    assertThat(world.state.owesInventory(a)).isTrue();
  }

  @Test
  void newLineage_pausesEveryDeletion_andCountsNobodyBeforeItsInventory() {
    SmallWorld world = placed();
    world.run(new Command.BeginLineage(Lineage.of(8)));
    int a = world.state.workerPosition(WorkerId.of("a"));
    assertThat(world.state.isCounted(a)).isFalse();
    assertThat(world.routes("d/c")).containsExactly("a", "b");
    assertThat(world.applied("a", 1)).isEqualTo(ResultCode.FOREIGN_LINEAGE);
    world.status("b", WorkerStatus.DEPARTED);
    world.now = 4;
    world.schedule();
    assertThat(world.holders("d/c")).contains("b");
    world.disk("a").lineage = Lineage.of(8);
    assertThat(world.applied("a", 1)).isEqualTo(ResultCode.INVENTORY_WANTED);
    world.disk("a").bytes.add(new ChunkNumber(Lineage.of(55), 3));
    assertThat(world.inventory("a")).isEqualTo(ResultCode.ACCEPTED);
    Result.Scheduled cycle = world.schedule();
    assertThat(world.state.isCounted(a)).isTrue();
    assertThat(cycle.unknownBytes()).containsExactly(WorkerId.of("a"));
    assertThat(world.state.workerAssignment().slice(WorkerId.of("a")).orElseThrow().keep())
        .hasSize(1);
    world.now = world.state.workerAssignment().deleteFromTick();
    world.schedule();
    assertThat(world.holders("d/c")).doesNotContain("b");
  }

  private static SmallWorld placed() {
    SmallWorld world = SmallWorld.of(2).workers(10, "a", "b");
    world.ingest("d/c", 0, 9);
    world.schedule();
    world.fetchAll();
    world.publish();
    return world;
  }

  private static ResultCode send(
      SmallWorld world, String worker, long incarnation, long lineage, long number, long id) {
    ReportHeader header =
        new ReportHeader(
            WorkerId.of(worker), Incarnation.of(incarnation), Lineage.of(lineage), number);
    return world.run(new Command.Applied(header, WorkerAssignmentId.of(id), List.of())).code();
  }
}
