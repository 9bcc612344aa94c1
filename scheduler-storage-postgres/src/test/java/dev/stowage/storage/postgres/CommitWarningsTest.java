package dev.stowage.storage.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stowage.Stowage;
import dev.stowage.contract.SmallFleet;
import dev.stowage.lifecycle.Command;
import dev.stowage.lifecycle.ProposedChunk;
import dev.stowage.lifecycle.Result;
import dev.stowage.lifecycle.questions.Questions;
import dev.stowage.model.Chunk;
import dev.stowage.model.Tick;
import dev.stowage.store.StorageException;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Commits whose wait for a standby was cut short, on a server that waits for nobody. */
class CommitWarningsTest {
  private static final String WAITING =
      "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'SyncRep'";

  private static EmbeddedPostgres postgres;
  private static TestServer server;

  private final ExecutorService thread = Executors.newSingleThreadExecutor();
  private PostgresChunkStore store;
  private SmallFleet fleet;
  private Stowage leader;

  @BeforeAll
  static void start() throws IOException {
    postgres = TestServer.embedded().start();
    server = new TestServer(postgres.getJdbcUrl("postgres", "postgres"));
  }

  @AfterAll
  static void stop() throws IOException {
    postgres.close();
  }

  @BeforeEach
  void lead() {
    store =
        PostgresChunkStore.builder(server.url())
            .schema(server.freshSchema())
            .withoutTrustedClock()
            .timeouts(
                new Timeouts(
                    Duration.ofMillis(500), Duration.ofSeconds(20), Duration.ofSeconds(20)))
            .open();
    leader = SmallFleet.facade(store, "leader");
    fleet = new SmallFleet(leader);
    leader.claim(fleet.now());
  }

  @AfterEach
  void close() throws InterruptedException {
    waitForNobody(false);
    thread.shutdownNow();
    assertThat(thread.awaitTermination(1, TimeUnit.MINUTES)).isTrue();
    store.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"pg_cancel_backend", "pg_terminate_backend"})
  void leadersCommit_thatTheStandbyMayLack_isUnknown(String ending) throws Exception {
    waitForNobody(true);
    Future<Object> told = thread.submit(() -> leader.ingest(List.of(chunk(0)), fleet.now()));
    end(ending);
    assertUnknown(told);
    waitForNobody(false);
    assertThat(leader.ingest(List.of(chunk(1)), fleet.now()).isAccepted()).isTrue();
    assertThat(store.audit().problems()).isEmpty();
    assertThat(store.ask(Questions.status(List.of(chunk(0).key()))).get(0).state()).isPresent();
  }

  @ParameterizedTest
  @ValueSource(strings = {"pg_cancel_backend", "pg_terminate_backend"})
  void followersCommit_thatTheStandbyMayLack_isUnknown(String ending) throws Exception {
    waitForNobody(true);
    Future<Object> told = thread.submit(() -> submit(0));
    end(ending);
    assertUnknown(told);
    waitForNobody(false);
    assertThat(submit(1)).isInstanceOf(Result.Batch.class);
    fleet.settle();
    assertThat(store.audit().problems()).isEmpty();
  }

  @Test
  void inquiry_saysCommitted_onceTheStandbyHasEverything() throws Exception {
    waitForNobody(true);
    Future<Object> told = thread.submit(() -> leader.ingest(List.of(chunk(0)), fleet.now()));
    awaitWaiting();
    server.execute("ALTER SYSTEM RESET synchronous_standby_names");
    server.number(
        "SELECT count(pg_cancel_backend(pid)) FROM pg_stat_activity WHERE wait_event = 'SyncRep'");
    server.number("SELECT pg_reload_conf()::integer");
    assertThat(((Result.Batch) told.get(1, TimeUnit.MINUTES)).isAccepted()).isTrue();
  }

  private Object submit(int number) {
    return store
        .inbox()
        .submit(
            new Command.Ingest(ProposedChunk.listOf(List.of(chunk(number)))), Tick.of(fleet.now()));
  }

  private static void assertUnknown(Future<Object> told) {
    assertThatThrownBy(() -> told.get(1, TimeUnit.MINUTES))
        .isInstanceOf(ExecutionException.class)
        .cause()
        .isInstanceOfSatisfying(
            StorageException.Transient.class,
            e -> assertThat(e.outcome()).isEqualTo(StorageException.Outcome.UNKNOWN));
  }

  /** Ends the wait of the commit; the inquiry's own ends after the statement timeout. */
  private static void end(String ending) {
    awaitWaiting();
    assertThat(
            server.number(
                "SELECT count("
                    + ending
                    + "(pid)) FROM pg_stat_activity WHERE wait_event = 'SyncRep'"))
        .isEqualTo(1);
  }

  private static void awaitWaiting() {
    await(WAITING + " HAVING count(*) > 0");
  }

  private static void waitForNobody(boolean isOn) {
    server.execute(
        isOn
            ? "ALTER SYSTEM SET synchronous_standby_names = 'nobody'"
            : "ALTER SYSTEM RESET synchronous_standby_names");
    server.number("SELECT pg_reload_conf()::integer");
    await(
        "SELECT 1 WHERE current_setting('synchronous_standby_names') " + (isOn ? "<> ''" : "= ''"));
  }

  /** Asks in new sessions until a query has a row. */
  private static void await(String query) {
    String asked = "SELECT count(*) FROM (" + query + ") a";
    for (int i = 0; server.number(asked) == 0; i++) {
      assertThat(i).as(query).isLessThan(1_000);
      server.number("SELECT 1 FROM pg_sleep(0.01)");
    }
  }

  private static Chunk chunk(int number) {
    return SmallFleet.chunk("c" + number, 10L * number);
  }
}
