package dev.stowage.storage.postgres;

import static java.util.Locale.ROOT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.lifecycle.LifecycleConfig;
import dev.stowage.storage.postgres.sql.FleetSchema;
import dev.stowage.storage.postgres.sql.SchemaObjects;
import dev.stowage.store.Claim;
import dev.stowage.store.Lease.LeaseRequest;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tests the refusals of the schema itself, for every writer and every order. */
class RangeGuardTest {
  private static final String OVERLAP = "23P01";

  private final PostgresFixture fixture = new PostgresFixture();
  private int positions;

  @BeforeEach
  void makeSchema() {
    fixture.connect().close();
    fixture.execute("INSERT INTO $.dataset (name) VALUES ('d'), ('e')");
  }

  @AfterEach
  void dropSchema() {
    fixture.close();
  }

  @Test
  void neighbours_thatOnlyTouch_areBothTaken() {
    insert("b", 10, 19);
    insert("a", 0, 9);
    insert("c", 20, 29);
    assertRefused(OVERLAP, chunk("x", 9, 9));
    assertRefused(OVERLAP, chunk("x", 29, 40));
    assertRefused(OVERLAP, chunk("x", 5, 25));
    fixture.execute(chunk("other", 5, 25).replace("'d'", "'e'"));
  }

  @Test
  void rowsOfOneStatement_mustNotOverlapEither() {
    assertRefused(
        OVERLAP,
        "INSERT INTO $.chunk (dataset, id, first_block, last_block, size_bytes, admitted_tick,"
            + " state) SELECT 1, 'c' || n, n * 10, n * 10 + 10, 1, 0, 2"
            + " FROM generate_series(1, 3) n");
  }

  @Test
  void manyRowsOfOneStatement_areHeldAgainstNeighboursAndEachOther() {
    insert("mid", 10_000, 10_004);
    assertRefused(OVERLAP, many("inside", 9_000, 9));
    assertRefused(OVERLAP, many("firstInside", 10_003, 9));
    assertRefused(OVERLAP, many("lastInside", 8_512, 9));
    assertRefused(OVERLAP, many("eachOther", 50_000, 10));
    fixture.execute(many("apart", 50_000, 9));
    assertRefused(OVERLAP, many("fewShared", 51_480, 9));
    fixture.execute(many("between", 8_505, 4));
    fixture.execute(many("behind", 10_005, 9));
  }

  /** Of some datasets a statement brings many rows, of others few; each is held against its own. */
  @Test
  void rowsOfManyDatasetsInOneStatement_areHeldAgainstTheirOwnNeighbours() {
    fixture.execute("INSERT INTO $.dataset (name) SELECT 's' || n FROM generate_series(1, 300) n");
    String few =
        "INSERT INTO $.chunk (dataset, id, first_block, last_block, size_bytes, admitted_tick,"
            + " state) SELECT id, 'c' || id, id, id + %d, 1, 0, 2 FROM $.dataset";
    insert("mid", 700, 709);
    String mixed = " UNION ALL SELECT 1, 'm' || n, n * 10, n * 10 + 9, 1, 0, 2 FROM";
    assertRefused(OVERLAP, String.format(ROOT, few, 5) + mixed + " generate_series(1, 150) n");
    fixture.execute(
        String.format(ROOT, few, 5) + " WHERE id > 1" + mixed + " generate_series(71, 300) n");
    assertRefused(OVERLAP, String.format(ROOT, few, 0).replace("'c' ||", "'x' ||"));
    assertRefused(
        OVERLAP, String.format(ROOT, few, 0).replace("'c' ||", "'y' ||") + " WHERE id > 200");
    fixture.execute(
        String.format(ROOT, few, 0).replace("'c' ||", "'z' ||").replace("id, id +", "id+9, id+9 +")
            + " WHERE id > 1");
  }

  /** 150 rows whose ranges begin 10 blocks apart. */
  private static String many(String name, long from, int length) {
    return "INSERT INTO $.chunk (dataset, id, first_block, last_block, size_bytes, admitted_tick,"
        + " state) SELECT 1, '"
        + name
        + "' || n, n * 10 + "
        + from
        + ", n * 10 + "
        + (from + length)
        + ", 1, 0, 2 FROM generate_series(0, 149) n";
  }

  @Test
  void writersOfOneRange_atTheSameTime_haveOneWinner() throws Exception {
    int writers = 8;
    ExecutorService pool = Executors.newFixedThreadPool(writers);
    try {
      for (int round = 0; round < 10; round++) {
        CountDownLatch start = new CountDownLatch(1);
        List<Future<String>> answers = new ArrayList<>();
        for (int i = 0; i < writers; i++) {
          String sql = chunk("r" + round + "w" + i, 100L * round + i, 100L * round + i + 50);
          answers.add(
              pool.submit(() -> {
                start.await();
                return stateAfter(sql);
              }));
        }
        start.countDown();
        int winners = 0;
        for (Future<String> answer : answers) {
          String state = answer.get(1, TimeUnit.MINUTES);
          assertThat(state).isIn("", OVERLAP);
          winners += state.isEmpty() ? 1 : 0;
        }
        assertThat(winners).isEqualTo(1);
      }
    } finally {
      pool.shutdownNow();
    }
  }

  @Test
  void writer_thatCommitsLater_isSeenByWhoeverWaitedForIt() throws Exception {
    ExecutorService pool = Executors.newSingleThreadExecutor();
    try (Connection first = TestServer.get().source().getConnection();
        Statement statement = first.createStatement()) {
      first.setAutoCommit(false);
      statement.execute(new FleetSchema(fixture.schema()).in(chunk("first", 0, 9)));
      Future<String> second = pool.submit(() -> stateAfter(chunk("second", 5, 14)));
      awaitALockWait();
      first.commit();
      assertThat(second.get(1, TimeUnit.MINUTES)).isEqualTo(OVERLAP);
    } finally {
      pool.shutdownNow();
    }
  }

  /** Bounded: the wait is for the server to say that somebody waits. */
  private static void awaitALockWait() throws SQLException {
    try (Connection connection = TestServer.get().source().getConnection();
        Statement statement = connection.createStatement()) {
      for (int asked = 0; asked < 2_000; asked++) {
        try (var rows =
            statement.executeQuery(
                "SELECT count(*), pg_sleep(0.005) FROM pg_locks WHERE NOT granted")) {
          rows.next();
          if (rows.getInt(1) > 0) {
            return;
          }
        }
      }
    }
    throw new AssertionError("nobody waits");
  }

  @Test
  void snapshotFromBefore_isRefused() {
    assertRefused(
        "25000", "BEGIN ISOLATION LEVEL REPEATABLE READ; " + chunk("a", 0, 9) + "; COMMIT");
    assertRefused("25000", "BEGIN ISOLATION LEVEL SERIALIZABLE; " + chunk("a", 0, 9) + "; COMMIT");
  }

  @Test
  void chunk_thatComesToLife_isLookedAt() {
    insert("a", 0, 9);
    fixture.execute("UPDATE $.chunk SET marked = true WHERE id = 'a'");
    insert("b", 5, 14);
    assertRefused(OVERLAP, "UPDATE $.chunk SET marked = false WHERE id = 'a'");
    insert("c", 20, 29);
    assertRefused(OVERLAP, "UPDATE $.chunk SET last_block = 20 WHERE id = 'b'");
    fixture.execute("UPDATE $.chunk SET last_block = 19 WHERE id = 'b'");
  }

  @Test
  void pendingSwap_permitsItsTwoSides_andNobodyElse() {
    insert("old", 0, 99);
    fixture.execute(swap(1, "old", "new"));
    insert("new", 0, 9);
    // Behind "new" in the index, and out of its reach: found all the same.
    assertRefused(OVERLAP, chunk("x", 50, 60));
    fixture.execute(swap(2, "new", "newer"));
    insert("newer", 5, 30);
    assertRefused(OVERLAP, chunk("x", 20, 25));
    assertRefused("23505", swap(3, "old", "y"));
  }

  @Test
  void swap_thatEndsWithoutAMark_isRefusedAtTheCommit() {
    insert("old", 0, 9);
    fixture.execute(swap(1, "old", "new"));
    insert("new", 0, 9);
    assertRefused(OVERLAP, "UPDATE $.swap_chunk SET pending = false WHERE swap = 1");
    assertRefused(OVERLAP, "DELETE FROM $.swap WHERE id = 1");
    fixture.execute(
        "BEGIN; UPDATE $.swap_chunk SET pending = false WHERE swap = 1;"
            + " UPDATE $.chunk SET marked = true WHERE id = 'old'; COMMIT");
  }

  @Test
  void dataset_mustExist_andStays() {
    assertRefused(
        "23503", chunk("a", 0, 9).replace("(SELECT id FROM $.dataset WHERE name = 'd')", "99"));
    assertRefused("23001", "DELETE FROM $.dataset");
  }

  /** The session of a writer has a temporary table by the name of each table of the fleet. */
  @Test
  void temporaryTables_hideNothingFromTheGuards() {
    insert("a", 0, 9);
    assertRefused(OVERLAP, beside(chunk("x", 5, 14)));
    assertRefused(OVERLAP, beside(many("x", 0, 9)));
    insert("b", 20, 29);
    assertRefused(OVERLAP, beside("UPDATE $.chunk SET first_block = 9 WHERE id = 'b'"));
    String foreign =
        chunk("c", 30, 39).replace("(SELECT id FROM $.dataset WHERE name = 'd')", "99");
    assertRefused("23503", beside("INSERT INTO dataset (id, name) VALUES (99, 'x'); " + foreign));

    fixture.execute(swap(1, "a", "new"));
    assertRefused("", beside(chunk("new", 0, 9)));
    assertRefused(OVERLAP, beside("DELETE FROM $.swap WHERE id = 1"));
  }

  @Test
  void temporaryTables_keepNoTriggerFromWriting() {
    try (PostgresChunkStore store = fixture.connect()) {
      Claim claim = store.claim(new LeaseRequest("leader", Duration.ofMinutes(1)));
      ((Claim.Granted) claim).session().found(LifecycleConfig.defaults());
    }
    insert("a", 0, 9);
    fixture.execute(
        "UPDATE $.chunk SET number_lineage = 1, number_counter = 1;"
            + " INSERT INTO $.replica (chunk, worker, since, flags) VALUES (0, 0, 5, 0)");
    assertRefused("", beside("UPDATE $.replica SET since = 3"));
    assertThat(fixture.number("SELECT count(*) FROM " + fixture.schema() + ".slice_change"))
        .isEqualTo(1);
  }

  /** A transaction that makes temporary tables first. */
  private static String beside(String sql) {
    String tables =
        SchemaObjects.columns().stream()
            .map(SchemaObjects.Column::table)
            .distinct()
            .map(it -> "CREATE TEMP TABLE " + it + " (LIKE $." + it + ") ON COMMIT DROP; ")
            .collect(Collectors.joining());
    return "BEGIN; " + tables + sql + "; COMMIT";
  }

  private void insert(String id, long first, long last) {
    fixture.execute(chunk(id, first, last));
  }

  private String chunk(String id, long first, long last) {
    return "INSERT INTO $.chunk (dataset, id, first_block, last_block, size_bytes, admitted_tick,"
        + " state, position) VALUES ((SELECT id FROM $.dataset WHERE name = 'd'), '"
        + id
        + "', "
        + first
        + ", "
        + last
        + ", 1, 0, 2, "
        + positions++
        + ")";
  }

  private static String swap(int id, String old, String fresh) {
    return "INSERT INTO $.swap (id, registered_tick, dataset, coverage, state, end_tick) VALUES ("
        + id
        + ", 0, 1, 1, 0, 0); INSERT INTO $.swap_chunk (swap, place, dataset, side, pending, id)"
        + " VALUES ("
        + id
        + ", 0, 1, 0, true, '"
        + old
        + "'), ("
        + id
        + ", 0, 1, 1, true, '"
        + fresh
        + "')";
  }

  private void assertRefused(String state, String sql) {
    assertThat(stateAfter(sql)).as(sql).isEqualTo(state);
  }

  /** The SQL state that a statement is refused with; empty if it is not. */
  private String stateAfter(String sql) {
    try (Connection connection = TestServer.get().source().getConnection();
        Statement statement = connection.createStatement()) {
      try {
        statement.execute(new FleetSchema(fixture.schema()).in(sql));
        return "";
      } catch (SQLException refused) {
        statement.execute("ROLLBACK");
        return refused.getSQLState();
      }
    } catch (SQLException e) {
      throw new AssertionError(sql, e);
    }
  }
}
