package dev.stowage.storage.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stowage.Stowage;
import dev.stowage.answer.ChunkStatus.ChunkState;
import dev.stowage.contract.SmallFleet;
import dev.stowage.store.Lease.LeaseRequest;
import dev.stowage.store.spi.Claim;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A library of a later version, which has one script more, meets the fleet of this one. */
class SchemaVersionsTest {
  private static final Migrations LATER =
      new Migrations(List.of("V1__fleet.sql", "V2__test_only.sql"));

  private final PostgresFixture fixture = new PostgresFixture();

  @AfterEach
  void dropSchema() {
    fixture.close();
  }

  private PostgresChunkStore.Builder builder() {
    return PostgresChunkStore.builder(TestServer.get().source())
        .withoutTrustedClock()
        .schema(fixture.schema());
  }

  private PostgresChunkStore openLater(SchemaSetup setup) {
    return builder().migrations(LATER).setup(setup).open();
  }

  private static long digest(PostgresChunkStore store) {
    return store.read().digest();
  }

  @Test
  void laterScript_isAppliedToALiveFleet_whichGoesOnAsItWas() {
    try (PostgresChunkStore store = fixture.connect();
        Stowage stowage = SmallFleet.facade(store, "leader")) {
      SmallFleet fleet = new SmallFleet(stowage);
      stowage.claim(fleet.now());
      fleet.join(10_000, "a", "b", "c").ingest(SmallFleet.chunk("c1", 0)).settle();
      long before = digest(store);
      try (PostgresChunkStore later = openLater(SchemaSetup.MIGRATE)) {
        assertThat(fixture.number("SELECT count(*) FROM " + fixture.schema() + ".rack"))
            .isEqualTo(1);
        assertThat(digest(later)).as("the state").isEqualTo(before);
        assertThat(later.audit().problems()).isEmpty();
        assertThat(later.claim(new LeaseRequest("later", Duration.ofMinutes(1))))
            .as("the leader leads")
            .isInstanceOf(Claim.Held.class);
        assertThat(stowage.ingest(List.of(SmallFleet.chunk("c2", 10)), fleet.now()).isAccepted())
            .isTrue();
        fleet.settle();
        assertThat(stowage.status(List.of(SmallFleet.key("c2"))).get(0).state())
            .contains(ChunkState.VISIBLE);
        assertThat(stowage.audit()).isEmpty();
        stowage.resign();
        leadsOn(later, fleet.now());
      }
    }
  }

  private static void leadsOn(PostgresChunkStore later, long now) {
    try (Stowage stowage = SmallFleet.facade(later, "later")) {
      SmallFleet fleet = new SmallFleet(stowage).pass(now / 1_000_000_000L + 1);
      stowage.claim(fleet.now());
      fleet.ingest(SmallFleet.chunk("c3", 20));
      stowage.schedule(fleet.now());
      assertThat(stowage.status(List.of(SmallFleet.key("c3"))).get(0).replicas()).isPositive();
      assertThat(stowage.audit()).isEmpty();
    }
  }

  @Test
  void newerSchema_isRefused_sayingWhatToDo() {
    openLater(SchemaSetup.MIGRATE).close();
    for (SchemaSetup setup : SchemaSetup.values()) {
      assertThatThrownBy(() -> builder().setup(setup).open())
          .isInstanceOf(IllegalStateException.class)
          .hasMessage(
              "schema "
                  + fixture.schema()
                  + " has version 2, this library knows versions up to 1; use a newer version of"
                  + " the library");
    }
  }

  @Test
  void olderSchema_isRefusedByWhoOnlyLooks() {
    builder().open().close();
    assertThatThrownBy(() -> openLater(SchemaSetup.VALIDATE))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("has version 1, this library expects 2")
        .hasMessageContaining("SchemaSetup.MIGRATE");
    openLater(SchemaSetup.MIGRATE).close();
    openLater(SchemaSetup.VALIDATE).close();
  }
}
