package dev.stowage.lifecycle.state;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.answer.ChunkStatus.ChunkState;
import dev.stowage.lifecycle.rows.ChunkRow;
import dev.stowage.model.BlockRange;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.ChunkNumber;
import dev.stowage.model.DatasetId;
import dev.stowage.model.Eligibility;
import dev.stowage.model.Lineage;
import dev.stowage.model.Worker.Labels;
import dev.stowage.model.Worker.WorkerVersion;
import dev.stowage.model.WorkerId;
import dev.stowage.placement.PlacementInput.KeyHash;
import dev.stowage.shape.Shape;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** The table of chunks against a map of its rows. */
class ChunkTableTest {
  private static final Lineage OLD = Lineage.of(90);
  private static final Comparator<ChunkRow> CANONICAL =
      Comparator.comparing((ChunkRow row) -> row.key().dataset())
          .thenComparingLong(row -> row.range().first())
          .thenComparing(ChunkRow::key);

  private final ChunkTable table = new ChunkTable();
  private final TreeMap<Integer, ChunkRow> naive = new TreeMap<>();
  private long counter;

  private static Eligibility eligibility(int variant) {
    return variant == 0
        ? Eligibility.ANY
        : new Eligibility(WorkerVersion.parse("1." + variant + ".0"), Labels.of("l" + variant));
  }

  private void lineages() {
    table.lineage(OLD);
    table.lineage(RowDrafts.LINEAGE);
  }

  private ChunkRow row(int position, ChunkKey key, long first, SplittableRandom random) {
    boolean rejected = random.nextInt(5) == 0;
    ChunkState[] states = {
      ChunkState.ADMITTED, ChunkState.VISIBLE, ChunkState.DROPPED, ChunkState.TOMBSTONE
    };
    ChunkState state = rejected ? ChunkState.REJECTED : states[random.nextInt(4)];
    Lineage lineage = random.nextBoolean() ? OLD : RowDrafts.LINEAGE;
    boolean isStale = random.nextBoolean();
    return new ChunkRow(
        position,
        key,
        BlockRange.of(first, first + random.nextInt(50)),
        random.nextLong(1L << 50),
        random.nextInt(9),
        eligibility(random.nextInt(4)),
        state,
        random.nextBoolean(),
        rejected ? null : new ChunkNumber(lineage, ++counter),
        random.nextBoolean(),
        isStale,
        random.nextInt(2) * random.nextLong(1L << 40),
        random.nextLong(1L << 40),
        random.nextLong(1L << 40),
        rejected ? ChunkKey.of("x", "winner") : null,
        random.nextBoolean() ? List.of() : List.of(4L, random.nextLong(1L << 40)),
        isStale ? List.of(WorkerId.of("g" + random.nextInt(9))) : List.of());
  }

  @Test
  void table_afterAnyOperation_isWhatAMapIs() {
    lineages();
    SplittableRandom random = new SplittableRandom(8);
    int limit = 0;
    ChunkTable copy = table.copy();
    TreeMap<Integer, ChunkRow> copied = new TreeMap<>();
    int limitOfCopy = 0;
    for (int step = 0; step < 500; step++) {
      if (step == 400) {
        copy = table.copy();
        copied.putAll(naive);
        limitOfCopy = limit;
      }
      int kind = random.nextInt(4);
      if (kind == 0 && !naive.isEmpty()) {
        int position = List.copyOf(naive.keySet()).get(random.nextInt(naive.size()));
        ChunkRow gone = naive.get(position);
        table.remove(position);
        naive.remove(position);
        assertThat(table.vacated.contains(position)).isTrue();
        assertThat(table.find(gone.key())).isEqualTo(-1);
        ChunkNumber number = gone.number();
        assertThat(number == null ? -1 : table.find(number)).isEqualTo(-1);
      } else if (kind == 1 && !naive.isEmpty()) {
        ChunkRow known = List.copyOf(naive.values()).get(random.nextInt(naive.size()));
        putAgain(known, random);
      } else {
        int position = table.nextPosition();
        ChunkKey key = ChunkKey.of("d" + random.nextInt(5), "c" + step);
        ChunkRow row = row(position, key, random.nextInt(300), random);
        table.put(row);
        naive.put(position, row);
        limit = Math.max(limit, position + 1);
      }
      if (step % 5 == 0) {
        verify(table, limit);
      }
    }
    verify(table, limit);
    verify(table.copy(), limit);
    naive.clear();
    naive.putAll(copied);
    verify(copy, limitOfCopy);
  }

  @Test
  void copyOfTwoPages_staysAsItWas() {
    lineages();
    SplittableRandom random = new SplittableRandom(9);
    for (int position = 0; position < 1_100; position++) {
      ChunkRow row = row(position, ChunkKey.of("d", "c" + position), position, random);
      table.put(row);
      naive.put(position, row);
    }
    table.remove(500);
    naive.remove(500);
    ChunkTable copy = table.copy();
    TreeMap<Integer, ChunkRow> copied = new TreeMap<>(naive);
    copied.values().forEach(known -> putAgain(known, random));
    table.put(RowDrafts.chunk(500, "z", 1, 1));
    naive.clear();
    naive.putAll(copied);
    verify(copy, 1_100);
  }

  /** A chunk's facts stay; all else becomes another. */
  private void putAgain(ChunkRow known, SplittableRandom random) {
    ChunkRow row = row(known.position(), known.key(), known.range().first(), random);
    row = Shape.of(ChunkRow.class).with(row, "last_block", known.range().last());
    row = Shape.of(ChunkRow.class).with(row, "size_bytes", known.sizeBytes());
    row = Shape.of(ChunkRow.class).with(row, "weight", known.weight());
    row = Shape.of(ChunkRow.class).with(row, "eligibility", known.eligibility());
    table.put(row);
    naive.put(row.position(), row);
  }

  private void verify(ChunkTable found, int limit) {
    assertThat(found.count()).isEqualTo(naive.size());
    assertThat(found.limit()).isEqualTo(limit);
    assertThat(found.exists(-1)).isFalse();
    assertThat(found.exists(limit)).isFalse();
    List<Integer> order = new ArrayList<>();
    found.forEachCanonically(order::add);
    assertThat(order)
        .isEqualTo(naive.values().stream().sorted(CANONICAL).map(ChunkRow::position).toList());
    List<Integer> live = new ArrayList<>();
    for (int dataset : found.datasetOrder()) {
      found.liveOrder(dataset).forEach(live::add);
    }
    assertThat(live)
        .isEqualTo(
            naive.values().stream()
                .filter(ChunkTableTest::isSeenOrLive)
                .sorted(CANONICAL)
                .map(ChunkRow::position)
                .toList());
    int free = limit;
    for (int position = limit - 1; position >= 0; position--) {
      ChunkRow row = naive.get(position);
      assertThat(found.exists(position)).isEqualTo(row != null);
      if (row == null) {
        free = position;
      } else {
        verify(found, row);
      }
    }
    if (found == table) {
      assertThat(found.nextPosition()).isEqualTo(free);
    }
    TreeSet<DatasetId> known = new TreeSet<>(found.datasets());
    List<DatasetId> ordered = new ArrayList<>();
    for (int dataset : found.datasetOrder()) {
      ordered.add(found.datasets().get(dataset));
      assertThat(found.dataset(found.datasets().get(dataset))).isEqualTo(dataset);
    }
    assertThat(ordered).isEqualTo(List.copyOf(known));
    assertThat(found.dataset(DatasetId.of("unheard"))).isEqualTo(-1);
  }

  private static boolean isSeenOrLive(ChunkRow row) {
    return row.state() == ChunkState.VISIBLE
        || (row.state() == ChunkState.ADMITTED && !row.marked());
  }

  private static ChunkRow onOneRange(int position, ChunkState state) {
    ChunkRow plain = RowDrafts.over(position, "d", "c" + position, 0, 9);
    return Shape.of(ChunkRow.class).with(plain, "state", state);
  }

  /** Who is offered a thousand chunks for one range must not look at each for each. */
  @Test
  void whatNeitherOwnsItsRangeNorIsSeen_isNotLookedAt() {
    lineages();
    ChunkState[] states = {
      ChunkState.OFFERED, ChunkState.REJECTED, ChunkState.DROPPED, ChunkState.TOMBSTONE
    };
    for (int position = 0; position < 1_000; position++) {
      table.put(onOneRange(position, states[position % 4]));
    }
    table.put(onOneRange(1_000, ChunkState.ADMITTED));
    List<Integer> lookedAt = new ArrayList<>();
    int found =
        table
            .liveOrderOf(7)
            .firstOverlap(
                table.facts.first(7),
                table.facts.last(7),
                table.facts,
                position -> {
                  lookedAt.add(position);
                  return true;
                });
    assertThat(found).isEqualTo(1_000);
    assertThat(lookedAt).containsExactly(1_000);
    table.state(1_000, ChunkState.DROPPED.ordinal());
    table.state(3, ChunkState.VISIBLE.ordinal());
    table.raise(3, ChunkTable.MARKED);
    assertThat(table.liveOrderOf(7).size()).as("a marked one is seen still").isEqualTo(1);
    table.remove(3);
    assertThat(table.liveOrderOf(7).size()).isZero();
  }

  private static void verify(ChunkTable found, ChunkRow row) {
    int position = row.position();
    assertThat(found.row(position)).isEqualTo(row);
    assertThat(found.find(row.key())).isEqualTo(position);
    assertThat(found.isMarked(position)).isEqualTo(row.marked());
    assertThat(found.isLive(position)).isEqualTo(row.isLive());
    assertThat(found.isEstablished(position)).isEqualTo(row.establishedAt() != 0);
    assertThat(found.firstReplica(position)).isEqualTo(ReplicaTable.NONE);
    ChunkNumber number = row.number();
    if (number != null) {
      assertThat(found.find(number)).isEqualTo(position);
    }
    long bits =
        (row.marked() ? 1L : 0) + (row.oncePossessed() ? 2 : 0) + (row.staleRoutes() ? 4 : 0);
    long[] fields = {
      row.range().first(),
      row.range().last(),
      row.sizeBytes(),
      row.weight(),
      Shape.of(Eligibility.class).digest(row.eligibility()),
      row.state().ordinal() * 256 + bits,
      number == null ? 0 : number.counter(),
      number == null || number.lineage().equals(OLD) ? 0 : 1,
      row.establishedAt(),
      row.admittedTick(),
      row.endTick()
    };
    long hash = KeyHash.of(row.key());
    for (long field : fields) {
      hash = RowHash.fold(hash, field);
    }
    ChunkKey winner = row.rejectedBy();
    if (winner != null) {
      hash = RowHash.fold(hash, KeyHash.of(winner));
    }
    for (long lost : row.lostTicks()) {
      hash = RowHash.fold(hash, lost);
    }
    for (WorkerId gone : row.goneNames()) {
      hash = RowHash.fold(hash, KeyHash.of(gone));
    }
    assertThat(found.rowHash(position)).isEqualTo(hash);
  }

  @Test
  void numberOfAnotherLineage_isAnother() {
    lineages();
    ChunkNumber number = new ChunkNumber(RowDrafts.LINEAGE, 5);
    table.put(RowDrafts.chunk(0, "d", 0, 1, ChunkState.ADMITTED, number));
    assertThat(table.find(new ChunkNumber(OLD, 5))).isEqualTo(-1);
    assertThat(table.find(new ChunkNumber(Lineage.of(1), 5))).isEqualTo(-1);
    assertThat(table.find(new ChunkNumber(RowDrafts.LINEAGE, 6))).isEqualTo(-1);
    table.number(0, 0, 5);
    assertThat(table.find(new ChunkNumber(OLD, 5))).isZero();
    assertThat(table.find(number)).isEqualTo(-1);
    table.number(0, 0, 9);
    assertThat(table.find(new ChunkNumber(OLD, 9))).isZero();
    assertThat(table.find(new ChunkNumber(OLD, 5))).isEqualTo(-1);
    table.clearNumber(0);
    table.clearNumber(0);
    assertThat(table.find(new ChunkNumber(OLD, 9))).isEqualTo(-1);
    assertThat(table.row(0).number()).isNull();
  }

  @Test
  void rejectedChunk_withoutAWinner_hashesAZero() {
    table.put(RowDrafts.chunk(0, "d", 0, 1, ChunkState.ADMITTED, null));
    long before = table.rowHash(0);
    table.state(0, ChunkState.REJECTED.ordinal());
    long rejected = table.rowHash(0);
    table.winners.put(0, ChunkKey.of("d", "w"));
    assertThat(table.rowHash(0)).isNotEqualTo(rejected).isNotEqualTo(before);
  }

  @Test
  void flags_areRaised_andLeaveTheStateAlone() {
    table.put(RowDrafts.chunk(0, "d", 0, 1));
    table.raise(0, ChunkTable.MARKED);
    table.raise(0, ChunkTable.STALE_ROUTES);
    assertThat(table.flags(0)).isEqualTo(5);
    assertThat(table.stateOf(0)).isEqualTo(ChunkState.ADMITTED);
    assertThat(table.hasStaleRoutes(0)).isTrue();
    assertThat(table.isOncePossessed(0)).isFalse();
    table.state(0, ChunkState.TOMBSTONE.ordinal());
    assertThat(table.flags(0)).isEqualTo(5);
    table.flags(0, 2);
    assertThat(table.isOncePossessed(0)).isTrue();
    assertThat(table.hasStaleRoutes(0)).isFalse();
    assertThat(table.stateOf(0)).isEqualTo(ChunkState.TOMBSTONE);
  }

  @Test
  void positions_thatWerePassedOver_areFree() {
    table.put(RowDrafts.chunk(40, "d", 0, 1));
    assertThat(table.limit()).isEqualTo(41);
    for (int position = 0; position < 40; position++) {
      assertThat(table.exists(position)).isFalse();
      assertThat(table.nextPosition()).isEqualTo(position);
      table.put(RowDrafts.chunk(position, "d", 1 + position, 1));
    }
    assertThat(table.nextPosition()).isEqualTo(41);
    assertThat(table.count()).isEqualTo(41);
  }

  /** Numbers of constraints are kept until the next load, so history must not use them up. */
  @Test
  void constraints_areNotUsedUpByHistory() {
    for (int variant = 1; variant <= 40_000; variant++) {
      table.put(RowDrafts.asking(0, "d", 0, eligibility(variant)));
      assertThat(table.eligibilityOf(0)).isEqualTo(eligibility(variant));
      table.remove(0);
    }
  }

  @Test
  void firstChunk_mayTakeAnyPlace() {
    table.put(RowDrafts.chunk(5_000, "d", 0, 77));
    assertThat(table.facts.sizeBytes(5_000)).isEqualTo(77);
    assertThat(table.count()).isEqualTo(1);
    assertThat(table.nextPosition()).isZero();
  }

  @Test
  void liveVersion_risesWithEveryChangeOfADataset_andOfThatAlone() {
    for (int dataset = 0; dataset < 20; dataset++) {
      int number = dataset;
      assertThat(table.liveVersion(number)).isZero();
      table.put(RowDrafts.chunk(dataset, "d" + dataset, 0, 1));
      assertThat(table.liveVersion(number)).isEqualTo(1);
    }
    table.slidDatasets.clear();
    table.noteLive(3);
    assertThat(table.liveVersion(3)).isEqualTo(2);
    assertThat(table.liveVersion(2)).isEqualTo(1);
    assertThat(table.slidDatasets.toArray()).containsExactly(3);
    table.remove(3);
    assertThat(table.liveVersion(3)).isEqualTo(3);
  }

  @Test
  void facts_areOrderedByFirstBlock_thenById() {
    table.put(RowDrafts.chunk(0, "d", 20, 1));
    table.put(RowDrafts.chunk(1, "d", 3, 1));
    table.put(RowDrafts.over(2, "d", "a", 20, 29));
    assertThat(table.facts.compare(0, 1)).isPositive();
    assertThat(table.facts.compare(1, 0)).isNegative();
    assertThat(table.facts.compare(2, 0)).isNegative();
    assertThat(table.facts.compare(0, 2)).isPositive();
    assertThat(table.facts.compare(2, 2)).isZero();
    assertThat(table.facts.hasKey(2, ChunkKey.of("d", "a"))).isTrue();
    assertThat(table.facts.hasKey(2, ChunkKey.of("e", "a"))).isFalse();
    assertThat(table.facts.hasKey(2, ChunkKey.of("d", "b"))).isFalse();
    assertThat(table.facts.range(1)).isEqualTo(BlockRange.of(3, 12));
  }
}
