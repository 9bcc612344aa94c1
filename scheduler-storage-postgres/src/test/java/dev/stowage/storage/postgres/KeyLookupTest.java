package dev.stowage.storage.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.config.LifecycleConfig;
import dev.stowage.lifecycle.rows.FleetRow;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.DatasetId;
import dev.stowage.storage.postgres.sql.Database;
import dev.stowage.storage.postgres.sql.FleetSchema;
import dev.stowage.storage.postgres.sql.SqlTransaction;
import dev.stowage.storage.postgres.sql.Writes;
import dev.stowage.store.Lease.LeaseRequest;
import dev.stowage.store.spi.Claim;
import dev.stowage.store.spi.StoreSession;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Tests that lookups of chunks by key read only these, never a whole dataset: neither without
 * statistics of the table, nor with a plan remembered from when the table was small.
 */
class KeyLookupTest {
  private static final int CHUNKS = 5_000;
  private static final int PLANNED_ONCE_AND_FOR_ALL = 12;
  private static final DatasetId DATASET = DatasetId.of("d");
  private static final ChunkKey KNOWN = ChunkKey.of("d", "c4000");

  /** One key, its neighbours, and as much again for who looks twice. */
  private static final int FEW = 12;

  private final PostgresFixture fixture = new PostgresFixture();
  private Database database;

  @BeforeEach
  void found() {
    PostgresChunkStore store = fixture.connect();
    Claim claim = store.claim(new LeaseRequest("leader", Duration.ofMinutes(5)));
    try (StoreSession session = ((Claim.Granted) claim).session()) {
      session.found(LifecycleConfig.defaults());
    }
    fixture.execute(
        "ALTER TABLE $.chunk SET (autovacuum_enabled = false);"
            + " INSERT INTO $.dataset (name) VALUES ('d')");
    database =
        new Database(
            TestServer.get().source(),
            TestServer.get().source(),
            null,
            new FleetSchema(fixture.schema()),
            Timeouts.DEFAULT);
  }

  @AfterEach
  void dropSchema() {
    fixture.close();
  }

  @Test
  void status_readsTheChunksThatWereNamed() {
    FleetRow fleet;
    try (SqlTransaction transaction = database.begin(Database.Gate.SNAPSHOT)) {
      fleet = FleetSql.base(transaction).orElseThrow().row();
    }
    assertReadsFew(it ->
        StoredReading.some(
            it, Datasets.known(it, List.of(DATASET)), fleet, List.of(KNOWN), List.of()));
  }

  @Test
  void deletionOfWhatWasPurged_readsTheChunkThatWasNamed() {
    assertReadsFew(it -> {
      Writes writes = new Writes(it);
      ChunkSql.delete(writes, Datasets.known(it, List.of(DATASET)), List.of(KNOWN));
      writes.send();
    });
  }

  @Test
  void reader_hasNothingCompiled_whateverTheServerThinksItTakes() {
    for (Database.Gate gate : List.of(Database.Gate.SNAPSHOT, Database.Gate.GLANCE)) {
      try (SqlTransaction transaction = database.begin(Database.Gate.APPENDING)) {
        assertThat(transaction.one("SHOW jit", row -> row.getString(1))).contains("off");
      }
    }
  }

  @Test
  void everyTransaction_hasItsLimits_andIsBoundToItsGate() {
    Timeouts limits =
        new Timeouts(
            Duration.ofMillis(70_001), Duration.ofMillis(20_001), Duration.ofMillis(9_001));
    Database limited =
        new Database(
            TestServer.get().source(),
            TestServer.get().source(),
            null,
            new FleetSchema(fixture.schema()),
            limits);
    for (Database.Gate each : Database.Gate.values()) {
      boolean isReading = each == Database.Gate.SNAPSHOT || each == Database.Gate.GLANCE;
      try (SqlTransaction transaction = limited.begin(each)) {
        assertThat(shown(transaction, "statement_timeout")).as("%s", each).isEqualTo("70001ms");
        assertThat(shown(transaction, "lock_timeout")).as("%s", each).isEqualTo("20001ms");
        assertThat(shown(transaction, "idle_in_transaction_session_timeout"))
            .as("%s", each)
            .isEqualTo("9001ms");
        assertThat(shown(transaction, "transaction_isolation"))
            .as("%s", each)
            .isEqualTo(isReading ? "repeatable read" : "read committed");
        assertThat(locks(transaction)).as("%s", each).isEqualTo(expectedLock(each));
      }
      try (SqlTransaction transaction = limited.begin(Database.Gate.LEASE)) {
        assertThat(shown(transaction, "enable_hashjoin")).as("after %s", each).isEqualTo("on");
      }
    }
  }

  private static String shown(SqlTransaction transaction, String setting) {
    return transaction.one("SHOW " + setting, row -> row.getString(1)).orElseThrow();
  }

  private static String locks(SqlTransaction transaction) {
    return transaction
        .one(
            "SELECT string_agg(c.relname || ' ' || l.mode, ', ' ORDER BY c.relname) FROM pg_locks l"
                + " JOIN pg_class c ON c.oid = l.relation WHERE l.pid = pg_backend_pid()"
                + " AND l.granted AND c.relname = 'gate'",
            row -> String.valueOf(row.getString(1)))
        .orElseThrow();
  }

  private static String expectedLock(Database.Gate gate) {
    return gate == Database.Gate.ALONE ? "gate ExclusiveLock" : "null";
  }

  private void assertReadsFew(Consumer<SqlTransaction> look) {
    try (SqlTransaction transaction = database.begin(Database.Gate.APPENDING)) {
      assertReadsFew("planned on an empty table", transaction, look);
    }
    fixture.execute(insertOf(0, 3) + "; ANALYZE $.chunk");
    try (SqlTransaction transaction = database.begin(Database.Gate.APPENDING)) {
      assertReadsFew("planned for the statistics of three rows", transaction, look);
    }
  }

  /** Lets the server plan, then makes the table large, and looks again. */
  private static void assertReadsFew(
      String when, SqlTransaction transaction, Consumer<SqlTransaction> look) {
    for (int i = 0; i < PLANNED_ONCE_AND_FOR_ALL; i++) {
      look.accept(transaction);
    }
    transaction.update(insertOf(3, CHUNKS));
    long before = chunksRead(transaction);
    look.accept(transaction);
    assertThat(chunksRead(transaction) - before).as(when).isBetween(1L, (long) FEW);
  }

  private static String insertOf(int from, int to) {
    return "INSERT INTO $.chunk (dataset, id, first_block, last_block, size_bytes, admitted_tick,"
        + " state, position) SELECT d.id, 'c' || i, 10 * i, 10 * i + 4, 1, 0, 2, i FROM"
        + " $.dataset d, generate_series("
        + from
        + ", "
        + (to - 1)
        + ") AS i";
  }

  private static long chunksRead(SqlTransaction transaction) {
    return transaction
        .one(
            "SELECT seq_tup_read + idx_tup_fetch FROM pg_stat_xact_user_tables"
                + " WHERE relid = '$.chunk'::regclass",
            row -> row.getLong(1))
        .orElseThrow();
  }
}
