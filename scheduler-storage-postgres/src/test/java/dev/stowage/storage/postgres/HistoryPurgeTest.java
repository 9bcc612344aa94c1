package dev.stowage.storage.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stowage.Stowage;
import dev.stowage.config.LifecycleConfig;
import dev.stowage.contract.SmallFleet;
import dev.stowage.model.Worker;
import dev.stowage.model.WorkerId;
import dev.stowage.storage.postgres.sql.Database;
import dev.stowage.storage.postgres.sql.FleetSchema;
import dev.stowage.storage.postgres.sql.SqlTransaction;
import dev.stowage.store.Lease.LeaseRequest;
import dev.stowage.store.spi.Claim;
import dev.stowage.store.spi.Commit.CommitKey;
import dev.stowage.store.spi.Commit.CommitOutcome;
import dev.stowage.store.spi.StoreSession;
import dev.stowage.store.spi.StoreSession.HistoryHorizon;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;

/** Tests that retention reads what it deletes, whatever the size of the table. */
class HistoryPurgeTest {
  private static final int OLD = 500;
  private static final int WORKERS = 20;
  private static final HistoryHorizon ALL_BELOW_OLD = new HistoryHorizon(0, OLD);

  private final PostgresFixture fixture = new PostgresFixture();

  @AfterEach
  void dropSchema() {
    fixture.close();
  }

  private Database founded(PostgresChunkStore store) {
    Claim claim = store.claim(new LeaseRequest("leader", Duration.ofMinutes(5)));
    try (StoreSession session = ((Claim.Granted) claim).session()) {
      session.found(LifecycleConfig.defaults());
    }
    // No pool: a backend adds to its figures those that it has not reported of earlier
    // transactions.
    PGSimpleDataSource source = new PGSimpleDataSource();
    source.setUrl(TestServer.get().url());
    return new Database(source, source, null, new FleetSchema(fixture.schema()), Timeouts.DEFAULT);
  }

  @Test
  void purge_readsWhatItDeletes() {
    Database database = founded(fixture.connect());
    fixture.execute(
        """
        INSERT INTO $.committed SELECT g % 3 + 1, g,
          NOW - CASE WHEN g <= OLD THEN KEPT ELSE 0 END + g FROM generate_series(1, ROWS) g;
        INSERT INTO $.assignment SELECT g, 1, g FROM generate_series(1, ROWS) g
          ON CONFLICT DO NOTHING;
        INSERT INTO $.route_change SELECT g, 1, g, '{}', '{}', '{}', ''
          FROM generate_series(1, ROWS) g ON CONFLICT DO NOTHING;
        INSERT INTO $.slice_sum SELECT g, 0, 0, g % WORKERS FROM generate_series(1, ROWS) g
        """
            .replace("NOW", LeaseSql.NOW)
            .replace("OLD", "" + OLD)
            .replace("KEPT", "" + 2 * Timeouts.DEFAULT.keysKept().toNanos())
            .replace("ROWS", "20000")
            .replace("WORKERS", "" + WORKERS));
    for (int worker = 0; worker < WORKERS; worker++) {
      addWorker(worker);
    }
    fixture.execute("ANALYZE $.committed; ANALYZE $.assignment; ANALYZE $.slice_sum");
    try (SqlTransaction transaction = database.begin(Database.Gate.ALONE)) {
      HistorySql.trim(transaction, ALL_BELOW_OLD, Timeouts.DEFAULT.keysKept(), 10 * OLD);
      for (String table : List.of("committed", "assignment", "route_change", "slice_sum")) {
        long deleted = figure(transaction, table, "n_tup_del");
        assertThat(deleted).as("deleted of " + table).isBetween(OLD - WORKERS - 1L, (long) OLD);
        assertThat(figure(transaction, table, "seq_tup_read + idx_tup_fetch"))
            .as("read of " + table)
            .isLessThanOrEqualTo(4 * deleted + 4 * WORKERS);
      }
    }
  }

  private void addWorker(int position) {
    fixture.execute(
        "INSERT INTO $.worker (slice_sum, away_until, least_copies, strained, strain_percent,"
            + " capacity_bytes, absent_since, incarnation, last_applied, published_incarnation,"
            + " inventory_report, last_report, last_seen_tick, pressure_tick, marks_hash, position,"
            + " max_replicas, uplink_bytes_per_second, downlink_bytes_per_second, status,"
            + " departure, pressure, caught_up, owes_inventory, heard, id, zone, version) VALUES"
            + " (0, 0, 0, 0, 0, 1, 0, 1, 0, 0, 0, 0, 0, 0, 0, #, 1, 1, 1, 0, 0, 0, true, false, true,"
                .replace("#", "" + position)
            + " 'w#', '', '')".replace("#", "" + position));
  }

  private static long figure(SqlTransaction transaction, String table, String what) {
    return transaction
        .one(
            "SELECT "
                + what
                + " FROM pg_stat_xact_user_tables WHERE relid = '$."
                + table
                + "'::regclass",
            row -> row.getLong(1))
        .orElseThrow();
  }

  @Test
  void purge_deletesNoMoreThanABatch_oldestFirst() {
    Database database = founded(fixture.connect());
    fixture.execute("INSERT INTO $.committed SELECT 1, g, g FROM generate_series(1, 100) g");
    try (SqlTransaction transaction = database.begin(Database.Gate.ALONE)) {
      assertThat(HistorySql.trimKeys(transaction, Duration.ofHours(1), 30)).isEqualTo(30);
      assertThat(transaction.one("SELECT min(sequence) FROM $.committed", row -> row.getLong(1)))
          .contains(31L);
      assertThat(HistorySql.trimKeys(transaction, Duration.ofHours(1), 1_000)).isEqualTo(69);
    }
  }

  @Test
  void keysKept_areTenTimesTheLongestCommit() {
    fixture.connect();
    Timeouts limits =
        new Timeouts(Duration.ofMinutes(7), Duration.ofSeconds(11), Duration.ofSeconds(13));
    assertThat(limits.socket()).isGreaterThan(limits.statement().plus(limits.lock()));
    assertThat(limits.keysKept()).isEqualTo(limits.socket().plus(limits.idle()).multipliedBy(10));
  }

  @Test
  void outcome_atTheBorderOfRetention_isKnownOrRefused_neverDenied() {
    PostgresChunkStore store = fixture.connect();
    Duration kept = Timeouts.DEFAULT.keysKept();
    long epoch;
    try (Stowage stowage = SmallFleet.facade(store, "leader")) {
      SmallFleet fleet = new SmallFleet(stowage);
      stowage.claim(fleet.now());
      epoch = stowage.stats().epoch();
      fleet.join(10_000, "a", "b").ingest(SmallFleet.chunk("c1", 0)).settle();
      fixture.execute(
          "UPDATE $.committed SET committed_nanos = committed_nanos - "
              + kept.minusSeconds(60).toNanos()
              + " - CASE WHEN sequence < 4 THEN 61000000000 ELSE 0 END");
      stowage.purge(fleet.now());
      long first = sequence("min");
      assertThat(first).isEqualTo(4);
      assertThat(store.outcomeOf(new CommitKey(epoch, first))).isEqualTo(CommitOutcome.COMMITTED);
      assertThatThrownBy(() -> store.outcomeOf(new CommitKey(epoch, first - 1)))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("is not known any more");
      fixture.execute("UPDATE $.committed SET committed_nanos = 0");
      stowage.purge(fleet.now());
      long newest = sequence("max");
      assertThat(store.outcomeOf(new CommitKey(epoch, newest))).isEqualTo(CommitOutcome.COMMITTED);
      assertThat(store.outcomeOf(new CommitKey(epoch, newest + 1)))
          .isEqualTo(CommitOutcome.NOT_COMMITTED);
      stowage.resign();
    }
    try (Stowage next = SmallFleet.facade(store, "next")) {
      next.claim(10_000_000_000L);
      next.describe(Worker.of(WorkerId.of("z"), 5), 10_000_000_000L);
      fixture.execute("UPDATE $.committed SET committed_nanos = 0");
      next.purge(10_000_000_000L);
      assertThat(
              fixture.number(
                  "SELECT count(DISTINCT epoch) FROM " + fixture.schema() + ".committed"))
          .isEqualTo(2);
      next.resign();
    }
  }

  private long sequence(String what) {
    return fixture.number("SELECT " + what + "(sequence) FROM " + fixture.schema() + ".committed");
  }
}
