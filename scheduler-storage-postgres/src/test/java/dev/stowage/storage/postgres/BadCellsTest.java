package dev.stowage.storage.postgres;

import static dev.stowage.contract.SmallFleet.chunk;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stowage.Stowage;
import dev.stowage.contract.SmallFleet;
import dev.stowage.lifecycle.questions.Questions;
import dev.stowage.storage.postgres.sql.SchemaObjects;
import dev.stowage.store.ChunkStore;
import dev.stowage.store.Lease.LeaseRequest;
import dev.stowage.store.StorageException;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Cells that no store writes, and objects that are gone: who reads them names table and column. */
class BadCellsTest {
  private PostgresFixture fixture;
  private HandOnTables hand;
  private PostgresChunkStore store;

  @BeforeEach
  void openFleet() {
    fixture = new PostgresFixture();
    hand = new HandOnTables(fixture);
    store = fixture.connect();
    try (Stowage leader = SmallFleet.facade(store, "leader")) {
      SmallFleet fleet = new SmallFleet(leader);
      leader.claim(fleet.now());
      fleet.join(10_000, "a", "b").ingest(chunk("c1", 0)).settle();
      leader.resign();
    }
  }

  @AfterEach
  void closeFleet() {
    store.close();
    fixture.close();
  }

  private static void corrupt(ThrowingCallable reading, String... words) {
    assertThatThrownBy(reading)
        .isInstanceOf(StorageException.Corrupt.class)
        .hasMessageContainingAll(words);
  }

  private static ThrowingCallable claimOf(ChunkStore store) {
    return () -> store.claim(new LeaseRequest("next", Duration.ofMinutes(1)));
  }

  @Test
  void epoch_thatCannotGrow_isCorrupt_toWhoClaims() {
    hand.edit("ALTER TABLE $.lease DROP CONSTRAINT lease_epoch_check");
    for (long epoch : new long[] {Long.MAX_VALUE, (1L << 62) + 1, -1, Long.MIN_VALUE}) {
      hand.edit("UPDATE $.lease SET epoch = " + epoch);
      corrupt(claimOf(store), "table lease", "column epoch is " + epoch + ";", "restore a backup");
      try (Stowage next = SmallFleet.facade(store, "next")) {
        corrupt(() -> next.claim(0), "column epoch is " + epoch);
        assertThat(next.isLeading()).isFalse();
      }
      assertThat(store.audit().problems().get(0)).contains("table lease has epoch " + epoch);
    }
  }

  @Test
  void epoch_thatNobodyWasGranted_isCorrupt_toWhoAsksWhoLeads() {
    hand.edit("UPDATE $.lease SET holder = 'ghost', epoch = 0");
    corrupt(store::lease, "table lease", "column epoch is 0;");
    corrupt(claimOf(store), "column epoch is 0;");
  }

  @Test
  void epoch_thatIsTheLargest_isClaimedOnce() {
    hand.edit("UPDATE $.lease SET epoch = (1::bigint << 62) - 1");
    assertThat(store.lease()).isEmpty();
    try (Stowage next = SmallFleet.facade(store, "next")) {
      assertThat(next.claim(0).lease().epoch()).isEqualTo(1L << 62);
    }
    assertThat(store.audit().problems()).isEmpty();
  }

  @Test
  void wire_thatIsNoRecordType_isCorrupt_toWhoReadsEvidence() {
    for (int wire : new int[] {Integer.MAX_VALUE, 65_536, -1}) {
      hand.edit("UPDATE $.evidence SET wire = " + wire + " WHERE index = 2");
      corrupt(
          () -> store.evidence(0, 10),
          "row 2 of table evidence",
          "column wire is " + wire + ", and type is " + wire + "; 0 to 65535 is accepted");
      assertThat(store.evidence(3, 10)).as("what is behind it").isNotEmpty();
      assertThat(store.audit().problems()).anyMatch(it -> it.contains("column wire is " + wire));
    }
  }

  @Test
  void timeMark_thatIsNull_isCorrupt_toEveryReader() {
    for (String column : List.of("clock_nanos", "tick_nanos", "listening_tick", "resets")) {
      hand.edit("ALTER TABLE $.fleet ALTER COLUMN " + column + " DROP NOT NULL");
      hand.edit("UPDATE $.fleet SET " + column + " = NULL");
      for (ThrowingCallable each : readers()) {
        corrupt(each, "table fleet", "column " + column + " is NULL");
      }
      hand.edit("UPDATE $.fleet SET " + column + " = 0");
    }
  }

  @Test
  void lineages_thatAreNone_orCutOff_areCorrupt_toEveryReader() {
    hand.edit("UPDATE $.fleet SET lineages = substr(lineages, 1, length(lineages) - 1)");
    for (ThrowingCallable each : readers()) {
      corrupt(each, "table fleet", "column lineages", "8 bytes expected, 7 left");
    }
    hand.edit("ALTER TABLE $.fleet ALTER COLUMN lineages DROP NOT NULL");
    hand.edit("UPDATE $.fleet SET lineages = NULL");
    for (ThrowingCallable each : readers()) {
      corrupt(each, "table fleet", "at least one lineage");
    }
  }

  private List<ThrowingCallable> readers() {
    return List.of(
        store::view,
        store::read,
        store::audit,
        store::routes,
        () -> store.ask(Questions.status(List.of(SmallFleet.key("c1")))),
        () -> SmallFleet.facade(store, "writer").ingest(List.of(chunk("c2", 10)), 0),
        claimOf(store));
  }

  @Test
  void sequenceOrTable_thatWasDropped_isNamedByTheAudit() {
    fixture.execute("DROP SEQUENCE $.seen_tick");
    corrupt(store::audit, "the schema lacks sequence seen_tick; dropped by hand");
    fixture.execute("DROP SEQUENCE $.seen_clock; DROP TABLE $.quarantine");
    corrupt(
        store::audit,
        "the schema lacks table quarantine, sequence seen_tick, sequence seen_clock; dropped by"
            + " hand: restore a backup");
    assertThatThrownBy(store::read)
        .as("who does not audit is told too")
        .isInstanceOf(StorageException.Corrupt.class)
        .hasMessageContaining("sequence seen_tick");
  }

  /** Else one that a later script makes would be missed. */
  @Test
  void sequencesAndTables_areAllLookedFor() {
    List<String> needed =
        SchemaObjects.NAMES.stream().filter(it -> !it.startsWith("key ")).toList();
    String names =
        needed.stream()
            .map(it -> "'" + it.substring(it.indexOf(' ') + 1) + "'")
            .collect(Collectors.joining(", "));
    String all =
        "SELECT count(*) FROM pg_class WHERE relnamespace = '"
            + fixture.schema()
            + "'::regnamespace AND relkind IN ('r', 'S') AND relname NOT LIKE '%\\_seq'"
            + " AND relname <> 'stowage_history'";
    assertThat(fixture.number(all)).isEqualTo(needed.size());
    assertThat(fixture.number(all + " AND relname NOT IN (" + names + ")")).isZero();
  }
}
