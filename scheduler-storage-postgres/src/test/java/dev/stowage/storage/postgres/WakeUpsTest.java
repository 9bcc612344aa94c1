package dev.stowage.storage.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.command.Command;
import dev.stowage.command.ProposedChunk;
import dev.stowage.contract.SmallFleet;
import dev.stowage.model.Eligibility;
import dev.stowage.model.Worker;
import dev.stowage.model.WorkerId;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who waits for news, answers or assignments in one process hears of those of another one. */
class WakeUpsTest extends LedFleet {
  private static final int PATIENCE_SECONDS = 60;
  private static final String LISTENER =
      " FROM pg_stat_activity WHERE query LIKE 'LISTEN %stowage_%' AND state = 'idle' AND pid <>"
          + " pg_backend_pid() AND query LIKE '%";

  private final PostgresChunkStore writers = fixture.connect();
  private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();
  private int chunks;

  /** A listener of the test before may still end. */
  @BeforeEach
  void awaitNobody() throws Exception {
    awaitListeners(0);
  }

  @Test
  void ingest_inAnotherProcess_wakesTheLeader() throws Exception {
    try (AutoCloseable subscription = store.inbox().onNews(() -> heard.add("news"))) {
      assertThat(subscription).isNotNull();
      awaitListener();
      ingest();
      assertThat(heard.poll(PATIENCE_SECONDS, TimeUnit.SECONDS)).isEqualTo("news");
    }
  }

  @Test
  void report_inAnotherProcess_wakesTheLeader() throws Exception {
    try (AutoCloseable subscription = store.inbox().onNews(() -> heard.add("news"))) {
      assertThat(subscription).isNotNull();
      awaitListener();
      Command<?> told = Command.Describe.of(Worker.of(WorkerId.of("w"), 1_000));
      PostgresFixture.append(writers, told);
      assertThat(heard.poll(PATIENCE_SECONDS, TimeUnit.SECONDS)).isEqualTo("news");
    }
  }

  @Test
  void answer_ofTheLeader_wakesTheSender() throws Exception {
    try (AutoCloseable subscription = writers.inbox().onAnswers(() -> heard.add("answer"))) {
      assertThat(subscription).isNotNull();
      awaitListener();
      ingest();
      fleet.settle();
      assertThat(heard.poll(PATIENCE_SECONDS, TimeUnit.SECONDS)).isEqualTo("answer");
    }
  }

  @Test
  void assignment_ofTheLeader_isHeardOfInAnotherProcess() throws Exception {
    try (AutoCloseable subscription = writers.onAssignment(() -> heard.add("assignment"))) {
      assertThat(subscription).isNotNull();
      awaitListener();
      fleet.join(1_000, "a", "b").ingest(SmallFleet.chunk("c", 0)).settle();
      assertThat(heard.poll(PATIENCE_SECONDS, TimeUnit.SECONDS)).isEqualTo("assignment");
    }
  }

  @Test
  void listener_whoseConnectionWasCut_listensAgain_andWakesForWhatItMayHaveMissed()
      throws Exception {
    try (AutoCloseable subscription = store.inbox().onNews(() -> heard.add("news"))) {
      assertThat(subscription).isNotNull();
      awaitListener();
      fixture.execute("SELECT pg_terminate_backend(pid)" + LISTENER + fixture.schema() + "'");
      assertThat(heard.poll(PATIENCE_SECONDS, TimeUnit.SECONDS)).isEqualTo("news");
      awaitListener();
      heard.clear();
      ingest();
      assertThat(heard.poll(PATIENCE_SECONDS, TimeUnit.SECONDS)).isEqualTo("news");
    }
  }

  @Test
  void hintThatFails_isNotTheSendersFailure() throws Exception {
    Runnable failing =
        () -> {
          throw new IllegalStateException("planted");
        };
    try (AutoCloseable first = writers.inbox().onNews(failing);
        AutoCloseable second = writers.inbox().onNews(() -> heard.add("news"))) {
      assertThat(List.of(first, second)).doesNotContainNull();
      ingest();
      assertThat(heard.poll(PATIENCE_SECONDS, TimeUnit.SECONDS)).isEqualTo("news");
    }
  }

  @Test
  void listener_endsWithTheLastSubscription() throws Exception {
    store.inbox().onNews(() -> heard.add("news")).close();
    awaitListeners(0);
    AutoCloseable again = store.inbox().onNews(() -> heard.add("news"));
    awaitListener();
    again.close();
    awaitListeners(0);
    ingest();
    assertThat(heard).isEmpty();
  }

  private void ingest() {
    ProposedChunk chunk =
        new ProposedChunk(
            SmallFleet.key("c" + chunks),
            10L * chunks,
            10L * chunks + 9,
            1,
            OptionalInt.empty(),
            Eligibility.ANY);
    chunks++;
    PostgresFixture.append(writers, new Command.Ingest(List.of(chunk)));
  }

  private void awaitListener() throws Exception {
    awaitListeners(1);
  }

  private void awaitListeners(int count) throws Exception {
    for (int left = 10 * PATIENCE_SECONDS; listeners() != count; left--) {
      assertThat(left).as("tenths of a second left until %s listen", count).isPositive();
      heard.poll(100, TimeUnit.MILLISECONDS);
    }
  }

  private int listeners() throws Exception {
    try (var connection = TestServer.get().source().getConnection();
        var rows =
            connection
                .createStatement()
                .executeQuery("SELECT count(*)" + LISTENER + fixture.schema() + "'")) {
      rows.next();
      return rows.getInt(1);
    }
  }
}
