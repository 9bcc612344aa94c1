package dev.stowage.storage.postgres;

import static dev.stowage.contract.SmallFleet.chunk;
import static dev.stowage.contract.SmallFleet.key;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.stowage.Stowage;
import dev.stowage.contract.SmallFleet;
import dev.stowage.lifecycle.questions.Questions;
import dev.stowage.model.Lineage;
import dev.stowage.model.PortalAssignmentId;
import dev.stowage.model.WorkerAssignmentId;
import dev.stowage.model.WorkerId;
import dev.stowage.store.Lease.LeaseRequest;
import dev.stowage.store.StorageException;
import dev.stowage.store.spi.Claim;
import dev.stowage.store.spi.StoreSession;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A fleet whose rows are changed as an operator with a database client does, and put back. */
abstract class HandOnTables {
  static final WorkerId A = WorkerId.of("a");

  /** Every table that an edit may change, in an order in which rows can be put back. */
  private static final String TABLES =
      "fleet, dataset, swap, chunk, worker, replica, inbox, answer, quarantine, committed,"
          + " evidence, evidence_anchor, established, assignment, slice_added, slice_change,"
          + " slice_sum, route_change, lease";

  PostgresFixture fixture;
  PostgresChunkStore store;

  /** The time at which the leader of the story resigned. */
  long now;

  /** The documents whose changes are asked for. */
  Lineage lineage = Lineage.of(1);

  WorkerAssignmentId slice = WorkerAssignmentId.of(0);
  PortalAssignmentId routes = PortalAssignmentId.of(0);

  @BeforeEach
  void openFleet() {
    fixture = new PostgresFixture();
    store = fixture.connect();
    try (Stowage leader = SmallFleet.facade(store, "leader")) {
      SmallFleet fleet = new SmallFleet(leader);
      leader.claim(fleet.now());
      live(leader, fleet);
      now = fleet.now();
    }
  }

  /** Fills the fleet; the leader resigns. */
  abstract void live(Stowage leader, SmallFleet fleet);

  @AfterEach
  void closeFleet() {
    fixture.close();
  }

  /** Carries out one statement; guards of the schema look away. */
  void edit(String statement) {
    fixture.execute(
        "SET session_replication_role = replica; "
            + statement
            + "; RESET session_replication_role");
  }

  /** Keeps a copy of every row. */
  void backUp() {
    String kept = fixture.schema() + "_kept";
    fixture.execute("DROP SCHEMA IF EXISTS " + kept + " CASCADE; CREATE SCHEMA " + kept);
    for (String table : TABLES.split(", ")) {
      fixture.execute("CREATE TABLE " + kept + "." + table + " AS SELECT * FROM $." + table);
    }
  }

  /** Puts every row back as the copy has it. */
  void restore() {
    edit(
        """
        DO $do$ DECLARE one text; cols text; BEGIN
          FOREACH one IN ARRAY string_to_array('TABLES', ', ') LOOP
            SELECT string_agg(quote_ident(column_name), ', ') INTO cols
              FROM information_schema.columns
              WHERE table_schema = '#' AND table_name = one AND is_generated = 'NEVER';
            EXECUTE 'DELETE FROM #.' || one;
            EXECUTE format('INSERT INTO #.%s (%s) OVERRIDING SYSTEM VALUE'
              ' SELECT %s FROM #_kept.%s', one, cols, cols, one);
          END LOOP;
        END $do$
        """
            .replace("TABLES", TABLES)
            .replace("#", fixture.schema()));
  }

  /** Returns all that a host does, each by itself. */
  Map<String, ThrowingCallable> calls() {
    Map<String, ThrowingCallable> calls = new TreeMap<>();
    calls.put("lease", store::lease);
    calls.put("claim", () -> claim("next").close());
    calls.put("view", store::view);
    calls.put("read", store::read);
    calls.put("audit", store::audit);
    calls.put("problems", this::problems);
    calls.put("slice", () -> store.agedReader().slice(A).value());
    calls.put("sliceSince", () -> store.agedReader().sliceSince(A, lineage, slice).value());
    calls.put("routes", () -> store.agedReader().routes());
    calls.put("routesSince", () -> store.agedReader().routesSince(lineage, routes).value());
    calls.put("status", () -> store.ask(Questions.status(List.of(key("c1"), key("c2")))));
    calls.put("head", () -> store.ask(Questions.head(SmallFleet.dataset())));
    calls.put("leaving", () -> store.ask(Questions.leaving(A)));
    calls.put("evidence", () -> store.evidence(0, 10));
    calls.put("quarantine", () -> store.quarantine(0, 10));
    calls.put("writes", this::writes);
    calls.put("leads", this::leads);
    return calls;
  }

  private void problems() {
    List<String> problems = store.audit().problems();
    if (!problems.isEmpty()) {
      throw new StorageException.Corrupt(String.join("\n", problems), null);
    }
  }

  void writes() {
    try (Stowage stowage = SmallFleet.facade(store, "writer")) {
      stowage.ingest(List.of(chunk("c" + now, now)), now);
    }
  }

  void leads() {
    try (Stowage stowage = SmallFleet.facade(store, "next")) {
      SmallFleet fleet = new SmallFleet(stowage).pass(now / 1_000_000_000L);
      try {
        stowage.claim(fleet.now());
      } catch (StorageException refused) {
        assertThat(stowage.isLeading()).isFalse();
        throw refused;
      }
      stowage.schedule(fleet.now());
      stowage.ingest(List.of(chunk("d" + now, 1_000 + now)), fleet.now());
      stowage.schedule(fleet.pass(1).now());
      stowage.purge(fleet.now());
      stowage.resign();
    }
  }

  StoreSession claim(String holder) {
    LeaseRequest request = new LeaseRequest(holder, Duration.ofMinutes(5));
    return ((Claim.Granted) store.claim(request)).session();
  }

  /** Returns what the audit finds first, if anything. */
  Optional<String> found() {
    try {
      return store.audit().problems().stream().findFirst();
    } catch (StorageException.Corrupt e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }

  /** Carries out each edit, asserts that the audit finds it, and puts the rows back. */
  void eachIsFound(List<String> edits) {
    assertThat(store.audit().problems()).isEmpty();
    backUp();
    List<String> passed = new ArrayList<>();
    for (String edit : edits) {
      edit(edit);
      if (found().isEmpty()) {
        passed.add(edit);
      }
      restore();
    }
    assertThat(passed).isEmpty();
    assertThat(store.audit().problems()).isEmpty();
  }

  /** Returns the lines of a table; one that begins with a blank goes on with that before it. */
  static List<String> lines(String table) {
    return table.replace("\n  ", " ").lines().toList();
  }

  static void corrupt(ThrowingCallable reading, String... words) {
    assertThatThrownBy(reading)
        .isInstanceOf(StorageException.Corrupt.class)
        .hasMessageContainingAll(words);
  }

  /**
   * Carries out each edit of a table, asserts that calls find it, and puts the rows back. A line
   * has an edit, the calls, and what each of them says: {@code edit -> call, call: words & words}.
   */
  void eachIsCorrupt(String table) {
    backUp();
    for (String line : lines(table)) {
      String edit = line.substring(0, line.lastIndexOf(" -> "));
      String[] found = line.substring(edit.length() + 4).split(": ", 2);
      edit(edit);
      for (String call : found[0].split(", ")) {
        ThrowingCallable reading = Objects.requireNonNull(calls().get(call), call);
        Throwable thrown = catchThrowable(reading);
        assertThat(thrown).as("%s: %s", call, line).isInstanceOf(StorageException.Corrupt.class);
        if (found.length > 1) {
          assertThat(thrown).as(line).hasMessageContainingAll(found[1].split(" & "));
        }
      }
      restore();
      // A store that saw a later epoch takes an earlier one for a sign of lost commits.
      store.close();
      store = fixture.connect();
    }
    assertThat(store.audit().problems()).isEmpty();
  }
}
