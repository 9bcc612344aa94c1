package dev.stowage.lifecycle.rows;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.command.Command.Coverage;
import dev.stowage.lifecycle.SwapState;
import dev.stowage.lifecycle.rows.ChangeSet.ReplicaRows;
import dev.stowage.lifecycle.state.RowDrafts;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.PortalAssignmentId;
import dev.stowage.model.WorkerAssignmentId;
import java.util.List;
import org.junit.jupiter.api.Test;

class ChangeSetTest {
  private static final ChunkRow CHUNK = RowDrafts.chunk(0, "d", 0, 10);
  private static final ChunkRow OTHER_CHUNK = RowDrafts.chunk(1, "d", 10, 20);
  private static final WorkerRow WORKER = RowDrafts.worker(0, "a");
  private static final WorkerRow OTHER_WORKER = RowDrafts.worker(1, "b");
  private static final FleetRow FLEET = RowDrafts.tables().fleet;

  private static SwapRow swap(long id) {
    List<ChunkKey> old = List.of(ChunkKey.of("d", "c0"));
    List<ChunkKey> fresh = List.of(ChunkKey.of("d", "c1"));
    return new SwapRow(id, old, fresh, Coverage.SAME, SwapState.PENDING, 0, 0);
  }

  private static ReplicaRows replica(int chunk, int worker) {
    return ReplicaRows.builder(1).add(chunk, worker).build();
  }

  private static ChangeSet.Parts tick() {
    return new ChangeSet.Parts().fleet(FLEET).tickOfFleetOnly().marksOnly();
  }

  @Test
  void changeSet_saysAllThatItsPartsSaid() {
    ChangeSet changes =
        new ChangeSet.Parts()
            .chunks(List.of(CHUNK, OTHER_CHUNK))
            .created(1)
            .firstNamedOnly(0)
            .removedChunks(List.of(OTHER_CHUNK))
            .replicas(replica(0, 1))
            .removedReplicas(replica(1, 0))
            .workers(List.of(WORKER, OTHER_WORKER))
            .reportOnly(1)
            .removedWorkers(List.of(OTHER_WORKER))
            .swaps(List.of(swap(1)))
            .removedSwaps(List.of(swap(2)))
            .fleet(FLEET)
            .digests(3, 4)
            .minted(WorkerAssignmentId.of(5))
            .minted(PortalAssignmentId.of(6))
            .build();
    assertThat(changes.chunks()).containsExactly(CHUNK, OTHER_CHUNK);
    assertThat(List.of(changes.isCreated(0), changes.isCreated(1))).containsExactly(false, true);
    assertThat(List.of(changes.isFirstNamedOnly(0), changes.isFirstNamedOnly(1)))
        .containsExactly(true, false);
    assertThat(changes.removedChunks()).containsExactly(OTHER_CHUNK);
    assertThat(changes.replicas().worker(0)).isEqualTo(1);
    assertThat(changes.removedReplicas().worker(0)).isZero();
    assertThat(changes.workers()).containsExactly(WORKER, OTHER_WORKER);
    assertThat(List.of(changes.isReportOnly(0), changes.isReportOnly(1)))
        .containsExactly(false, true);
    assertThat(changes.removedWorkers()).containsExactly(OTHER_WORKER);
    assertThat(changes.swaps()).containsExactly(swap(1));
    assertThat(changes.removedSwaps()).containsExactly(swap(2));
    assertThat(changes.fleet()).contains(FLEET);
    assertThat(changes.digestBefore()).isEqualTo(3);
    assertThat(changes.digestAfter()).isEqualTo(4);
    assertThat(changes.mintedWorkerAssignment()).contains(WorkerAssignmentId.of(5));
    assertThat(changes.mintedPortalAssignment()).contains(PortalAssignmentId.of(6));
    assertThat(changes)
        .hasToString(
            "ChangeSet[2 chunks, 1 replicas, 1 replicas gone, 2 workers, 1 swaps, digest 4]");
  }

  @Test
  void changeSetOfNothing_isStillAChange_unlessItsPartsSayMarksOnly() {
    ChangeSet change = new ChangeSet.Parts().build();
    assertThat(change.isChange()).isTrue();
    assertThat(change.isEmpty()).isFalse();
    assertThat(change.isTickOnly()).isFalse();
    ChangeSet nothing = new ChangeSet.Parts().marksOnly().build();
    assertThat(nothing.isChange()).isFalse();
    assertThat(nothing.isEmpty()).isTrue();
  }

  /** A store may then keep the tick alone, so nothing else may be different. */
  @Test
  void tickOnly_isSaidOnlyWhereTheTickIsAllThatIsDifferent() {
    assertThat(tick().build().isTickOnly()).isTrue();
    assertThat(tick().workers(List.of(WORKER)).build().isTickOnly()).isFalse();
    assertThat(new ChangeSet.Parts().fleet(FLEET).tickOfFleetOnly().build().isTickOnly()).isFalse();
    assertThat(new ChangeSet.Parts().fleet(FLEET).marksOnly().build().isTickOnly()).isFalse();
  }

  @Test
  void marks_areWritten_thoughTheyChangeNothing() {
    assertThat(tick().build().isEmpty()).isFalse();
    assertThat(new ChangeSet.Parts().marksOnly().workers(List.of(WORKER)).build().isEmpty())
        .isFalse();
  }

  @Test
  void builtChangeSet_doesNotFollowItsParts() {
    ChangeSet.Parts parts = new ChangeSet.Parts().chunks(List.of(CHUNK, OTHER_CHUNK));
    ChangeSet built = parts.build();
    parts.created(0).firstNamedOnly(0).reportOnly(0);
    assertThat(built.isCreated(0)).isFalse();
    assertThat(built.isFirstNamedOnly(0)).isFalse();
    assertThat(built.isReportOnly(0)).isFalse();
  }
}
