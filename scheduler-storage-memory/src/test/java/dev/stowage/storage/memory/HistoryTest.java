package dev.stowage.storage.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stowage.Stowage;
import dev.stowage.evidence.ChainPoint;
import dev.stowage.evidence.EvidenceRecord;
import dev.stowage.evidence.Hash256;
import dev.stowage.evidence.Retention;
import dev.stowage.evidence.Verifier;
import dev.stowage.evidence.Verifier.Anchor;
import dev.stowage.model.Worker;
import dev.stowage.model.WorkerId;
import dev.stowage.store.spi.StoreSession.HistoryHorizon;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.LongStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** The bounds of the evidence in memory: whole commits go, and the newest stays. */
class HistoryTest {
  private static final Hash256 HASH = Hash256.of(new byte[0]);
  private static final int OVERHEAD = Retention.RECORD_OVERHEAD_BYTES;

  private long next;

  private void commit(History history, int... payloads) {
    List<EvidenceRecord> records = new ArrayList<>();
    for (int bytes : payloads) {
      records.add(EvidenceRecord.owning(next++, 1, new byte[bytes], HASH));
    }
    history.append(records, new ChainPoint(next, HASH));
  }

  private static List<Long> indices(History history) {
    return history.read(0, Integer.MAX_VALUE).stream().map(EvidenceRecord::index).toList();
  }

  private static List<Long> range(long from, long to) {
    return LongStream.range(from, to).boxed().toList();
  }

  @Test
  void newestCommit_stays_whateverItsSize() {
    History history = new History(Retention.unlimited().withMaxBytes(100));
    commit(history, 10);
    commit(history, 500, 500);
    assertThat(indices(history)).isEqualTo(range(1, 3));
    commit(history);
    assertThat(indices(history)).as("a commit without evidence").isEqualTo(range(1, 3));
    commit(history, 1);
    assertThat(indices(history)).isEqualTo(range(3, 4));
  }

  @Test
  void oldestCommits_goWhole_beyondTheRecords() {
    History history = new History(Retention.records(3));
    commit(history, 1, 1);
    commit(history, 1, 1);
    assertThat(indices(history)).isEqualTo(range(2, 4));
  }

  @Property
  void history_isATailOfWholeCommits_withinItsBounds(@ForAll long seed) {
    Random random = new Random(seed);
    int most = 200 + random.nextInt(2_000);
    History history = new History(Retention.unlimited().withMaxBytes(most));
    next = 0;
    List<Long> begins = new ArrayList<>();
    long trimmed = 0;
    for (int step = 0; step < 60; step++) {
      if (random.nextInt(8) == 0) {
        List<Long> before = indices(history);
        long to = trimmed + random.nextInt(20);
        int rows = 1 + random.nextInt(5);
        int gone = history.trim(new HistoryHorizon(to, 0), rows);
        assertThat(gone)
            .isEqualTo((int) Math.min(rows, before.stream().filter(it -> it < to).count()));
        assertThat(indices(history)).isEqualTo(before.subList(gone, before.size()));
        trimmed = indices(history).isEmpty() ? next : indices(history).get(0);
        continue;
      }
      begins.add(next);
      commit(history, random.ints(1 + random.nextInt(4), 0, 120).toArray());
      List<Long> kept = indices(history);
      long oldest = kept.get(0);
      assertThat(kept).isEqualTo(range(oldest, next));
      assertThat(begins.contains(oldest) || oldest == trimmed).as("begins a commit").isTrue();
      assertThat(history.bytes() <= most || begins.contains(oldest)).isTrue();
      assertThat(history.start())
          .isEqualTo(oldest == 0 ? Optional.empty() : Optional.of(new ChainPoint(oldest, HASH)));
      long from = oldest + random.nextInt(kept.size());
      assertThat(history.read(from, 2).stream().map(EvidenceRecord::index))
          .isEqualTo(range(from, Math.min(from + 2, next)));
    }
    History again = History.of(history.all(), history.start(), history.head());
    assertThat(again.start()).isEqualTo(history.start());
    assertThat(indices(again)).isEqualTo(indices(history));
    assertThat(again.bytes()).isEqualTo(history.bytes());
    assertThat(again.head()).isEqualTo(Optional.of(new ChainPoint(next, HASH)));
  }

  @Test
  void store_keepsItsBoundOfBytes_andOneThatWasLoadedKeepsIts() throws IOException {
    int most = 20_000;
    MemoryChunkStore store = MemoryChunkStore.builder().twin().evidenceBytes(most).build();
    fill(store, 0, 200);
    assertThat(bytesOf(store)).isBetween(most / 2L, (long) most);
    assertThat(store.evidence(0, 1).get(0).index()).isPositive();
    assertThat(store.deeds()).as("describing is a deed").hasSize(200);

    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    store.save(bytes);
    MemoryChunkStore less =
        MemoryChunkStore.builder()
            .twin()
            .evidenceBytes(most / 4)
            .load(new ByteArrayInputStream(bytes.toByteArray()));
    assertThat(less.evidence(0, Integer.MAX_VALUE)).isEqualTo(store.evidence(0, Integer.MAX_VALUE));
    assertThat(less.evidenceStart()).isEqualTo(store.evidenceStart());
    assertThat(less.deeds()).isEqualTo(store.deeds());
    assertProven(less);
    fill(less, 200, 201);
    assertThat(bytesOf(less)).isLessThanOrEqualTo(most / 4);
    assertProven(less);
    less.restore(store.checkpoint());
    assertThat(less.evidenceStart()).isEqualTo(store.evidenceStart());
    assertProven(less);
  }

  @Test
  void boundOfNoBytes_isRefused() {
    assertThatThrownBy(() -> MemoryChunkStore.builder().evidenceBytes(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("maxBytes is 0");
  }

  private static void assertProven(MemoryChunkStore store) {
    ChainPoint start = store.evidenceStart().orElseThrow();
    List<EvidenceRecord> kept = store.evidence(0, Integer.MAX_VALUE);
    assertThat(kept.get(0).index()).isEqualTo(start.index());
    Anchor proven = Verifier.verify(start, kept).requireIntact();
    assertThat(proven.head()).isEqualTo(kept.get(kept.size() - 1).hash());
    List<EvidenceRecord> forged = new ArrayList<>(kept);
    EvidenceRecord first = kept.get(0);
    forged.set(0, EvidenceRecord.owning(first.index(), 1, new byte[1], first.hash()));
    assertThat(Verifier.verify(start, forged).isIntact()).as("the first record counts").isFalse();
  }

  private static void fill(MemoryChunkStore store, int from, int to) {
    try (Stowage stowage = Stowage.builder(store).build()) {
      stowage.claim(0);
      for (int i = from; i < to; i++) {
        stowage.describe(Worker.of(WorkerId.of("w" + i), 1 << 20), 0);
      }
    }
  }

  private static long bytesOf(MemoryChunkStore store) {
    return store.evidence(0, Integer.MAX_VALUE).stream()
        .mapToLong(record -> OVERHEAD + record.payload().length)
        .sum();
  }
}
