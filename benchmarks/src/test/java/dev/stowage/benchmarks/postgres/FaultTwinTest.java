package dev.stowage.benchmarks.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stowage.Stowage;
import dev.stowage.lifecycle.Command;
import dev.stowage.placement.PlacementPlanner;
import dev.stowage.storage.postgres.PostgresChunkStore;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FaultTwinTest {
  private static EmbeddedPostgres server;

  private final FaultTwin twin = new FaultTwin(PlacementPlanner.sticky());
  private PostgresChunkStore store;
  private Stowage leader;

  @BeforeAll
  static void startServer() throws Exception {
    server = EmbeddedPostgres.builder().setPGStartupWait(Duration.ofMinutes(2)).start();
  }

  @AfterAll
  static void stopServer() throws Exception {
    server.close();
  }

  @BeforeEach
  void begin() throws Exception {
    try (Connection connection = server.getPostgresDatabase().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("DROP SCHEMA IF EXISTS fleet CASCADE");
    }
    store =
        PostgresChunkStore.builder(server.getJdbcUrl("postgres", "postgres"))
            .withoutTrustedClock()
            .schema("fleet")
            .open();
    leader = FaultStory.facade(store, "leader", PlacementPlanner.sticky());
    leader.claim(FaultStory.now(0));
    FaultStory.begin(leader);
  }

  @AfterEach
  void end() {
    leader.close();
    store.close();
  }

  private void goToAReport() {
    while (!(FaultStory.command(twin.step(), leader) instanceof Command.Applied)) {
      twin.acknowledged(
          leader.execute(FaultStory.command(twin.step(), leader), FaultStory.now(twin.step())));
    }
  }

  private Stowage successor() {
    return FaultStory.facade(store, "leader", PlacementPlanner.sticky());
  }

  @Test
  void report_that_the_store_took_and_nobody_heard_of_is_the_command_in_flight() {
    goToAReport();
    int inFlight = twin.step();
    leader.execute(FaultStory.command(inFlight, leader), FaultStory.now(inFlight));

    try (Stowage next = successor()) {
      twin.compare(store, next);
      twin.settle(next);
    }

    assertThat(twin.step()).isEqualTo(inFlight + 1);
  }

  @Test
  void command_in_flight_that_the_store_did_not_take_is_still_to_come() {
    goToAReport();
    int inFlight = twin.step();

    try (Stowage next = successor()) {
      twin.compare(store, next);
      twin.settle(next);
    }

    assertThat(twin.step()).isEqualTo(inFlight);
  }

  @Test
  void report_that_was_acknowledged_and_lost_is_found_before_any_cycle() {
    goToAReport();
    twin.acknowledged();

    try (Stowage next = successor()) {
      assertThatThrownBy(() -> twin.compare(store, next)).hasMessageContaining("up to report");
    }
  }

  @Test
  void chunk_that_was_acknowledged_and_lost_is_found() {
    twin.acknowledged();

    try (Stowage next = successor()) {
      assertThatThrownBy(() -> twin.compare(store, next)).hasMessageContaining("digest");
    }
  }
}
