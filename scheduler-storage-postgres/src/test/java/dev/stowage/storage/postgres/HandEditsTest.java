package dev.stowage.storage.postgres;

import static dev.stowage.contract.SmallFleet.chunk;
import static dev.stowage.contract.SmallFleet.key;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.stowage.Stowage;
import dev.stowage.command.ResultCode;
import dev.stowage.contract.SmallFleet;
import dev.stowage.lifecycle.questions.Questions;
import dev.stowage.model.Chunk;
import dev.stowage.model.Tick;
import dev.stowage.model.WorkerId;
import dev.stowage.model.WorkerStatus;
import dev.stowage.storage.postgres.sql.SchemaObjects;
import dev.stowage.store.StorageException;
import dev.stowage.store.spi.StoreSession;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Rows that a hand changes are found by the load or by the audit, and served to nobody. */
@Tag("deep")
class HandEditsTest extends HandOnTables {
  private static final List<String> OF_THE_DIGEST =
      List.of("fleet", "dataset", "chunk", "swap", "worker", "replica");

  /** Each must be found. */
  private static final List<String> EDITS =
      lines(
          """
          UPDATE $.lease SET holder = ''
          UPDATE $.lease SET epoch = 9223372036854775807
          UPDATE $.lease SET expires_nanos = 9223372036854775807, holder = 'ghost'
          UPDATE $.evidence SET index = 9223372036854775807 WHERE index = (SELECT max(index) FROM
            $.evidence)
          UPDATE $.evidence SET wire = 2147483647 WHERE index = (SELECT max(index) FROM $.evidence)
          DELETE FROM $.fleet
          UPDATE $.fleet SET evidence_hash = ''
          UPDATE $.fleet SET lineages = set_byte(lineages, length(lineages) - 17, get_byte(lineages,
            length(lineages) - 17) # 1)
          INSERT INTO $.committed SELECT epoch + 1, 1, 0 FROM $.lease
          UPDATE $.worker SET absence = 4, absent_since = 1 WHERE id = 'a'
          DELETE FROM $.swap
          DELETE FROM $.chunk WHERE id = 'c1'
          DELETE FROM $.worker WHERE id = 'a'
          DELETE FROM $.replica WHERE ctid = (SELECT min(ctid) FROM $.replica)
          INSERT INTO $.replica (chunk, worker, since) SELECT c.position, w.position, 1 FROM $.chunk
            c, $.worker w WHERE NOT EXISTS (SELECT FROM $.replica r WHERE r.chunk = c.position AND r.worker = w.position) LIMIT 1
          DELETE FROM $.slice_added WHERE worker = (SELECT position FROM $.worker WHERE id = 'a')
          UPDATE $.slice_added SET chunks = '{}' WHERE worker = (SELECT position FROM $.worker WHERE
            id = 'c')
          UPDATE $.slice_added SET until = until - 1 WHERE ctid = (SELECT max(ctid) FROM
            $.slice_added)
          DELETE FROM $.slice_change WHERE ctid = (SELECT max(ctid) FROM $.slice_change)
          UPDATE $.slice_change SET since = since + 1
          UPDATE $.slice_change SET worker = worker + 7
          DELETE FROM $.slice_sum WHERE worker = (SELECT position FROM $.worker WHERE id = 'a')
          UPDATE $.slice_sum SET sum = sum + 1 WHERE assignment = (SELECT max(assignment) FROM
            $.slice_sum)
          UPDATE $.slice_sum SET inventory_report = 5
          DELETE FROM $.route_change WHERE id = (SELECT max(id) FROM $.route_change)
          DELETE FROM $.route_change WHERE id = (SELECT max(id) - 1 FROM $.route_change)
          UPDATE $.route_change SET chunks = '{}' WHERE cardinality(chunks) > 0
          UPDATE $.route_change SET gone_ids = '{y}' WHERE cardinality(gone_ids) = 1
          DELETE FROM $.evidence WHERE index = 0
          DELETE FROM $.evidence WHERE index = 3
          DELETE FROM $.evidence WHERE index = (SELECT max(index) FROM $.evidence)
          DELETE FROM $.evidence
          UPDATE $.evidence SET payload = payload || '\\x00' WHERE index = 0
          UPDATE $.evidence SET payload = payload || '\\x00' WHERE index = 5
          UPDATE $.evidence SET wire = wire + 1 WHERE index = 5
          UPDATE $.evidence SET hash = sha256('x') WHERE index = 5
          UPDATE $.evidence SET index = index + 1000 WHERE index = 5
          UPDATE $.evidence SET hash = '\\x00' WHERE index = 5
          UPDATE $.evidence SET hash = '\\x00' WHERE index = (SELECT max(index) FROM $.evidence)
          UPDATE $.evidence_anchor SET hash = '\\x00'
          INSERT INTO $.evidence SELECT index + 1, wire, hash, payload FROM $.evidence ORDER BY
            index DESC LIMIT 1
          DELETE FROM $.evidence_anchor
          UPDATE $.evidence_anchor SET hash = sha256('x')
          UPDATE $.quarantine SET command = command || '\\x00'
          UPDATE $.quarantine SET digest = sha256('x')
          UPDATE $.quarantine SET mark = (SELECT min(mark) FROM $.inbox)
          DELETE FROM $.lease
          DELETE FROM $.assignment WHERE id = (SELECT max(id) FROM $.assignment)
          UPDATE $.assignment SET lineage = lineage + 77 WHERE id = (SELECT max(id) FROM
            $.assignment)
          UPDATE $.assignment SET tick = tick + 100000 WHERE id = (SELECT max(id) FROM $.assignment)
          UPDATE $.assignment SET tick = -1 WHERE id = (SELECT max(id) FROM $.assignment)
          UPDATE $.chunk SET position = 2147483647 WHERE id = 'c1'
          UPDATE $.worker SET position = 2147483647 WHERE id = 'a'
          """);

  /** Something of everything, and news that nobody took in. */
  @Override
  void live(Stowage stowage, SmallFleet fleet) {
    fleet.join(10_000, "a", "b", "c");
    fleet.ingest(chunk("c1", 0), chunk("c2", 10), chunk("c4", 40)).settle();
    slice = store.agedReader().slice(A).value().orElseThrow().id();
    routes = store.agedReader().routes().value().id();
    lineage = store.agedReader().routes().value().lineage();
    stowage.remove(key("c4"), fleet.now());
    fleet.settle();
    stowage.setStatus(WorkerId.of("b"), WorkerStatus.LEAVING, fleet.now());
    fleet.ingest(chunk("c3", 20));
    fixture.execute(
        "INSERT INTO $.inbox (sender, number, kind, command) VALUES (1, 1, 99, '\\x0163')");
    fleet.settle();
    stowage.swap(SmallFleet.dataset(), List.of(key("c1")), List.of(chunk("c1b", 0)), fleet.now());
    stowage.lost(fleet.header("b"), List.of(), fleet.now());
    stowage.resign();
    stowage.ingest(List.of(chunk("c5", 60)), fleet.now());
    stowage.heartbeat(fleet.header("b"), fleet.now());
  }

  @Test
  void eachEdit_isFoundByTheAudit() {
    eachIsFound(EDITS);
  }

  @Test
  void eachColumnOfTheFleet_thatIsEdited_isFoundByTheAudit() {
    List<String> others =
        List.of(
            "fleet.id",
            "fleet.log_position",
            "dataset.id",
            "chunk.live",
            "chunk.rejected_by",
            "worker.absence");
    List<String> edits =
        SchemaObjects.COLUMNS.stream()
            .filter(it -> OF_THE_DIGEST.contains(it.table()))
            .filter(it -> !others.contains(it.table() + "." + it.name()))
            .map(HandEditsTest::edited)
            .toList();
    eachIsFound(edits);
  }

  /** Returns an edit of one row. */
  private static String edited(SchemaObjects.Column column) {
    String value =
        switch (column.type()) {
          case "boolean" -> "NOT #";
          case "text" -> "concat(#, 'x')";
          case "text[]" -> "array_append(#, 'x')";
          case "bytea" -> "coalesce(#, '') || '\\x01'";
          case "smallint" -> "coalesce(#, 0) # 1";
          // Not the position of a neighbour.
          case "integer" -> "coalesce(#, 0) # 64";
          default -> "coalesce(#, 0) # 2";
        };
    return String.format(
        Locale.ROOT,
        "UPDATE $.%s SET %s = %s WHERE ctid = (SELECT min(ctid) FROM $.%1$s)",
        column.table(),
        column.name(),
        value.replaceFirst("#", column.name()));
  }

  /** A worker deletes by {@code keep}, and of a lost disk everything: slices must not be wrong. */
  @Test
  void eachEdit_isServedToNobody() {
    assertThat(store.agedReader().routesSince(lineage, routes).value().isFull()).isFalse();
    eachIsCorrupt(
        """
        DELETE FROM $.slice_added -> slice, sliceSince: worker a
        UPDATE $.worker SET orphans = 'x' WHERE id = 'a' -> slice, sliceSince: worker a
        UPDATE $.worker SET orphans = (SELECT int8send(c.number_lineage) ||
          int8send(c.number_counter) FROM $.chunk c WHERE c.id = 'c1') WHERE id = 'a' -> slice,
          sliceSince: worker a
        UPDATE $.worker SET published_incarnation = published_incarnation + 1 WHERE id = 'a' ->
          slice, sliceSince: worker a
        UPDATE $.worker SET incarnation = incarnation + 1 WHERE id = 'a' -> slice, sliceSince:
          worker a
        UPDATE $.worker SET inventory_report = inventory_report + 1 WHERE id = 'a' -> slice,
          sliceSince: worker a
        UPDATE $.worker SET owes_inventory = NOT owes_inventory WHERE id = 'a' -> slice, sliceSince:
          worker a
        UPDATE $.worker SET absence = 4, absent_since = 1 WHERE id = 'a' -> slice, sliceSince:
          worker a
        DELETE FROM $.slice_change -> sliceSince
        DELETE FROM $.slice_change; INSERT INTO $.slice_change SELECT r.worker, f.worker_assignment,
          c.number_lineage, c.number_counter, r.chunk, 1 FROM $.fleet f, $.replica r JOIN $.chunk c
          ON c.position = r.chunk -> sliceSince
        UPDATE $.chunk SET size_bytes = 1 -> slice
        DELETE FROM $.route_change WHERE id = (SELECT max(id) FROM $.route_change) -> routesSince
        UPDATE $.worker SET zone = 'z' WHERE id = 'a' -> view
        UPDATE $.fleet SET portal_assignment = 9223372036854775807 -> routes,
          routesSince
        UPDATE $.fleet SET worker_assignment = 9223372036854775807 -> slice
        UPDATE $.fleet SET worker_assignment = 9223372036854775807 -> sliceSince:
          table assignment
        UPDATE $.chunk SET position = 2147483647 WHERE id = 'c1' -> view, read, audit: table chunk
          has a row at position 2147483647
        DELETE FROM $.fleet -> view, slice, sliceSince, routes, routesSince, status, head, writes:
          deleted by hand
        """);
    fixture.execute("DELETE FROM $.slice_change");
    assertThat(store.agedReader().slice(A).value())
        .as("the whole slice is read from other rows")
        .isPresent();
    fixture.execute("DELETE FROM $.worker WHERE id = 'a'");
    assertThat(store.agedReader().slice(A).value()).as("no slice, and not an empty one").isEmpty();
  }

  @Test
  void digestThatIsEdited_underALeader_isNotCalledABrokenPromise_andLoadedAnew() {
    try (Stowage leader = SmallFleet.facade(store, "again")) {
      SmallFleet fleet = new SmallFleet(leader);
      fleet.pass(largest().value());
      leader.claim(fleet.now());
      leader.schedule(fleet.now());
      fixture.execute("UPDATE $.fleet SET digest = digest + 1");
      assertThatThrownBy(() -> leader.ingest(List.of(chunk("c7", 80)), fleet.now()))
          .isInstanceOf(StorageException.Corrupt.class)
          .hasMessageContaining("by hand");
      assertThatThrownBy(() -> leader.schedule(fleet.pass(1).now()))
          .as("an idle cycle too")
          .isInstanceOf(StorageException.Corrupt.class);
      fixture.execute("UPDATE $.fleet SET digest = digest - 1");
      assertThat(leader.ingest(List.of(chunk("c7", 80)), fleet.now()).isAccepted()).isTrue();
    }
  }

  @Test
  void leaseOfAnotherLineage_fencesItsHolder_whoBeginsItThen() {
    try (Stowage leader = SmallFleet.facade(store, "again")) {
      SmallFleet fleet = new SmallFleet(leader);
      fleet.pass(largest().value());
      leader.claim(fleet.now());
      leader.schedule(fleet.now());
      fixture.execute("UPDATE $.lease SET lineage = 5");
      assertThatThrownBy(() -> leader.schedule(fleet.pass(1).now()))
          .isInstanceOf(StorageException.Fenced.class)
          .hasMessageContaining("the store is now of lineage 0000000000000005");
      assertThat(leader.claim(fleet.now()).granted()).isTrue();
      assertThat(leader.schedule(fleet.now()).isAccepted()).isTrue();
      assertThat(store.agedReader().slice(A).value().orElseThrow().lineage().token()).isEqualTo(5);
    }
  }

  /** Tests edits that nothing hashes, as the page states; the next idle cycle sets all three. */
  @Test
  void marksOfIdleCycles_areNotCovered_andTheFleetGoesOn() {
    for (String edit :
        List.of(
            "SELECT setval('$.seen_clock', 5)",
            "SELECT setval('$.seen_clock', -9223372036854775808)",
            "SELECT setval('$.seen_tick', 0)",
            "SELECT setval('$.seen_resets', 7)")) {
      edit(edit);
      assertThat(store.audit().problems()).as(edit).isEmpty();
      try (Stowage next = SmallFleet.facade(store, "next")) {
        SmallFleet fleet = new SmallFleet(next);
        fleet.pass(largest().value());
        assertThat(next.claim(fleet.now()).granted()).isTrue();
        assertThat(next.schedule(fleet.now()).isAccepted()).as(edit).isTrue();
        assertThat(next.schedule(fleet.pass(1).now()).changed()).as(edit).isFalse();
        next.resign();
        assertThat(largest()).as(edit).isEqualTo(Tick.of(fleet.now() / 1_000_000_000L));
      }
      assertThat(store.audit().problems()).as(edit).isEmpty();
    }
  }

  private Tick largest() {
    return store.read().state().orElseThrow().largestTick();
  }

  @Test
  void fleetRow_thatIsGone_foundsNoFleet() {
    fixture.execute("DELETE FROM $.fleet");
    try (StoreSession session = claim("test")) {
      assertThatThrownBy(session::load)
          .isInstanceOf(StorageException.Corrupt.class)
          .hasMessageContaining("table fleet");
      assertThatThrownBy(() -> session.found(SmallFleet.config().fleet()))
          .isInstanceOf(StorageException.Corrupt.class);
    }
    assertThatThrownBy(() -> store.read()).isInstanceOf(StorageException.Corrupt.class);
  }

  @Test
  void valueThatNoStoreWrites_isCorruption_toEveryReader() {
    List<String> edits =
        List.of(
            "UPDATE $.chunk SET number_lineage = number_lineage + 1",
            "UPDATE $.chunk SET number_counter = -7 WHERE number_counter IS NOT NULL",
            "UPDATE $.chunk SET last_block = -1",
            "UPDATE $.chunk SET size_bytes = -1",
            "UPDATE $.slice_change SET number_counter = -7 - number_counter",
            "UPDATE $.slice_change SET chunk = 99999",
            "UPDATE $.dataset SET name = ''",
            "UPDATE $.worker SET id = '' WHERE id = 'a'",
            "UPDATE $.worker SET position = -1 WHERE id = 'a'",
            "UPDATE $.replica SET since = -5");
    backUp();
    List<ThrowingCallable> readers =
        List.of(
            () -> store.agedReader().slice(A).value(),
            () -> store.agedReader().sliceSince(A, lineage, slice).value(),
            () -> store.agedReader().routes(),
            () -> store.agedReader().routesSince(lineage, routes).value(),
            () -> store.ask(Questions.status(List.of(key("c1"), key("c2"), key("c3")))),
            () -> store.ask(Questions.head(SmallFleet.dataset())),
            () -> store.ask(Questions.leaving(A)),
            store::view,
            store::audit);
    for (String edit : edits) {
      edit("ALTER TABLE $.chunk DROP CONSTRAINT IF EXISTS chunk_check");
      edit("ALTER TABLE $.chunk DROP CONSTRAINT IF EXISTS chunk_size_bytes_check");
      edit("ALTER TABLE $.worker DROP CONSTRAINT IF EXISTS worker_position_check");
      edit(edit);
      for (ThrowingCallable reader : readers) {
        Throwable thrown = catchThrowable(reader);
        if (thrown != null) {
          assertThat(thrown).as(edit).isInstanceOf(StorageException.Corrupt.class);
        }
      }
      restore();
    }
  }

  @Test
  void holderWithoutAName_stopsNoClaim() {
    fixture.execute("UPDATE $.lease SET holder = ''");
    try (StoreSession session = claim("test")) {
      assertThat(session.load().state()).isPresent();
    }
  }

  @Test
  void commitsOfALaterEpoch_stopNoSecondLeader() {
    fixture.execute("UPDATE $.committed SET epoch = epoch + 1");
    try (StoreSession session = claim("test")) {
      assertThat(session.load().state()).isPresent();
      session.resign();
    }
    try (Stowage next = SmallFleet.facade(store, "next")) {
      next.claim(0);
      assertThat(next.schedule(0).isAccepted()).isTrue();
      assertThat(next.ingest(List.of(chunk("after", 900)), 0).isAccepted()).isTrue();
      next.resign();
    }
    assertThat(store.audit().problems()).isEmpty();
  }

  @Test
  void commitThatWasNotMade_isTakenForNone() {
    try (Stowage leader = SmallFleet.facade(store, "again")) {
      SmallFleet fleet = new SmallFleet(leader);
      fleet.pass(largest().value());
      leader.claim(fleet.now());
      leader.schedule(fleet.now());
      fixture.execute(
          "INSERT INTO $.committed SELECT l.epoch, g, 0 FROM $.lease l,"
              + " generate_series((SELECT COALESCE(max(c.sequence), 0) FROM $.committed c,"
              + " $.lease k WHERE c.epoch = k.epoch) + 1, 40) g");
      assertThat(leader.ingest(List.of(chunk("c7", 80)), fleet.now()).code())
          .as("through the log: the leader was fenced")
          .isEqualTo(ResultCode.REQUESTED);
      assertThat(leader.isLeading()).isFalse();
      assertThat(leader.claim(fleet.now()).granted()).isTrue();
      assertThat(leader.schedule(fleet.now()).isAccepted()).isTrue();
      assertThat(leader.ingest(List.of(chunk("c8", 100)), fleet.now()).isAccepted()).isTrue();
      assertThat(leader.isLeading()).isTrue();
      leader.resign();
    }
    assertThat(store.ask(Questions.status(List.of(key("c7"), key("c8")))))
        .allSatisfy(chunk -> assertThat(chunk.state()).isPresent());
    assertThat(store.audit().problems()).isEmpty();
  }

  @Test
  void sliceRowOfAnAssignmentToCome_stopsNoPlan() {
    fixture.execute(
        "INSERT INTO $.slice_added SELECT f.worker_assignment + 1, a.worker, a.chunks FROM $.fleet"
            + " f, $.slice_added a WHERE a.ctid = (SELECT min(ctid) FROM $.slice_added)");
    assertThat(store.audit().problems()).singleElement().asString().contains("not minted");
    try (Stowage leader = SmallFleet.facade(store, "again")) {
      SmallFleet fleet = new SmallFleet(leader);
      fleet.pass(largest().value());
      leader.claim(fleet.now());
      List<Chunk> many = new ArrayList<>();
      for (int i = 0; i < 80; i++) {
        many.add(chunk("many" + i, 1_000 + 10 * i));
      }
      leader.ingest(many, fleet.now());
      assertThat(leader.schedule(fleet.now()).isAccepted()).isTrue();
      leader.resign();
    }
    assertThat(store.agedReader().slice(A).value()).isPresent();
    assertThat(store.audit().problems()).isEmpty();
  }

  @Test
  void evidenceThatWasTrimmed_isWhole_andAgainNotOnceARowIsGone() {
    try (StoreSession session = claim("test")) {
      session.trimHistory(new dev.stowage.store.spi.StoreSession.HistoryHorizon(9, 0), 4);
      assertThat(store.audit().problems()).isEmpty();
      session.trimHistory(new dev.stowage.store.spi.StoreSession.HistoryHorizon(9, 0), 100);
      assertThat(store.audit().problems()).isEmpty();
      assertThat(store.evidence(0, 1).get(0).index()).isEqualTo(9);
      session.verify();
      fixture.execute("DELETE FROM $.evidence WHERE index = 9");
      assertThatThrownBy(session::verify).hasMessageContaining("evidence record 9");
    }
  }
}
