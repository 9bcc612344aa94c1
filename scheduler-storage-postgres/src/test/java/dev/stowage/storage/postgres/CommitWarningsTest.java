package dev.stowage.storage.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stowage.Stowage;
import dev.stowage.command.Command;
import dev.stowage.command.ProposedChunk;
import dev.stowage.command.Result;
import dev.stowage.contract.SmallFleet;
import dev.stowage.lifecycle.questions.Questions;
import dev.stowage.model.Chunk;
import dev.stowage.store.StorageException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Commits whose wait for a standby was cut short, on a server that waits for nobody. */
class CommitWarningsTest {
  private final TestServer server = TestServer.alone();
  private final Home home = Home.at(server);

  private final ExecutorService thread = Executors.newSingleThreadExecutor();
  private PostgresChunkStore store;
  private SmallFleet fleet;
  private Stowage leader;

  @BeforeEach
  void lead() {
    store =
        PostgresChunkStore.builder(server.url())
            .schema(home.schema())
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
    server.waitForNobody(false);
    thread.shutdownNow();
    assertThat(thread.awaitTermination(1, TimeUnit.MINUTES)).isTrue();
    store.close();
    home.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"pg_cancel_backend", "pg_terminate_backend"})
  void leadersCommit_thatTheStandbyMayLack_isUnknown(String ending) throws Exception {
    server.waitForNobody(true);
    Future<Object> told = thread.submit(() -> leader.ingest(List.of(chunk(0)), fleet.now()));
    end(ending);
    assertUnknown(told);
    server.waitForNobody(false);
    assertThat(leader.ingest(List.of(chunk(1)), fleet.now()).isAccepted()).isTrue();
    assertThat(store.audit().problems()).isEmpty();
    assertThat(store.ask(Questions.status(List.of(chunk(0).key()))).get(0).state()).isPresent();
  }

  @ParameterizedTest
  @ValueSource(strings = {"pg_cancel_backend", "pg_terminate_backend"})
  void followersCommit_thatTheStandbyMayLack_isUnknown(String ending) throws Exception {
    server.waitForNobody(true);
    Future<Object> told = thread.submit(() -> append(0));
    end(ending);
    assertUnknown(told);
    server.waitForNobody(false);
    append(1);
    fleet.settle();
    assertThat(store.audit().problems()).isEmpty();
  }

  @Test
  void inquiry_saysCommitted_onceTheStandbyHasEverything() throws Exception {
    server.waitForNobody(true);
    Future<Object> told = thread.submit(() -> leader.ingest(List.of(chunk(0)), fleet.now()));
    ReplicatedServer.await(() -> server.waiting() > 0);
    server.execute("ALTER SYSTEM RESET synchronous_standby_names");
    server.number(
        "SELECT count(pg_cancel_backend(pid)) FROM pg_stat_activity WHERE wait_event = 'SyncRep'");
    server.number("SELECT pg_reload_conf()::integer");
    assertThat(((Result.Batch) told.get(1, TimeUnit.MINUTES)).isAccepted()).isTrue();
  }

  private Object append(int number) {
    return PostgresFixture.append(
        store, new Command.Ingest(ProposedChunk.listOf(List.of(chunk(number)))));
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
  private void end(String ending) {
    String ended = "SELECT count(" + ending + "(pid)) FROM pg_stat_activity";
    ReplicatedServer.await(() -> server.number(ended + " WHERE wait_event = 'SyncRep'") == 1);
  }

  private static Chunk chunk(int number) {
    return SmallFleet.chunk("c" + number, 10L * number);
  }
}
