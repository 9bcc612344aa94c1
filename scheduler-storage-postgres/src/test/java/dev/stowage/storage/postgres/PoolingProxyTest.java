package dev.stowage.storage.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.stowage.Stowage;
import dev.stowage.StowageException;
import dev.stowage.contract.SmallFleet;
import dev.stowage.lifecycle.Command;
import dev.stowage.lifecycle.LifecycleConfig;
import dev.stowage.lifecycle.ProposedChunk;
import dev.stowage.lifecycle.ResultCode;
import dev.stowage.model.BlockRange;
import dev.stowage.model.Chunk;
import dev.stowage.model.PortalAssignmentId;
import dev.stowage.model.Tick;
import dev.stowage.model.WorkerAssignmentId;
import dev.stowage.store.AssignmentIds;
import dev.stowage.store.Claim;
import dev.stowage.store.Lease.LeaseRequest;
import dev.stowage.store.StorageException;
import dev.stowage.store.StoreSession;
import dev.stowage.store.StoreTransaction;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Behind a proxy that pools transactions: one writer, and nothing left behind in its connections.
 */
class PoolingProxyTest {
  private static final int CONNECTIONS = 6;
  private static final int ROUNDS = 50;

  private final TestServer proxy = PoolingProxy.get();
  private final List<PostgresChunkStore> opened = new ArrayList<>();
  private final PostgresFixture fixture = new PostgresFixture(proxy, server -> named());

  @AfterEach
  void dropSchema() {
    opened.forEach(PostgresChunkStore::close);
    fixture.close();
  }

  /** As a host would say it that has not read what to set. */
  private PostgresChunkStore.Builder named() {
    return PostgresChunkStore.builder(namingUrl()).withoutListening().withoutTrustedClock();
  }

  private String namingUrl() {
    return proxy.url().replace("prepareThreshold=0&", "");
  }

  private PostgresChunkStore open() {
    PostgresChunkStore store = fixture.connect();
    opened.add(store);
    return store;
  }

  // ---- one writer ----

  @Test
  void leaderThatIsPausedInATransaction_isFencedByTheNextOne() {
    open();
    PostgresChunkStore hasty =
        named()
            .schema(fixture.schema())
            .timeouts(
                new Timeouts(Duration.ofMinutes(1), Duration.ofSeconds(30), Duration.ofSeconds(3)))
            .open();
    opened.add(hasty);
    StoreSession paused = claim(hasty, "paused");
    paused.found(LifecycleConfig.defaults());
    StoreTransaction open = paused.begin();
    fixture.expireLease();
    StoreSession next = claim(open(), "next");
    AssignmentIds ids = new AssignmentIds(WorkerAssignmentId.of(0), PortalAssignmentId.of(0));
    assertThatThrownBy(() -> open.advance(ids, Tick.of(9), 0))
        .isInstanceOf(StorageException.Transient.class);
    open.close();
    long digest = next.load().digest();
    assertThatThrownBy(paused::load).isInstanceOf(StorageException.Fenced.class);
    assertThatThrownBy(() -> paused.begin().close()).isInstanceOf(StorageException.Fenced.class);
    assertThat(next.load().digest()).isEqualTo(digest);
  }

  @Test
  void leaderThatWasPausedBetweenTwoCommits_isFenced_andFollowsThroughTheInbox() {
    Stowage paused = SmallFleet.facade(open(), "paused");
    SmallFleet fleet = new SmallFleet(paused);
    paused.claim(fleet.now());
    paused.ingest(List.of(chunk(0)), fleet.now());
    fixture.expireLease();
    Stowage next = SmallFleet.facade(open(), "next");
    next.claim(fleet.now());
    next.ingest(List.of(chunk(1)), fleet.now());
    assertThat(paused.isLeading()).as("it was told nothing yet").isTrue();
    assertThat(paused.ingest(List.of(chunk(2)), fleet.now()).code())
        .isEqualTo(ResultCode.REQUESTED);
    assertThat(paused.isLeading()).isFalse();
    assertThat(news()).as("c2 came through the inbox").isEqualTo(1);
    assertThatThrownBy(() -> paused.schedule(fleet.now()))
        .isInstanceOf(StowageException.class)
        .hasMessageContaining("does not lead; next holds the lease");
    next.schedule(fleet.now());
    assertThat(news()).isZero();
    assertThat(chunks()).containsExactly("c0", "c1", "c2");
  }

  @Test
  void twoLeadersAtOnce_neverBothWrite() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(2);
    List<String> durable = new ArrayList<>();
    AtomicInteger fenced = new AtomicInteger();
    try {
      // Of one name: each is granted the lease whenever it asks, and fences the other.
      Stowage one = SmallFleet.facade(open(), "leader");
      Stowage other = SmallFleet.facade(open(), "leader");
      one.claim(0);
      other.claim(0);
      List<Future<List<String>>> leaders =
          List.of(
              threads.submit(() -> lead(one, 0, fenced)),
              threads.submit(() -> lead(other, 1_000, fenced)));
      for (Future<List<String>> leader : leaders) {
        durable.addAll(leader.get());
      }
    } finally {
      threads.shutdownNow();
    }
    assertThat(fenced)
        .as("commits refused to a leader that the other had fenced")
        .hasPositiveValue();
    assertThat(durable).hasSize(2 * ROUNDS);
    PostgresChunkStore store = open();
    Stowage after = SmallFleet.facade(store, "leader");
    after.claim(0);
    after.schedule(0);
    assertThat(chunks()).containsExactlyInAnyOrderElementsOf(durable);
    StoreSession last = claim(store, "leader");
    assertThat(last.verify()).isEqualTo(last.load().digest());
  }

  /** Returns the chunks that it was told are durable; a fenced leader writes through the inbox. */
  private static List<String> lead(Stowage leader, int from, AtomicInteger fenced) {
    List<String> durable = new ArrayList<>();
    for (int round = 0; round < ROUNDS; round++) {
      if (!leader.isLeading()) {
        fenced.incrementAndGet();
        claim(leader);
      }
      ResultCode told = leader.ingest(List.of(chunk(from + round)), 0).code();
      if (told == ResultCode.ACCEPTED || told == ResultCode.REQUESTED) {
        durable.add("c" + (from + round));
      }
    }
    return durable;
  }

  // ---- what is left behind ----

  @Test
  void noStatementHasAName_onAnyConnectionOfTheProxy() throws SQLException {
    PostgresChunkStore store = open();
    claim(store, "leader").found(LifecycleConfig.defaults());
    for (int i = 0; i < 10 * CONNECTIONS; i++) {
      PostgresFixture.append(store, new Command.Ingest(ProposedChunk.listOf(List.of(chunk(i)))));
    }
    assertThat(ofEveryConnection("SELECT count(*) FROM pg_prepared_statements")).containsOnly("0");
  }

  @Test
  void searchPath_isAsItWas_onEveryConnectionOfTheProxy() throws SQLException {
    open();
    assertThat(ofEveryConnection("SHOW search_path")).containsOnly("\"$user\", public");
  }

  @Test
  void sourceOfAHost_thatNamesStatements_isRefused_andToldWhatToSet() {
    HikariConfig config = new HikariConfig();
    config.setJdbcUrl(namingUrl());
    try (HikariDataSource source = new HikariDataSource(config)) {
      assertThatThrownBy(() -> PostgresChunkStore.builder(source).schema(fixture.schema()).open())
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("prepareThreshold=0");
    }
    open();
  }

  @Test
  void settingThatTheProxyDoesNotKnow_isToBeIgnoredThere() {
    String url = proxy.url() + "&options=-c%20jit%3Doff";
    assertThatThrownBy(() -> PostgresChunkStore.builder(url).schema(fixture.schema()).open())
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("ignore_startup_parameters");
    open();
  }

  /** One answer of each connection to the server, which take turns. */
  private List<String> ofEveryConnection(String query) throws SQLException {
    List<String> answers = new ArrayList<>();
    List<Integer> processes = new ArrayList<>();
    try (Connection connection = proxy.source().getConnection();
        Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      for (int i = 0; i < 4 * CONNECTIONS; i++) {
        processes.add(Integer.valueOf(one(statement, "SELECT pg_backend_pid()")));
        answers.add(one(statement, query));
        connection.commit();
      }
    }
    assertThat(processes.stream().distinct().count()).as("connections seen").isGreaterThan(1);
    return answers;
  }

  private static String one(Statement statement, String query) throws SQLException {
    try (ResultSet rows = statement.executeQuery(query)) {
      rows.next();
      return rows.getString(1);
    }
  }

  /** Claims the lease; a claim that the other one fences before it is over leads to the inbox. */
  private static void claim(Stowage leader) {
    try {
      leader.claim(0);
    } catch (StorageException.Fenced deposed) {
      assertThat(leader.isLeading()).isFalse();
    }
  }

  private long news() {
    return proxy.number("SELECT count(*) FROM " + fixture.schema() + ".inbox");
  }

  private List<String> chunks() {
    List<String> ids = new ArrayList<>();
    try (Connection connection = proxy.source().getConnection();
        Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery("SELECT id FROM " + fixture.schema() + ".chunk ORDER BY id")) {
      while (rows.next()) {
        ids.add(rows.getString(1));
      }
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
    return ids;
  }

  private static StoreSession claim(PostgresChunkStore store, String holder) {
    return ((Claim.Granted) store.claim(new LeaseRequest(holder, Duration.ofMinutes(5)))).session();
  }

  private static Chunk chunk(int number) {
    return Chunk.of(SmallFleet.key("c" + number), BlockRange.of(10L * number, 10L * number + 9), 1);
  }
}
