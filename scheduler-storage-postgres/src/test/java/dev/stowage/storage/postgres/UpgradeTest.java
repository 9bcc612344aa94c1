package dev.stowage.storage.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stowage.Stowage;
import dev.stowage.engine.SmallFleet;
import dev.stowage.lifecycle.LifecycleState;
import dev.stowage.lifecycle.documents.SliceDocument;
import dev.stowage.model.WorkerId;
import dev.stowage.storage.postgres.sql.FleetSchema;
import dev.stowage.store.Claim;
import dev.stowage.store.Lease.LeaseRequest;
import dev.stowage.store.LoadedFleet;
import dev.stowage.store.StorageException;
import dev.stowage.store.StoreSession;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A fleet that a library of an older version left goes on under this one. */
class UpgradeTest {
  private static final List<String> TABLES =
      List.of(
          "lease",
          "fleet",
          "dataset",
          "swap",
          "swap_chunk",
          "chunk",
          "worker",
          "replica",
          "news",
          "committed",
          "evidence");

  @Test
  void fleetOfTheFirstSchema_goesOnWithAllItHas() {
    String old = TestServer.get().freshSchema();
    try (PostgresFixture fixture = new PostgresFixture()) {
      long digest = live(fixture);
      Migrations.apply(TestServer.get().source(), new FleetSchema(old), SchemaSetup.MIGRATE, 1);
      TestServer.get().execute("DELETE FROM " + old + ".lease");
      TABLES.forEach(table -> copy(table, fixture.schema(), old));
      TestServer.get()
          .execute(
              "UPDATE "
                  + old
                  + ".fleet SET digest = "
                  + digestBeforeSums(fixture)
                  + " WHERE NOT ahead");
      try (PostgresChunkStore upgraded =
          PostgresChunkStore.builder(TestServer.get().source())
              .withoutTrustedClock()
              .schema(old)
              .open()) {
        assertThat(upgraded.audit().problems()).isEmpty();
        assertThat(upgraded.slice(WorkerId.of("a"))).as("nothing to compare with").isPresent();
        StoreSession session = claim(upgraded);
        assertThat(session.load().digest()).isEqualTo(digest);
        assertThat(session.verify()).isEqualTo(digest);
        WorkerId worker = WorkerId.of("a");
        SliceDocument held = upgraded.slice(worker).orElseThrow();
        assertThat(held.put()).isNotEmpty();
        TestServer.get().execute("UPDATE " + old + ".worker SET slice_sum = 1 WHERE id = 'a'");
        assertThatThrownBy(() -> upgraded.slice(worker))
            .as("the first leader keeps checksums")
            .isInstanceOf(StorageException.Corrupt.class);
        TestServer.get()
            .execute(
                "UPDATE "
                    + old
                    + ".worker w SET slice_sum = s.sum FROM "
                    + old
                    + ".slice_sum s WHERE w.id = 'a' AND s.worker = w.position");
        session.resign();
        goOn(upgraded);
        SliceDocument change = upgraded.sliceSince(worker, held.lineage(), held.id()).orElseThrow();
        assertThat(change.isFull()).isFalse();
        assertThat(change.after(held)).isEqualTo(upgraded.slice(worker).orElseThrow());
      }
    } finally {
      TestServer.get().execute("DROP SCHEMA IF EXISTS " + old + " CASCADE");
    }
  }

  /** What a library kept that knew no checksums of slices. */
  private static long digestBeforeSums(PostgresFixture fixture) {
    try (PostgresChunkStore store = fixture.connect()) {
      LoadedFleet fleet = store.read();
      LifecycleState state = fleet.state().orElseThrow();
      long[] digest = {fleet.digest()};
      state.forEachWorker(worker -> digest[0] -= state.workerRow(worker).sliceSumHash());
      return digest[0];
    }
  }

  /** Something of everything: shown, waiting, marked, swapped, and news that nobody took in. */
  private static long live(PostgresFixture fixture) {
    try (PostgresChunkStore store = fixture.connect();
        Stowage stowage = SmallFleet.facade(store, "old")) {
      SmallFleet fleet = new SmallFleet(stowage);
      stowage.claim(fleet.now());
      fleet.join(10_000, "a", "b", "c");
      fleet.ingest(SmallFleet.chunk("c1", 0), SmallFleet.chunk("c2", 10));
      stowage.schedule(fleet.now());
      fleet.fetch();
      stowage.publish(fleet.now());
      fleet.ingest(SmallFleet.chunk("c3", 20));
      stowage.remove(SmallFleet.key("c2"), fleet.now());
      stowage.swap(
          SmallFleet.dataset(),
          List.of(SmallFleet.key("c1")),
          List.of(SmallFleet.chunk("c1b", 0)),
          fleet.now());
      stowage.resign();
      long digest = claim(store).load().digest();
      fixture.expireLease();
      stowage.ingest(List.of(SmallFleet.chunk("c4", 30)), fleet.now());
      return digest;
    }
  }

  private static void goOn(PostgresChunkStore store) {
    try (Stowage stowage = SmallFleet.facade(store, "new")) {
      SmallFleet fleet = new SmallFleet(stowage).pass(2);
      stowage.claim(fleet.now());
      stowage.schedule(fleet.now());
      assertThat(stowage.audit()).isEmpty();
      assertThat(stowage.status(List.of(SmallFleet.key("c4"))).get(0).replicas()).isPositive();
    }
  }

  private static StoreSession claim(PostgresChunkStore store) {
    return ((Claim.Granted) store.claim(new LeaseRequest("test", Duration.ofMinutes(5)))).session();
  }

  private static void copy(String table, String from, String to) {
    TestServer.get()
        .execute(
            "DO $do$ DECLARE cols text; BEGIN SELECT string_agg(quote_ident(column_name), ', ')"
                + " INTO cols FROM information_schema.columns WHERE table_schema = '"
                + to
                + "' AND table_name = '"
                + table
                + "' AND is_generated = 'NEVER'; EXECUTE format('INSERT INTO %I.%I (%s) OVERRIDING"
                + " SYSTEM VALUE SELECT %s FROM %I.%I', '"
                + to
                + "', '"
                + table
                + "', cols, cols, '"
                + from
                + "', '"
                + table
                + "'); END $do$");
  }
}
