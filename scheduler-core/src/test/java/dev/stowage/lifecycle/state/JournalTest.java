package dev.stowage.lifecycle.state;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.answer.ChunkStatus.ChunkState;
import dev.stowage.lifecycle.SwapState;
import dev.stowage.lifecycle.rows.ChangeSet;
import dev.stowage.lifecycle.rows.ChunkRow;
import dev.stowage.lifecycle.rows.FleetRow;
import dev.stowage.lifecycle.rows.SwapRow;
import dev.stowage.lifecycle.rows.WorkerRow;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.ChunkNumber;
import dev.stowage.model.WorkerId;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/**
 * Writes through the journal, of all kinds, in no sensible order: what they changed is what a
 * comparison of all rows says, whoever follows them ends up with the same rows, and undone they
 * leave nothing behind.
 */
class JournalTest {
  private static final int COMMANDS = 260;

  private final Tables tables = RowDrafts.tables();
  private final SplittableRandom random = new SplittableRandom(11);
  private long nextBlock;
  private long nextSwap;
  private long stamp;
  private boolean purges;

  private long stamp() {
    return ++stamp;
  }

  private static int[] chunksOf(Tables tables) {
    List<Integer> found = new ArrayList<>();
    tables.chunks.forEachCanonically(found::add);
    return found.stream().mapToInt(Integer::intValue).toArray();
  }

  private int pick(int[] from) {
    return from[random.nextInt(from.length)];
  }

  /** A worker that says that its replicas are sorted has the newest first. */
  private void verifyOrderOnWorkers() {
    for (int position : tables.workers.order()) {
      long newest = Long.MAX_VALUE;
      for (int slot = tables.workers.firstReplica(position);
          tables.workers.isSorted(position) && slot != ReplicaTable.NONE;
          slot = tables.replicas.nextOfWorker(slot)) {
        assertThat(tables.replicas.since(slot)).isLessThanOrEqualTo(newest);
        newest = tables.replicas.since(slot);
      }
    }
  }

  private void sortSome() {
    for (int position : tables.workers.order()) {
      if (random.nextBoolean()) {
        tables.replicas.sortBySince(position, tables.workers);
      }
    }
  }

  private void writeOne(Journal journal) {
    if (random.nextInt(9) == 0) {
      sortSome();
    }
    int[] chunks = chunksOf(tables);
    int[] workers = tables.workers.order();
    int kind = random.nextInt(22);
    if (chunks.length < 3 || workers.length < 3) {
      kind = purges ? 21 : chunks.length < 3 ? 0 : 1;
    }
    if (kind == 0 || kind == 1) {
      insert(journal, kind);
    } else if (kind <= 8) {
      writeChunk(journal, pick(chunks), kind);
    } else if (kind <= 14) {
      writeReplica(journal, pick(chunks), pick(workers), kind);
    } else if (kind == 15) {
      writeSwap(journal, chunks);
    } else if (kind == 16) {
      journal.worker(pick(workers), it -> it.with(WorkerRow.LAST_APPLIED, stamp()));
    } else if (kind == 17) {
      journal.marks(pick(workers), it -> it.with(WorkerRow.LAST_SEEN_TICK, stamp()));
    } else if (kind == 18) {
      journal.fleet(it -> it.with(FleetRow.WORKER_ASSIGNMENT, stamp()));
    } else if (kind == 19 && purges) {
      removeChunk(journal, pick(chunks));
    } else if (kind == 20 && purges) {
      removeWorker(journal, pick(workers));
    } else {
      tables.fleet(it -> it.with(FleetRow.LARGEST_TICK, stamp()));
    }
  }

  /** No command gives a place to another before it is known that the command counts. */
  private void insert(Journal journal, int kind) {
    if (!purges && kind == 0) {
      insertChunk(journal);
    } else if (!purges) {
      insertWorker(journal);
    }
  }

  private void insertChunk(Journal journal) {
    ChunkState state = random.nextInt(3) == 0 ? ChunkState.OFFERED : ChunkState.ADMITTED;
    ChunkNumber number =
        state == ChunkState.OFFERED
            ? null
            : new ChunkNumber(RowDrafts.LINEAGE, tables.nextNumber());
    nextBlock += 10;
    String dataset = random.nextBoolean() ? "d" : "e";
    int position = tables.chunks.nextPosition();
    journal.insertChunk(
        RowDrafts.chunk(position, dataset, nextBlock, nextBlock << 30, state, number));
  }

  private void insertWorker(Journal journal) {
    String name = "w" + random.nextInt(1_000_000);
    WorkerRow row = RowDrafts.worker(tables.workers.nextPosition(), name);
    journal.insertWorker(row);
  }

  private void writeChunk(Journal journal, int chunk, int kind) {
    if (tables.chunks.stateOf(chunk) == ChunkState.REJECTED) {
      return;
    }
    switch (kind) {
      case 2 -> {
        ChunkState[] states = {ChunkState.VISIBLE, ChunkState.DROPPED, ChunkState.TOMBSTONE};
        journal.state(chunk, states[random.nextInt(3)]);
      }
      case 3 -> journal.mark(chunk);
      case 4 -> journal.oncePossessed(chunk);
      case 5 -> {
        if (random.nextBoolean()) {
          journal.nameGone(chunk, WorkerId.of("g" + random.nextInt(1_000_000)));
        } else {
          journal.forgetGone(chunk);
        }
      }
      case 6 -> journal.establish(chunk, stamp());
      case 7 -> journal.losses(chunk, random.nextBoolean() ? List.of() : List.of(stamp(), stamp()));
      default -> {
        journal.end(chunk, stamp());
        if (tables.chunks.stateOf(chunk) == ChunkState.OFFERED) {
          if (random.nextBoolean()) {
            journal.admit(chunk, stamp());
          } else {
            journal.reject(chunk, pick(chunksOf(tables)), stamp());
          }
        }
      }
    }
  }

  private void writeReplica(Journal journal, int chunk, int worker, int kind) {
    if (tables.chunks.stateOf(chunk) == ChunkState.OFFERED) {
      return; // replicas come after the admission, which gives the chunk its number
    }
    int slot = tables.replicas.find(chunk, worker, tables.chunks);
    if (slot == ReplicaTable.NONE) {
      journal.addReplica(chunk, worker, stamp());
      return;
    }
    if (kind == 9) {
      journal.removeReplica(slot);
      return;
    }
    journal.touch(slot);
    switch (kind) {
      case 10 -> tables.replicas.superseded(slot, random.nextInt(2) * stamp());
      case 11 -> tables.replicas.released(slot, random.nextInt(2) * stamp());
      case 12 -> tables.replicas.readableUntil(slot, random.nextInt(2) * stamp());
      case 13 -> tables.replicas.missingSince(slot, random.nextInt(2) * stamp() - 1);
      default -> {
        tables.replicas.flags(slot, random.nextInt(4));
        journal.since(slot, stamp());
      }
    }
  }

  private void writeSwap(Journal journal, int[] chunks) {
    List<SwapRow> known = new ArrayList<>();
    tables.swaps.all().forEach(known::add);
    if (known.size() > 3 || (!known.isEmpty() && random.nextBoolean())) {
      SwapRow row = known.get(random.nextInt(known.size()));
      if (random.nextBoolean()) {
        journal.removeSwap(row);
      } else {
        journal.putSwap(row.ended(SwapState.FIRED, stamp()));
      }
      return;
    }
    List<ChunkKey> free = new ArrayList<>();
    for (int chunk : chunks) {
      if (tables.swaps.replacing(chunk) == 0 && tables.swaps.producing(chunk) == 0) {
        free.add(tables.chunks.facts.key(chunk));
      }
    }
    if (free.size() > 1) {
      journal.putSwap(
          RowDrafts.swap(++nextSwap, SwapState.PENDING, free.subList(0, 1), free.subList(1, 2)));
    }
  }

  private void removeChunk(Journal journal, int chunk) {
    ChunkKey key = tables.chunks.facts.key(chunk);
    for (SwapRow row : swapsOf(key)) {
      journal.removeSwap(row);
    }
    while (tables.chunks.firstReplica(chunk) != ReplicaTable.NONE) {
      journal.removeReplica(tables.chunks.firstReplica(chunk));
    }
    journal.removeChunk(chunk);
  }

  private List<SwapRow> swapsOf(ChunkKey key) {
    List<SwapRow> found = new ArrayList<>();
    for (SwapRow row : tables.swaps.all()) {
      if (row.oldChunks().contains(key) || row.newChunks().contains(key)) {
        found.add(row);
      }
    }
    return found;
  }

  private void removeWorker(Journal journal, int worker) {
    while (tables.workers.firstReplica(worker) != ReplicaTable.NONE) {
      journal.removeReplica(tables.workers.firstReplica(worker));
    }
    journal.removeWorker(worker);
  }

  private ChangeSet command(Journal journal) {
    int writes = random.nextInt(12);
    purges = random.nextInt(4) == 0;
    for (int i = 0; i < writes; i++) {
      writeOne(journal);
    }
    return journal.finish();
  }

  @Test
  void everyCommand_saysWhatItChanged_andUndone_leavesNothingBehind() {
    Tables follower = RowDrafts.tables();
    for (int i = 0; i < COMMANDS; i++) {
      List<String> before = RowDrafts.describe(tables);
      ChangeSet rowsBefore = RowLoader.rows(tables).build();
      long digest = tables.digest;
      long waiting = tables.waitingChunks();
      Journal journal = new Journal(tables);
      ChangeSet changes = command(journal);
      assertThat(tables.digest).isEqualTo(tables.fullDigest());
      assertThat(changes.digestBefore()).isEqualTo(digest);
      assertThat(changes.digestAfter()).isEqualTo(tables.digest);
      assertThat(tables.waitingChunks()).isEqualTo(countWaiting(tables));
      assertThat(changes.isChange()).isEqualTo(tables.digest != digest);
      verifyDifference(rowsBefore, RowLoader.rows(tables).build(), changes);
      if (random.nextInt(3) == 0) {
        tables.work.touched.clear();
        tables.work.unfed.clear();
        journal.undo();
        assertThat(tables.digest).isEqualTo(digest);
        assertThat(tables.fullDigest()).isEqualTo(digest);
        assertThat(RowDrafts.describe(tables)).isEqualTo(before);
        assertThat(tables.waitingChunks()).isEqualTo(waiting);
        verifyUndoneIsLookedAt(changes);
      } else {
        journal.seal();
        RowLoader.apply(follower, changes);
        assertThat(RowDrafts.describe(follower)).isEqualTo(RowDrafts.describe(tables));
        assertThat(follower.fullDigest()).isEqualTo(tables.digest);
        assertThat(follower.digest).isEqualTo(tables.digest);
      }
      verifyOrderOnWorkers();
      assertThat(tables.replicas.limit()).isLessThan(400);
    }
    assertThat(RowDrafts.describe(tables.copy())).isEqualTo(RowDrafts.describe(tables));
    assertThat(tables.copy().digest).isEqualTo(tables.digest);
    assertThat(tables.chunks.count()).isGreaterThan(5);
  }

  private static long countWaiting(Tables tables) {
    long count = 0;
    for (int chunk : chunksOf(tables)) {
      boolean waits =
          tables.chunks.stateOf(chunk) == ChunkState.ADMITTED
              && !tables.chunks.isMarked(chunk)
              && tables.chunks.established(chunk) == 0;
      assertThat(tables.waits(chunk)).isEqualTo(waits);
      count += waits ? 1 : 0;
    }
    return count;
  }

  private void verifyUndoneIsLookedAt(ChangeSet changes) {
    for (ChunkRow row : changes.removedChunks()) {
      assertThat(tables.work.touched.contains(row.position())).isTrue();
    }
    for (ChunkRow row : changes.chunks()) {
      if (tables.chunks.exists(row.position())) {
        assertThat(tables.work.touched.contains(row.position())).isTrue();
      }
    }
    for (int i = 0; i < changes.replicas().size(); i++) {
      assertThat(tables.work.unfed.contains(changes.replicas().chunk(i))).isTrue();
    }
  }

  private static <K, V> void verifyRows(
      List<V> before, List<V> after, Function<V, K> key, List<V> put, List<V> gone) {
    TreeMap<String, V> old = new TreeMap<>();
    before.forEach(row -> old.put(Objects.toString(key.apply(row)), row));
    List<V> expectedPut = new ArrayList<>();
    for (V row : after) {
      V was = old.remove(Objects.toString(key.apply(row)));
      if (!row.equals(was)) {
        expectedPut.add(row);
      }
    }
    assertThat(put).containsExactlyInAnyOrderElementsOf(expectedPut);
    assertThat(gone.stream().map(row -> Objects.toString(key.apply(row))))
        .containsExactlyInAnyOrderElementsOf(old.keySet());
  }

  private static void verifyDifference(ChangeSet before, ChangeSet after, ChangeSet changes) {
    verifyRows(
        before.chunks(),
        after.chunks(),
        row -> row.position() + "/" + row.key(),
        changes.chunks(),
        changes.removedChunks());
    verifyRows(
        before.workers(),
        after.workers(),
        row -> row.position() + "/" + row.id(),
        changes.workers(),
        changes.removedWorkers());
    verifyRows(before.swaps(), after.swaps(), SwapRow::id, changes.swaps(), changes.removedSwaps());
    verifyRows(
        RowDrafts.describe(before.replicas()),
        RowDrafts.describe(after.replicas()),
        text -> text.substring(0, text.indexOf(' ')),
        RowDrafts.describe(changes.replicas()),
        pairsLeft(before, after, changes));
    for (int i = 0; i < changes.replicas().size(); i++) {
      String pair = changes.replicas().chunk(i) + "@" + changes.replicas().worker(i) + " ";
      boolean stood =
          RowDrafts.describe(before.replicas()).stream().anyMatch(text -> text.startsWith(pair));
      boolean went =
          RowDrafts.describe(changes.removedReplicas()).stream()
              .anyMatch(text -> text.startsWith(pair));
      assertThat(changes.replicas().isFresh(i)).isEqualTo(!stood || went);
    }
  }

  /**
   * Returns the removed replicas whose pairs did not come back within the command; those that did
   * are recorded as removed and as new.
   */
  private static List<String> pairsLeft(ChangeSet before, ChangeSet after, ChangeSet changes) {
    List<String> pairs = new ArrayList<>();
    for (String text : RowDrafts.describe(after.replicas())) {
      pairs.add(text.substring(0, text.indexOf(' ')));
    }
    List<String> gone = new ArrayList<>();
    for (String text : RowDrafts.describe(changes.removedReplicas())) {
      assertThat(RowDrafts.describe(before.replicas())).contains(text);
      if (!pairs.contains(text.substring(0, text.indexOf(' ')))) {
        gone.add(text);
      }
    }
    return gone;
  }
}
