package dev.stowage.storage.postgres;

import static dev.stowage.contract.SmallFleet.chunk;
import static dev.stowage.contract.SmallFleet.key;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stowage.lifecycle.documents.SliceDocument;
import dev.stowage.lifecycle.documents.SliceEntry;
import dev.stowage.lifecycle.documents.WorkerSlice;
import dev.stowage.model.WorkerId;
import dev.stowage.store.Lease.LeaseRequest;
import dev.stowage.store.StorageException;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Slices that are read from rows are those of the leader, however many rows they were made of. */
class SliceTableTest extends LedFleet {
  private static final int ROUNDS = 70;
  private static final List<String> WORKERS = List.of("a", "b", "c");

  @Test
  void slices_ofManyAssignments_areTheLeaders_beforeAndAfterTheyAreMerged() {
    fleet.join(10_000, "a", "b", "c");
    SliceDocument known = null;
    for (int i = 0; i < ROUNDS; i++) {
      fleet.ingest(chunk("c" + i, 10L * i));
      if (i >= 10) {
        stowage.remove(key("c" + (i - 10)), fleet.now());
      }
      fleet.round();
      if (i == ROUNDS - 5) {
        known = slice("a");
      }
    }
    requireSame();
    long before = rows();
    stowage.purge(fleet.now());
    assertThat(rows()).isLessThan(before);
    requireSame();
    SliceDocument change =
        store
            .agedReader()
            .sliceSince(WorkerId.of("a"), known.lineage(), known.id())
            .value()
            .orElseThrow();
    assertThat(change.isFull()).isFalse();
    assertThat(change.after(known)).isEqualTo(slice("a"));
  }

  @Test
  void sliceRow_thatWasDeletedByAHand_isFoundByVerify() {
    fleet.join(10_000, "a", "b").ingest(chunk("c1", 0)).settle();
    stowage.resign();
    TestServer.get().execute("DELETE FROM " + fixture.schema() + ".slice_added");
    try (var session =
        ((dev.stowage.store.spi.Claim.Granted)
                store.claim(new LeaseRequest("test", Duration.ofMinutes(5))))
            .session()) {
      assertThatThrownBy(session::verify)
          .isInstanceOf(StorageException.Corrupt.class)
          .hasMessageContaining("slice_added")
          .hasMessageContaining("restore a backup");
    }
  }

  /** The server keeps plans that it made when a table was empty. */
  @Tag("deep")
  @Test
  void delta_readsRowsOfItsOwnWorker_alsoAfterTheTableHasGrown() throws InterruptedException {
    fleet.join(10_000, "a", "b").ingest(chunk("c1", 0)).settle();
    TestServer.get().execute("ANALYZE " + fixture.schema() + ".slice_change");
    SliceDocument known = slice("a");
    readDeltas(known);
    fixture.execute(
        "INSERT INTO $.slice_change SELECT 7, f.worker_assignment, 7, n, 0, 1"
            + " FROM $.fleet f, generate_series(1, 20000) n");
    new CountDownLatch(1).await(1_100, TimeUnit.MILLISECONDS); // until statistics are told again
    readDeltas(known);
    long before = statistic("seq_tup_read");
    long looks = statistic("idx_scan");
    new CountDownLatch(1).await(1_100, TimeUnit.MILLISECONDS);
    readDeltas(known);
    assertThat(statistic("idx_scan")).isGreaterThan(looks);
    assertThat(statistic("seq_tup_read")).isEqualTo(before);
  }

  private void readDeltas(SliceDocument known) {
    for (int i = 0; i < 50; i++) {
      assertThat(
              store.agedReader().sliceSince(WorkerId.of("a"), known.lineage(), known.id()).value())
          .isPresent();
    }
  }

  private long statistic(String name) {
    return fixture.number(
        "SELECT COALESCE("
            + name
            + ", 0) FROM pg_stat_user_tables WHERE relname = 'slice_change' AND schemaname = '"
            + fixture.schema()
            + "'");
  }

  private void requireSame() {
    for (String name : WORKERS) {
      WorkerSlice leaders = stowage.fleet().slice(WorkerId.of(name)).orElseThrow();
      assertThat(sorted(slice(name).put())).isEqualTo(sorted(leaders.entries()));
    }
  }

  private static List<SliceEntry> sorted(List<SliceEntry> entries) {
    return entries.stream()
        .sorted(Comparator.comparing((SliceEntry entry) -> entry.key().toString()))
        .toList();
  }

  private SliceDocument slice(String name) {
    return store.agedReader().slice(WorkerId.of(name)).value().orElseThrow();
  }

  private long rows() {
    return fixture.number("SELECT count(*) FROM " + fixture.schema() + ".slice_added");
  }
}
