package dev.stowage.lifecycle.state;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.answer.ChunkStatus.ChunkState;
import dev.stowage.lifecycle.SwapState;
import dev.stowage.lifecycle.rows.FleetRow;
import dev.stowage.lifecycle.rows.SwapRow;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.Lineage;
import dev.stowage.model.WorkerId;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Tests the values derived from rows: sums, work sets, the version that plans go by. */
class TablesTest extends TablesFixture {
  @Test
  void reindex_putsAChunkWhereItsStateBelongs() {
    chunk(0);
    int chunk = chunk(10);
    for (ChunkState state : ChunkState.values()) {
      for (boolean marked : new boolean[] {false, true}) {
        tables.chunks.state(chunk, state.ordinal());
        tables.chunks.flags(chunk, marked ? ChunkTable.MARKED : 0);
        TreeMap<String, Boolean> expected = new TreeMap<>();
        for (String always : List.of("dark", "routes", "touched", "unfed")) {
          expected.put(always, true);
        }
        expected.put("offered", state == ChunkState.OFFERED);
        expected.put("ended", state == ChunkState.TOMBSTONE || state == ChunkState.REJECTED);
        boolean live = state == ChunkState.ADMITTED || state == ChunkState.VISIBLE;
        expected.put("ending", state == ChunkState.DROPPED || (live && marked));
        expected.values().removeIf(belongs -> !belongs);
        assertThat(reindexed(chunk)).isEqualTo(List.copyOf(expected.keySet()));
      }
    }
    clear();
    tables.reindex(7);
    assertThat(holding(7)).as("a place without a chunk").isEmpty();
  }

  @Test
  void reindex_putsAChunkWhereItsReplicasBelong() {
    worker("a");
    int worker = worker("b");
    chunk(0);
    int chunk = chunk(10);
    tables.fleet(it -> it.with(FleetRow.WATERMARK, 4));
    int first = journal().addReplica(chunk, 0, 4);
    int slot = journal().addReplica(chunk, worker, 4);
    assertThat(first).isNotEqualTo(slot);
    assertThat(reindexed(chunk)).containsExactly("dark", "routes", "touched", "unfed");
    journal().since(slot, 5);
    assertThat(reindexed(chunk))
        .containsExactly("dark", "routes", "touched", "unconfirmed", "unfed");
    journal().since(slot, 4);
    tables.replicas.superseded(slot, 5);
    assertThat(reindexed(chunk)).containsExactly("dark", "restless", "routes", "touched", "unfed");
    tables.replicas.superseded(slot, 0);
    tables.replicas.missingSince(slot, 0);
    assertThat(reindexed(chunk)).containsExactly("dark", "missing", "routes", "touched", "unfed");
  }

  @Test
  void waitingBytes_areExactUpToTheLargestLong() {
    tables.chunks.put(RowDrafts.chunk(0, "d", 0, Long.MAX_VALUE));
    tables.chunks.put(RowDrafts.chunk(1, "d", 10, 0x1_0000_0001L));
    tables.waiting(1, 1);
    assertThat(tables.waitingBytes()).isEqualTo(0x1_0000_0001L);
    tables.waiting(0, 1);
    assertThat(tables.waitingChunks()).isEqualTo(2);
    assertThat(tables.waitingBytes()).isEqualTo(Long.MAX_VALUE);
    tables.waiting(0, -1);
    assertThat(tables.waitingChunks()).isEqualTo(1);
    assertThat(tables.waitingBytes()).isEqualTo(0x1_0000_0001L);
  }

  @Test
  void everyWrite_raisesTheVersionThatPlansGoBy() {
    int chunk = chunk(0);
    int other = chunk(10);
    int worker = worker("a");
    Journal journal = journal();
    int slot = journal.addReplica(chunk, worker, 3);
    SwapRow swap = RowDrafts.swap(1, SwapState.PENDING, List.of(), List.of());
    List<Runnable> writes =
        List.of(
            () -> journal.insertChunk(RowDrafts.chunk(2, "d", 20, 5)),
            () -> journal.state(chunk, ChunkState.VISIBLE),
            () -> journal.mark(chunk),
            () -> journal.oncePossessed(chunk),
            () -> journal.nameGone(chunk, WorkerId.of("x")),
            () -> journal.establish(chunk, 5),
            () -> journal.end(chunk, 5),
            () -> journal.losses(chunk, List.of(4L)),
            () -> journal.reject(other, chunk, 4),
            () -> journal.touch(slot),
            () -> journal.addReplica(other, worker, 4),
            () -> journal.removeReplica(slot),
            () -> journal.worker(worker, it -> it),
            () -> journal.insertWorker(RowDrafts.worker(1, "b")),
            () -> journal.putSwap(swap),
            () -> journal.fleet(it -> it),
            () -> journal.removeChunk(2));
    for (int i = 0; i < writes.size(); i++) {
      long before = tables.planVersion;
      writes.get(i).run();
      assertThat(tables.planVersion).as("after write %d", i).isGreaterThan(before);
    }
    long before = tables.planVersion;
    journal.marks(worker, it -> it);
    assertThat(tables.planVersion).as("after marks").isEqualTo(before);
    journal.undo();
    assertThat(tables.planVersion).as("undone").isGreaterThan(before);
    before = tables.planVersion;
    Journal idle = journal();
    idle.marks(worker, it -> it);
    idle.undo();
    assertThat(tables.planVersion).as("nothing undone").isEqualTo(before);
  }

  @Test
  void writes_putTheirChunksAndWorkersIntoTheirSets() {
    worker("a");
    int worker = worker("b");
    chunk(0);
    Journal journal = journal();
    clear();
    int chunk = journal.insertChunk(RowDrafts.chunk(1, "d", 10, 5));
    assertThat(holding(chunk)).containsExactly("unfed");
    clear();
    journal.mark(chunk);
    assertThat(holding(chunk)).containsExactly("ending", "touched", "unfed");
    clear();
    journal.state(chunk, ChunkState.DROPPED);
    assertThat(holding(chunk)).containsExactly("ending", "touched", "unfed");
    clear();
    journal.state(chunk, ChunkState.TOMBSTONE);
    assertThat(holding(chunk)).containsExactly("ended", "touched", "unfed");
    clear();
    journal.state(chunk, ChunkState.REJECTED);
    assertThat(holding(chunk)).containsExactly("ended", "touched", "unfed");
    clear();
    int offered = journal.insertChunk(RowDrafts.chunk(2, "d", 20, 5, ChunkState.OFFERED, null));
    assertThat(holding(offered)).containsExactly("offered", "unfed");
    clear();
    journal.removeChunk(offered);
    assertThat(holding(offered)).containsExactly("unfed");
    clear();
    journal.worker(worker, it -> it);
    assertThat(holding(worker))
        .containsExactly("departed", "headers", "orphaned", "reporting", "unfedWorkers");
    clear();
    journal.marks(worker, it -> it);
    assertThat(holding(worker)).isEmpty();
  }

  @Test
  void replicas_putTheirChunksAndWorkersIntoTheirSets() {
    for (String name : List.of("a", "b", "c")) {
      worker(name);
    }
    chunk(0);
    chunk(10);
    Journal journal = journal();
    clear();
    int slot = journal.addReplica(1, 2, 3);
    long pair = (2L << 32) + 1;
    assertThat(work.pairs.sorted()).containsExactly(pair);
    assertThat(work.touched.toArray()).containsExactly(1);
    assertThat(work.unfed.toArray()).containsExactly(1);
    assertThat(work.unconfirmed.toArray()).containsExactly(1);
    assertThat(work.headers.toArray()).containsExactly(2);
    clear();
    journal.touch(slot);
    assertThat(holding(1)).containsExactly("touched", "unfed");
    assertThat(work.pairs.size()).isZero();
    clear();
    journal.touchAllOn(2);
    assertThat(holding(1)).containsExactly("touched", "unfed");
    journal.touchAllOn(1);
    clear();
    journal.removeReplica(slot);
    assertThat(work.pairs.sorted()).containsExactly(pair);
    assertThat(work.touched.toArray()).containsExactly(1);
    assertThat(work.headers.toArray()).containsExactly(2);
    assertThat(tables.chunks.hasStaleRoutes(1)).isFalse();
  }

  @Test
  void namedReplica_thatGoes_leavesStaleRoutes() {
    int worker = worker("a");
    int chunk = chunk(0);
    Journal journal = journal();
    int slot = journal.addReplica(chunk, worker, 3);
    tables.replicas.flags(slot, ReplicaTable.NAMED);
    journal.removeReplica(slot);
    assertThat(tables.chunks.hasStaleRoutes(chunk)).isTrue();
    assertThat(tables.chunks.goneNames(chunk)).containsExactly(WorkerId.of("a"));
    journal.mark(chunk);
    journal.forgetGone(chunk);
    assertThat(tables.chunks.hasStaleRoutes(chunk)).isFalse();
    assertThat(tables.chunks.isMarked(chunk)).isTrue();
  }

  @Test
  void newestReplica_keepsAWorkerSorted_anOlderOneDoesNot() {
    int worker = worker("a");
    Journal journal = journal();
    for (int i = 0; i < 5; i++) {
      chunk(i * 10L);
    }
    journal.addReplica(0, worker, 3);
    assertThat(tables.workers.isSorted(worker)).isTrue();
    journal.addReplica(1, worker, 3);
    assertThat(tables.workers.isSorted(worker)).isTrue();
    journal.addReplica(2, worker, 2);
    assertThat(tables.workers.isSorted(worker)).isFalse();
    journal.addReplica(3, worker, 9);
    assertThat(tables.workers.isSorted(worker)).isFalse();
    tables.replicas.sortBySince(worker, tables.workers);
    journal.addReplica(4, worker, 10);
    assertThat(tables.workers.isSorted(worker)).isTrue();
  }

  @Test
  void swap_tellsThePlannerOfItsOldSide() {
    chunk(0);
    chunk(10);
    chunk(20);
    SwapRow swap =
        RowDrafts.swap(
            1,
            SwapState.PENDING,
            List.of(ChunkKey.of("d", "c0"), ChunkKey.of("d", "gone"), ChunkKey.of("d", "c10")),
            List.of(ChunkKey.of("d", "c20")));
    Journal journal = journal();
    clear();
    journal.putSwap(swap);
    assertThat(work.unfed.toArray()).containsExactly(0, 1);
    clear();
    journal.undo();
    assertThat(work.unfed.toArray()).containsExactly(0, 1);
    assertThat(tables.swaps.count()).isZero();
    journal().putSwap(swap);
    Journal second = journal();
    clear();
    second.removeSwap(swap);
    assertThat(work.unfed.toArray()).containsExactly(0, 1);
    clear();
    second.undo();
    assertThat(work.unfed.toArray()).containsExactly(0, 1);
    assertThat(tables.swaps.row(1)).isEqualTo(swap);
  }

  @Test
  void drainedSet_isFilledAgain_byUndoing() {
    work.dark.addAll(new int[] {4, 2});
    Journal journal = journal();
    assertThat(journal.drain(work.dark)).containsExactly(4, 2);
    assertThat(work.dark.isEmpty()).isTrue();
    work.dark.add(2);
    work.dark.add(8);
    journal.undo();
    assertThat(RowDrafts.sorted(work.dark)).containsExactly(2, 4, 8);
  }

  @Test
  void lineage_thatBegan_isGoneOnceUndone() {
    Journal journal = journal();
    Lineage fresh = Lineage.of(99);
    tables.chunks.lineage(fresh);
    List<FleetRow.LineageRow> both =
        List.of(tables.fleet.present(), new FleetRow.LineageRow(fresh, 4, 0));
    journal.fleet(it -> it.with(FleetRow.LINEAGES, both));
    assertThat(tables.fleet.lineage()).isEqualTo(fresh);
    journal.undo();
    assertThat(tables.chunks.lineages()).containsExactly(RowDrafts.LINEAGE);
    assertThat(tables.fleet.lineage()).isEqualTo(RowDrafts.LINEAGE);
  }

  @Test
  void chunkThatIsNamedForTheFirstTime_andNoMore_isSaidToBe() {
    int chunk = chunk(0);
    Journal named = journal();
    named.establish(chunk, 4);
    assertThat(named.finish().isFirstNamedOnly(0)).isTrue();
    Journal again = journal();
    again.establish(chunk, 5);
    assertThat(again.finish().isFirstNamedOnly(0)).isFalse();
    List<java.util.function.BiConsumer<Journal, Integer>> more =
        List.of(
            Journal::mark,
            (journal, at) -> journal.state(at, ChunkState.VISIBLE),
            (journal, at) -> journal.end(at, 8),
            (journal, at) -> journal.losses(at, List.of(3L)),
            (journal, at) -> tables.chunks.admitted(at, 77),
            (journal, at) -> tables.chunks.number(at, 0, 50));
    for (int i = 0; i < more.size(); i++) {
      int other = chunk(10L * (i + 1));
      Journal journal = journal();
      journal.establish(other, 4);
      more.get(i).accept(journal, other);
      assertThat(journal.finish().isFirstNamedOnly(0)).as("with %d", i).isFalse();
    }
    int lost = chunk(500);
    journal().losses(lost, List.of(3L));
    Journal journal = journal();
    journal.establish(lost, 4);
    journal.losses(lost, List.of());
    assertThat(journal.finish().isFirstNamedOnly(0)).isFalse();
  }
}
