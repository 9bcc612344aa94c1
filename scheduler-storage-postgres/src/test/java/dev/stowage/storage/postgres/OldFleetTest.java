package dev.stowage.storage.postgres;

import static dev.stowage.engine.SmallFleet.key;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stowage.Stowage;
import dev.stowage.engine.SmallFleet;
import dev.stowage.lifecycle.ChunkState;
import dev.stowage.lifecycle.Command;
import dev.stowage.lifecycle.LifecycleConfig.Trust;
import dev.stowage.lifecycle.LifecycleState;
import dev.stowage.lifecycle.ReportHeader;
import dev.stowage.lifecycle.documents.RoutesDocument;
import dev.stowage.lifecycle.documents.SliceDocument;
import dev.stowage.lifecycle.documents.SliceEntry;
import dev.stowage.lifecycle.rows.CommandCodec;
import dev.stowage.lifecycle.rows.WorkerRow;
import dev.stowage.model.Incarnation;
import dev.stowage.model.Lineage;
import dev.stowage.model.PortalAssignmentId;
import dev.stowage.model.Tick;
import dev.stowage.model.WorkerAssignmentId;
import dev.stowage.model.WorkerId;
import dev.stowage.storage.postgres.sql.FleetSchema;
import dev.stowage.store.Claim;
import dev.stowage.store.Lease.LeaseRequest;
import dev.stowage.store.LoadedFleet;
import dev.stowage.store.StorageException;
import dev.stowage.store.StoreSession;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Rows that a library of schema version 7 wrote, which knew neither parts of inventories, nor a
 * trusted clock, nor checksums of slices: this library goes on with them.
 */
class OldFleetTest {
  private static final int VERSION = 7;

  /** What that library said of these rows. */
  private static final long DIGEST = 0x1b2d1d1a4057db61L;

  private static final long LARGEST_TICK = 39;
  private static final long SECOND = 1_000_000_000L;
  private static final Lineage LINEAGE = Lineage.of(1);
  private static final WorkerAssignmentId NEWEST = WorkerAssignmentId.of(5);
  private static final WorkerId A = WorkerId.of("a");
  private static final WorkerId B = WorkerId.of("b");

  private final FleetSchema schema = new FleetSchema(TestServer.get().freshSchema());
  private PostgresChunkStore store;

  @BeforeEach
  void upgrade() throws IOException {
    Migrations.apply(TestServer.get().source(), schema, SchemaSetup.MIGRATE, VERSION);
    try (InputStream rows = OldFleetTest.class.getResourceAsStream("fleet-of-v7.sql")) {
      execute(
          "SET session_replication_role = replica; "
              + new String(Objects.requireNonNull(rows).readAllBytes(), StandardCharsets.UTF_8)
              + "; RESET session_replication_role");
      execute(
          "UPDATE $.lease SET system_id = (SELECT system_identifier FROM pg_control_system()),"
              + " timeline = ('x' || substr(pg_walfile_name(pg_current_wal_insert_lsn()), 1, 8))"
              + "::bit(32)::integer");
    }
    store = PostgresChunkStore.builder(TestServer.get().source()).schema(schema.name()).open();
  }

  @AfterEach
  void drop() {
    store.close();
    TestServer.get().execute("DROP SCHEMA IF EXISTS " + schema.name() + " CASCADE");
  }

  private void execute(String sql) {
    TestServer.get().execute(schema.in(sql));
  }

  private StoreSession claim() {
    return ((Claim.Granted) store.claim(new LeaseRequest("test", Duration.ofMinutes(5)))).session();
  }

  /** The digest without what no library of that time knew. */
  private static long withoutSums(LoadedFleet fleet) {
    LifecycleState state = fleet.state().orElseThrow();
    long[] digest = {fleet.digest()};
    state.forEachWorker(worker -> digest[0] -= state.workerRow(worker).sliceSumHash());
    return digest[0];
  }

  private static List<String> names(SliceDocument slice) {
    return slice.put().stream().map(entry -> entry.key().id() + " " + entry.since()).toList();
  }

  @Test
  void rows_areReadAsTheyWere_beforeAnybodyLeads() {
    assertThat(store.audit().problems()).isEmpty();
    LoadedFleet loaded = store.read();
    LifecycleState state = loaded.state().orElseThrow();
    assertThat(withoutSums(loaded)).isEqualTo(DIGEST);
    assertThat(loaded.seen()).as("of cycles that left no row").isEqualTo(Tick.of(LARGEST_TICK));
    assertThat(state.config().trust()).isEqualTo(Trust.BLIND);
    assertThat(state.fleetRow().time().isRead()).as("no clock was read").isFalse();
    assertThat(state.fleetRow().time().resets()).isZero();
    state.forEachWorker(worker ->
        assertThat(state.workerRow(worker).departure()).isEqualTo(WorkerRow.Departure.NONE));
    for (WorkerId worker : List.of(A, B)) {
      assertThat(names(store.slice(worker).orElseThrow()))
          .containsExactlyInAnyOrder("c1 1", "c3 1", "c4 3", "c5 4", "c1b 4");
    }
    assertThat(store.routes().id()).isEqualTo(PortalAssignmentId.of(4));
  }

  @Test
  void firstLeader_keepsTheChecksumOfEachSlice_andServesNothingElseFromThenOn() {
    SliceDocument before = store.slice(A).orElseThrow();
    try (StoreSession session = claim()) {
      LoadedFleet loaded = session.load();
      LifecycleState state = loaded.state().orElseThrow();
      state.forEachWorker(worker -> {
        WorkerRow row = state.workerRow(worker);
        long sum = 0;
        for (SliceEntry entry : state.workerAssignment().slice(row.id()).orElseThrow().entries()) {
          sum += entry.checksum(0);
        }
        assertThat(row.sliceSum()).as("worker %s", row.id()).isEqualTo(sum);
      });
      assertThat(withoutSums(loaded)).isEqualTo(DIGEST);
      assertThat(session.verify()).isEqualTo(loaded.digest());
      session.resign();
    }
    assertThat(
            TestServer.get()
                .number(
                    schema.in(
                        "SELECT count(*) FROM $.worker w JOIN $.slice_sum s"
                            + " ON s.worker = w.position AND s.sum = w.slice_sum"
                            + " AND s.assignment = 5 WHERE NOT w.ahead")))
        .isEqualTo(4);
    assertThat(store.audit().problems()).isEmpty();
    assertThat(store.slice(A)).contains(before);
    execute("DELETE FROM $.replica WHERE chunk = 0 AND worker = 0");
    assertThatThrownBy(() -> store.slice(A)).isInstanceOf(StorageException.Corrupt.class);
  }

  /** A writer of that time froze the fleet, and nobody led since. */
  @Test
  void whatWritersLeftAheadOfTheLeader_isWholeOnceSomebodyLeads() {
    execute(
        "CREATE TEMPORARY TABLE newer AS SELECT * FROM $.fleet; UPDATE newer SET ahead = true,"
            + " digest = 0, evidence_index = NULL, evidence_hash = NULL, frozen = true,"
            + " wishes_version = wishes_version + 1;"
            + " INSERT INTO $.fleet SELECT * FROM newer; DROP TABLE newer;"
            + " INSERT INTO $.news (tick, about_fleet, command)"
            + " VALUES (39, true, '"
            + hex(new Command.Freeze(Command.ANY_VERSION))
            + "')");
    assertThat(store.audit().problems()).isEmpty();
    try (StoreSession session = claim()) {
      LoadedFleet loaded = session.load();
      assertThat(session.verify()).isEqualTo(loaded.digest());
      session.resign();
    }
    assertThat(store.audit().problems()).isEmpty();
    assertThat(
            TestServer.get()
                .number(
                    schema.in(
                        "SELECT (SELECT count(*) FROM $.worker WHERE marks_hash IS NULL)"
                            + " + (SELECT count(*) FROM $.fleet WHERE marks_hash IS NULL)")))
        .isZero();
    try (Stowage stowage = SmallFleet.facade(store, "new")) {
      long now = (LARGEST_TICK + 1) * SECOND;
      assertThat(stowage.claim(now).granted()).isTrue();
      stowage.schedule(now);
      assertThat(stowage.snapshot().isFrozen()).isTrue();
      stowage.resign();
    }
    assertThat(store.audit().problems()).isEmpty();
  }

  private static String hex(Command<?> command) {
    return "\\x" + HexFormat.of().formatHex(CommandCodec.toBytes(command));
  }

  @Test
  void fleet_goesOn_withItsNewsItsSwapAndItsDeltas() {
    SliceDocument held = store.slice(A).orElseThrow();
    RoutesDocument routes = store.routes();
    try (Stowage stowage = SmallFleet.facade(store, "new")) {
      long now = (LARGEST_TICK + 1) * SECOND;
      assertThat(stowage.claim(now).granted()).isTrue();
      assertThat(stowage.schedule(now).isAccepted()).isTrue();
      assertThat(stowage.status(List.of(key("c6"))).get(0).replicas())
          .as("what was news is taken in")
          .isEqualTo(2);
      assertThat(stowage.audit()).isEmpty();
      SliceDocument change = store.sliceSince(A, LINEAGE, NEWEST).orElseThrow();
      assertThat(change.isFull()).isFalse();
      assertThat(names(change)).containsExactly("c6 6");
      assertThat(change.after(held)).isEqualTo(store.slice(A).orElseThrow());
      for (WorkerId worker : List.of(A, B)) {
        long report = worker.equals(A) ? 17 : 18;
        ReportHeader header = new ReportHeader(worker, Incarnation.of(1), LINEAGE, report);
        assertThat(stowage.applied(header, WorkerAssignmentId.of(6), List.of(), now).isAccepted())
            .isTrue();
      }
      assertThat(stowage.publish(now).fired()).containsExactly(1L);
      assertThat(stowage.status(List.of(key("c1b"))).get(0).state()).contains(ChunkState.VISIBLE);
      assertThat(store.routesSince(LINEAGE, routes.id()).after(routes)).isEqualTo(store.routes());
      long later = now + 10 * SECOND;
      assertThat(stowage.schedule(later).isAccepted()).isTrue();
      assertThat(stowage.publish(later).isAccepted()).isTrue();
      assertThat(stowage.status(List.of(key("c3"))).get(0).state())
          .as("its window is over")
          .contains(ChunkState.TOMBSTONE);
      assertThat(stowage.audit()).isEmpty();
      assertThat(store.slice(A).orElseThrow().put()).hasSize(4);
      stowage.resign();
    }
    assertThat(store.audit().problems()).isEmpty();
    try (StoreSession session = claim()) {
      LoadedFleet loaded = session.load();
      assertThat(session.verify()).isEqualTo(loaded.digest());
      assertThat(loaded.state().orElseThrow().fleetRow().time().isRead())
          .as("the clock counts from the first commit on")
          .isTrue();
    }
  }
}
