package dev.stowage.lifecycle.state;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.answer.ChunkStatus.ChunkState;
import dev.stowage.lifecycle.SwapState;
import dev.stowage.lifecycle.rows.ChangeSet;
import dev.stowage.lifecycle.rows.ChunkRow;
import dev.stowage.lifecycle.rows.SwapRow;
import dev.stowage.lifecycle.rows.WorkerRow;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.ChunkNumber;
import dev.stowage.model.WorkerId;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Each write of the journal by itself: what it says, and that it can be undone. */
class JournalWritesTest extends TablesFixture {
  private ChunkRow written(int chunk, Consumer<Journal> write) {
    Journal journal = journal();
    clear();
    write.accept(journal);
    assertThat(work.touched.toArray()).containsExactly(chunk);
    assertThat(work.unfed.toArray()).containsExactly(chunk);
    assertThat(tables.chunks.slidDatasets.toArray()).containsExactly(0);
    tables.chunks.slidDatasets.clear();
    ChunkRow row = tables.chunks.row(chunk);
    ChangeSet changes = journal.finish();
    assertThat(changes.chunks()).containsExactly(row);
    assertThat(tables.digest).isEqualTo(tables.fullDigest());
    return row;
  }

  @Test
  void everyWriteToAChunk_isInItsRow() {
    int winner = chunk(0);
    int chunk = journal().insertChunk(RowDrafts.chunk(1, "d", 10, 5, ChunkState.OFFERED, null));
    int loser = journal().insertChunk(RowDrafts.chunk(2, "d", 15, 5, ChunkState.OFFERED, null));
    tables.digest = tables.fullDigest();
    tables.chunks.slidDatasets.clear();
    long waiting = tables.waitingChunks();
    ChunkRow row = written(chunk, journal -> journal.admit(chunk, 21));
    assertThat(row.state()).isEqualTo(ChunkState.ADMITTED);
    assertThat(row.admittedTick()).isEqualTo(21);
    assertThat(row.number()).isNotNull();
    assertThat(tables.waitingChunks()).isEqualTo(waiting + 1);
    assertThat(written(chunk, journal -> journal.establish(chunk, 22)).establishedAt())
        .isEqualTo(22);
    assertThat(tables.waitingChunks()).isEqualTo(waiting);
    assertThat(written(chunk, journal -> journal.end(chunk, 23)).endTick()).isEqualTo(23);
    assertThat(written(chunk, journal -> journal.oncePossessed(chunk)).oncePossessed()).isTrue();
    written(chunk, journal -> journal.nameGone(chunk, WorkerId.of("b")));
    ChunkRow stale = written(chunk, journal -> journal.nameGone(chunk, WorkerId.of("a")));
    assertThat(stale.staleRoutes()).isTrue();
    assertThat(stale.goneNames()).containsExactly(WorkerId.of("a"), WorkerId.of("b"));
    ChunkRow fresh = written(chunk, journal -> journal.forgetGone(chunk));
    assertThat(fresh.staleRoutes()).isFalse();
    assertThat(fresh.goneNames()).isEmpty();
    assertThat(written(chunk, journal -> journal.losses(chunk, List.of(3L, 4L))).lostTicks())
        .containsExactly(3L, 4L);
    assertThat(written(chunk, journal -> journal.losses(chunk, List.of())).lostTicks()).isEmpty();
    assertThat(written(chunk, journal -> journal.mark(chunk)).marked()).isTrue();
    ChunkRow lost = written(loser, journal -> journal.reject(loser, winner, 24));
    assertThat(work.ended.toArray()).containsExactly(loser);
    assertThat(lost.state()).isEqualTo(ChunkState.REJECTED);
    assertThat(lost.endTick()).isEqualTo(24);
    assertThat(lost.rejectedBy()).isEqualTo(ChunkKey.of("d", "c0"));
  }

  @Test
  void everyWriteToAChunk_isUndone() {
    int winner = chunk(0);
    int number = chunk(10);
    tables.chunks.number(number, 0, 50);
    journal().losses(number, List.of(3L));
    journal().nameGone(number, WorkerId.of("b"));
    int offered = journal().insertChunk(RowDrafts.chunk(2, "d", 15, 5, ChunkState.OFFERED, null));
    int lost = journal().insertChunk(RowDrafts.chunk(3, "d", 17, 5, ChunkState.OFFERED, null));
    journal().reject(lost, winner, 9);
    tables.digest = tables.fullDigest();
    List<String> before = RowDrafts.describe(tables);
    Journal journal = journal();
    journal.admit(offered, 21);
    journal.reject(winner, number, 24);
    journal.losses(winner, List.of(8L));
    journal.losses(number, List.of());
    journal.nameGone(winner, WorkerId.of("a"));
    journal.forgetGone(number);
    journal.oncePossessed(lost);
    tables.chunks.number(number, 0, 51);
    tables.chunks.slidDatasets.clear();
    clear();
    journal.undo();
    assertThat(RowDrafts.describe(tables)).isEqualTo(before);
    assertThat(tables.chunks.slidDatasets.toArray()).containsExactly(0);
    assertThat(work.ended.toArray()).containsExactly(lost);
    assertThat(work.offered.toArray()).containsExactly(offered);
    assertThat(tables.chunks.find(new ChunkNumber(RowDrafts.LINEAGE, 50))).isEqualTo(number);
    Journal gone = journal();
    gone.removeChunk(number);
    gone.undo();
    assertThat(RowDrafts.describe(tables)).isEqualTo(before);
    assertThat(tables.chunks.find(new ChunkNumber(RowDrafts.LINEAGE, 50))).isEqualTo(number);
  }

  @Test
  void everyStampOfAReplica_isUndone_andItsPlanToldOfIt() {
    worker("a");
    int worker = worker("b");
    chunk(0);
    int chunk = chunk(10);
    int slot = journal().addReplica(chunk, worker, 3);
    for (int removed = 0; removed < 2; removed++) {
      tables.replicas.superseded(slot, 4);
      tables.replicas.released(slot, 5);
      tables.replicas.readableUntil(slot, 6);
      tables.replicas.missingSince(slot, 7);
      tables.replicas.flags(slot, 2);
      tables.workers.sorted(worker, true);
      tables.workers.missing(worker, false);
      List<String> before = RowDrafts.describe(tables);
      Journal journal = journal();
      journal.touch(slot);
      journal.since(slot, 13);
      tables.replicas.superseded(slot, 0);
      tables.replicas.released(slot, 15);
      tables.replicas.readableUntil(slot, 16);
      tables.replicas.missingSince(slot, -1);
      tables.replicas.flags(slot, 1);
      if (removed == 1) {
        journal.removeReplica(slot);
      }
      clear();
      journal.undo();
      assertThat(RowDrafts.describe(tables)).isEqualTo(before);
      assertThat(work.pairs.sorted()).containsExactly((1L << 32) + 1);
      assertThat(work.restless.toArray()).containsExactly(chunk);
      assertThat(work.missing.toArray()).containsExactly(chunk);
      assertThat(tables.workers.isSorted(worker)).isTrue();
      assertThat(tables.workers.mayMiss(worker)).isFalse();
    }
  }

  @Test
  void placesOfReplicas_areGivenAgain() {
    int worker = worker("a");
    int other = worker("b");
    int chunk = chunk(0);
    Journal undone = journal();
    assertThat(undone.addReplica(chunk, worker, 3)).isZero();
    undone.undo();
    Journal sealed = journal();
    assertThat(sealed.addReplica(chunk, worker, 3)).isZero();
    assertThat(sealed.addReplica(chunk, other, 3)).isEqualTo(1);
    sealed.removeReplica(1);
    sealed.seal();
    Journal gone = journal();
    gone.removeReplica(0);
    assertThat(gone.addReplica(chunk, worker, 4)).as("not before it is sealed").isEqualTo(1);
    gone.removeReplica(1);
    gone.seal();
    Journal refilled = journal();
    refilled.addReplica(chunk, worker, 5);
    refilled.addReplica(chunk, other, 5);
    assertThat(tables.replicas.limit()).isEqualTo(2);
    refilled.undo();
    assertThat(tables.replicas.count()).isZero();
  }

  @Test
  void workers_areInserted_removed_andPutBack() {
    clear();
    int worker = worker("a");
    assertThat(holding(worker))
        .containsExactly("departed", "headers", "orphaned", "reporting", "unfedWorkers");
    Journal journal = journal();
    journal.worker(worker, it -> it.with(WorkerRow.LAST_APPLIED, 9));
    journal.removeWorker(worker);
    assertThat(tables.workers.exists(worker)).isFalse();
    clear();
    journal.undo();
    assertThat(tables.workers.entry(worker).lastApplied()).isZero();
    assertThat(holding(worker))
        .containsExactly("departed", "headers", "orphaned", "reporting", "unfedWorkers");
    Journal touched = journal();
    touched.worker(worker, it -> it.with(WorkerRow.LAST_APPLIED, 9));
    clear();
    touched.undo();
    assertThat(holding(worker))
        .containsExactly("departed", "headers", "orphaned", "reporting", "unfedWorkers");
    Journal inserted = journal();
    inserted.insertWorker(RowDrafts.worker(1, "b"));
    inserted.undo();
    assertThat(tables.workers.count()).isEqualTo(1);
  }

  @Test
  void swapThatIsRemoved_isGone() {
    chunk(0);
    SwapRow swap = RowDrafts.swap(1, SwapState.FIRED, List.of(), List.of(ChunkKey.of("d", "c0")));
    journal().putSwap(swap);
    Journal journal = journal();
    journal.removeSwap(swap);
    assertThat(tables.swaps.row(1)).isNull();
    assertThat(journal.finish().removedSwaps()).containsExactly(swap);
    Journal both = journal();
    both.putSwap(swap);
    both.removeSwap(swap);
    long digest = tables.digest;
    ChangeSet changes = both.finish();
    assertThat(changes.removedSwaps()).isEmpty();
    assertThat(tables.digest).isEqualTo(digest);
  }

  /** More of everything than the journal has room for at first. */
  @Test
  void commandOfManyRows_isToldWhole_andUndone() {
    int worker = worker("a");
    int[] slots = new int[300];
    for (int i = 0; i < 300; i++) {
      slots[i] = journal().addReplica(chunk(i * 10L), worker, 3 + i);
    }
    tables.digest = tables.fullDigest();
    List<String> before = RowDrafts.describe(tables);
    Journal journal = journal();
    for (int i = 0; i < 300; i++) {
      journal.end(i, 1_000 + i);
      journal.touch(slots[i]);
      tables.replicas.superseded(slots[i], 2_000 + i);
    }
    ChangeSet changes = journal.finish();
    assertThat(changes.chunks()).hasSize(300);
    assertThat(changes.replicas().size()).isEqualTo(300);
    assertThat(tables.digest).isEqualTo(tables.fullDigest());
    journal.undo();
    assertThat(RowDrafts.describe(tables)).isEqualTo(before);
    Journal gone = journal();
    for (int slot : slots) {
      gone.removeReplica(slot);
    }
    assertThat(gone.finish().removedReplicas().size()).isEqualTo(300);
    gone.undo();
    assertThat(RowDrafts.describe(tables)).isEqualTo(before);
  }
}
