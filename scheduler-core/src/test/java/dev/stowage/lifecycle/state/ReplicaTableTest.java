package dev.stowage.lifecycle.state;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.lifecycle.ReplicaState;
import dev.stowage.placement.PlacementInput.KeyHash;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** The table of replicas against a map of what was written into it. */
class ReplicaTableTest {
  private static final int CHUNKS = 7;

  /** Names that are not in the order of positions. */
  private static final String[] WORKERS = {"d", "a", "f", "b", "e", "c"};

  private final ChunkTable chunks = new ChunkTable();
  private final WorkerTable workers = new WorkerTable();
  private final ReplicaTable table = new ReplicaTable();
  private final TreeMap<String, Row> naive = new TreeMap<>();

  private record Row(
      int slot,
      int chunk,
      int worker,
      long since,
      long superseded,
      long released,
      long readableUntil,
      long missingSince,
      int flags) {}

  private static String name(int chunk, int worker) {
    return chunk + "/" + WORKERS[worker];
  }

  private void fill() {
    for (int chunk = 0; chunk < CHUNKS; chunk++) {
      chunks.put(RowDrafts.chunk(chunk, "d", chunk * 10L, 100L << chunk));
    }
    for (int worker = 0; worker < WORKERS.length; worker++) {
      workers.put(RowDrafts.worker(worker, WORKERS[worker]));
    }
  }

  @Test
  void table_afterAnyOperation_isWhatAMapIs() {
    fill();
    SplittableRandom random = new SplittableRandom(1);
    for (int step = 0; step < 600; step++) {
      int chunk = random.nextInt(CHUNKS);
      int worker = random.nextInt(WORKERS.length);
      Row row = naive.get(name(chunk, worker));
      if (row == null) {
        int slot = table.add(chunk, worker, 0, chunks, workers);
        assertThat(slot).isLessThan(CHUNKS * WORKERS.length);
        naive.put(name(chunk, worker), new Row(slot, chunk, worker, 0, 0, 0, 0, -1, 0));
      } else if (random.nextInt(4) == 0) {
        table.unlink(row.slot, chunks, workers);
        table.free(row.slot);
        assertThat(table.exists(row.slot)).isFalse();
        naive.remove(name(chunk, worker));
      } else {
        write(row, random);
      }
      if (random.nextInt(5) == 0) {
        table.sortBySince(worker, workers);
        assertThat(sincesOf(worker)).isSortedAccordingTo(Comparator.reverseOrder());
        assertThat(workers.isSorted(worker)).isTrue();
      }
      verify();
    }
    assertThat(table.limit()).isLessThanOrEqualTo(CHUNKS * WORKERS.length);
  }

  private void write(Row row, SplittableRandom random) {
    long since = random.nextLong(1L << 40);
    long superseded = random.nextInt(2) * random.nextLong(1L << 40);
    long released = random.nextInt(2) * random.nextLong(1L << 40);
    long until = random.nextInt(2) * random.nextLong(1L << 40);
    long missing = random.nextInt(2) * (1 + random.nextLong(1L << 40)) - 1;
    int flags = random.nextInt(4);
    table.since(row.slot, since, chunks, workers);
    table.superseded(row.slot, superseded);
    table.released(row.slot, released);
    table.readableUntil(row.slot, until);
    table.missingSince(row.slot, missing);
    table.flags(row.slot, flags);
    naive.put(
        name(row.chunk, row.worker),
        new Row(
            row.slot, row.chunk, row.worker, since, superseded, released, until, missing, flags));
  }

  private List<Long> sincesOf(int worker) {
    List<Long> sinces = new ArrayList<>();
    for (int slot = workers.firstReplica(worker); slot >= 0; slot = table.nextOfWorker(slot)) {
      sinces.add(table.since(slot));
    }
    return sinces;
  }

  private void verify() {
    assertThat(table.count()).isEqualTo(naive.size());
    for (int chunk = 0; chunk < CHUNKS; chunk++) {
      List<Integer> slots = new ArrayList<>();
      for (int slot = chunks.firstReplica(chunk); slot != ReplicaTable.NONE; ) {
        slots.add(slot);
        slot = table.next(slot);
      }
      // The names of workers are ordered as the map's keys are.
      int of = chunk;
      assertThat(slots)
          .isEqualTo(
              naive.values().stream().filter(row -> row.chunk == of).map(Row::slot).toList());
    }
    for (int worker = 0; worker < WORKERS.length; worker++) {
      List<Integer> slots = new ArrayList<>();
      long bytes = 0;
      for (int slot = workers.firstReplica(worker); slot >= 0; slot = table.nextOfWorker(slot)) {
        slots.add(slot);
        bytes += 100L << table.chunk(slot);
      }
      int of = worker;
      assertThat(slots)
          .containsExactlyInAnyOrderElementsOf(
              naive.values().stream().filter(row -> row.worker == of).map(Row::slot).toList());
      assertThat(workers.replicas(worker)).isEqualTo(slots.size());
      assertThat(workers.footprintBytes(worker).saturated()).isEqualTo(bytes);
    }
    naive.values().forEach(this::verify);
  }

  private void verify(Row row) {
    int slot = row.slot;
    assertThat(table.find(row.chunk, row.worker, chunks)).isEqualTo(slot);
    assertThat(table.exists(slot)).isTrue();
    assertThat(
            new Row(
                slot,
                table.chunk(slot),
                table.worker(slot),
                table.since(slot),
                table.superseded(slot),
                table.released(slot),
                table.readableUntil(slot),
                table.missingSince(slot),
                table.flags(slot)))
        .isEqualTo(row);
    assertThat(table.isAssigned(slot)).isEqualTo(row.superseded == 0);
    assertThat(table.isDraining(slot)).isEqualTo(row.released != 0);
    assertThat(table.isMissing(slot)).isEqualTo(row.missingSince >= 0);
    assertThat(table.isNamed(slot)).isEqualTo(row.flags % 2 == 1);
    assertThat(table.isDiskGone(slot)).isEqualTo(row.flags >= 2);
    ReplicaState state = row.superseded == 0 ? ReplicaState.ASSIGNED : ReplicaState.SUPERSEDED;
    assertThat(table.stateOf(slot)).isEqualTo(row.released == 0 ? state : ReplicaState.DRAINING);
    long hash =
        RowHash.fold(chunks.facts.hash(row.chunk), KeyHash.of(workers.entry(row.worker).id()));
    for (long field :
        new long[] {
          row.since, row.superseded, row.released, row.readableUntil, row.missingSince, row.flags
        }) {
      hash = RowHash.fold(hash, field);
    }
    assertThat(table.rowHash(slot, chunks, workers)).isEqualTo(hash);
  }

  @Test
  void replicaOfAnother_isNotFound() {
    fill();
    table.add(2, 1, 0, chunks, workers);
    table.add(2, 3, 0, chunks, workers);
    table.add(4, 2, 0, chunks, workers);
    assertThat(table.find(2, 2, chunks)).isEqualTo(ReplicaTable.NONE);
    assertThat(table.find(3, 1, chunks)).isEqualTo(ReplicaTable.NONE);
  }

  @Test
  void newReplica_leavesItsWorkerUnsorted() {
    fill();
    assertThat(workers.isSorted(1)).isTrue();
    table.add(2, 1, 0, chunks, workers);
    assertThat(workers.isSorted(1)).isFalse();
  }

  @Test
  void newReplica_inAGivenBackSlot_hasNoStamps() {
    fill();
    int slot = table.add(2, 1, 0, chunks, workers);
    write(new Row(slot, 2, 1, 0, 0, 0, 0, -1, 0), new SplittableRandom(3));
    table.released(slot, 9);
    table.unlink(slot, chunks, workers);
    assertThat(table.released(slot)).as("an unlinked replica keeps its stamps").isEqualTo(9);
    table.free(slot);
    assertThat(table.add(4, 3, 0, chunks, workers)).isEqualTo(slot);
    verify(new Row(slot, 4, 3, 0, 0, 0, 0, -1, 0));
  }

  @Test
  void replicaMissingSinceTheFirstTick_isMissing() {
    fill();
    int slot = table.add(2, 1, 0, chunks, workers);
    assertThat(table.isMissing(slot)).isFalse();
    table.missingSince(slot, 0);
    assertThat(table.isMissing(slot)).isTrue();
    assertThat(table.missingSince(slot)).isZero();
  }

  /** Rows of stamps that are not given back would make the table grow for ever. */
  @Test
  void stamps_thatAreClear_giveTheirRowBack() {
    RareStamps stamps = new RareStamps();
    int first = stamps.superseded(RareStamps.NONE_SET, 5);
    assertThat(stamps.superseded(first, 0)).isEqualTo(RareStamps.NONE_SET);
    assertThat(stamps.missingSince(RareStamps.NONE_SET, 7)).isEqualTo(first);
    assertThat(stamps.superseded(first)).isZero();
    assertThat(stamps.released(first, 8)).isEqualTo(first);
    assertThat(stamps.missingSince(first, -1)).isEqualTo(first);
    int second = stamps.readableUntil(RareStamps.NONE_SET, 9);
    assertThat(second).isNotEqualTo(first);
    stamps.free(RareStamps.NONE_SET);
    stamps.free(first);
    stamps.free(second);
    int third = stamps.released(RareStamps.NONE_SET, 3);
    assertThat(third).isEqualTo(second);
    assertThat(stamps.superseded(third)).isZero();
    assertThat(stamps.readableUntil(third)).isZero();
    int fourth = stamps.readableUntil(RareStamps.NONE_SET, 4);
    assertThat(fourth).isEqualTo(first);
    assertThat(stamps.released(fourth)).isZero();
    assertThat(stamps.superseded(fourth)).isZero();
    assertThat(stamps.missingSince(fourth)).isEqualTo(-1);
    assertThat(stamps.superseded(RareStamps.NONE_SET, 1)).isEqualTo(3);
  }

  @Test
  void replicaThatIsFreed_givesItsStampsBack() {
    fill();
    int slot = table.add(2, 1, 0, chunks, workers);
    for (int round = 0; round < 40; round++) {
      table.released(slot, 9);
      table.unlink(slot, chunks, workers);
      table.free(slot);
      assertThat(table.released(slot)).isZero();
      assertThat(table.add(2, 1, 0, chunks, workers)).isEqualTo(slot);
      assertThat(table.released(slot)).isZero();
    }
  }
}
