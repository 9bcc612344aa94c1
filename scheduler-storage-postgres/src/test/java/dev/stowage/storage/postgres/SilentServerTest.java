package dev.stowage.storage.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import dev.stowage.command.Command;
import dev.stowage.command.ProposedChunk;
import dev.stowage.config.LifecycleConfig;
import dev.stowage.model.BlockRange;
import dev.stowage.model.Chunk;
import dev.stowage.model.ChunkKey;
import dev.stowage.storage.postgres.sql.Database;
import dev.stowage.storage.postgres.sql.FleetSchema;
import dev.stowage.storage.postgres.sql.SqlBatch;
import dev.stowage.storage.postgres.sql.SqlTransaction;
import dev.stowage.store.CommandId;
import dev.stowage.store.Lease;
import dev.stowage.store.Lease.LeaseRequest;
import dev.stowage.store.StorageException;
import dev.stowage.store.spi.Claim;
import dev.stowage.store.spi.StoreSession;
import dev.stowage.store.spi.StoreSession.HistoryHorizon;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Servers that accept everything and answer nothing, standbys too, and primaries given up. */
class SilentServerTest {
  private static final Duration LEASE = Duration.ofSeconds(3);
  private static final Duration PAUSE = Duration.ofMillis(250);

  /** Waits that have nothing to do with the lease. */
  private static final Timeouts LONG =
      new Timeouts(Duration.ofMinutes(5), Duration.ofMinutes(5), Duration.ofMinutes(5));

  private final TestServer server = TestServer.alone();

  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final List<AutoCloseable> opened = new ArrayList<>();
  private final Lines log = new Lines();
  private final Home home = Home.at(server);
  private final String schema = home.schema();

  @AfterEach
  void close() throws Exception {
    server.waitForNobody(false);
    threads.shutdownNow();
    assertThat(threads.awaitTermination(1, TimeUnit.MINUTES)).isTrue();
    for (AutoCloseable each : opened) {
      each.close();
    }
    home.close();
  }

  // ---- standbys ----

  @Test
  void leaderWhoseStandbyIsSilent_leadsOn_acknowledgesNothing_andSaysSo() throws Exception {
    PostgresChunkStore store = open(PostgresChunkStore.builder(server.url()));
    StoreSession session = claim(store, "leader");
    session.found(LifecycleConfig.defaults());
    server.waitForNobody(true);
    Future<Object> leaders = threads.submit(() -> session.trimHistory(new HistoryHorizon(0, 0), 1));
    ReplicatedServer.await(() -> server.waiting() == 1);
    Future<Object> others = threads.submit(() -> PostgresFixture.append(store, ingest("c", 0)));
    Lease renewed = session.renew(LEASE.multipliedBy(3));
    assertThat(renewed.expiresAtNanos() - store.clockNanos())
        .isGreaterThan(LEASE.multipliedBy(2).toNanos());
    threads
        .submit(
            () -> ReplicatedServer.await(() -> log.has("wait for a standby that does not answer")))
        .get(5, TimeUnit.SECONDS);
    PostgresChunkStore second = open(PostgresChunkStore.builder(server.url()));
    assertThat(second.claim(new LeaseRequest("other", LEASE))).isInstanceOf(Claim.Held.class);
    assertThat(leaders).isNotDone();
    assertThat(others).isNotDone();
    server.waitForNobody(false);
    leaders.get(1, TimeUnit.MINUTES);
    assertThat(others.get(1, TimeUnit.MINUTES)).isInstanceOf(CommandId.class);
    ReplicatedServer.await(() -> log.has("standbys answer again"));
  }

  // ---- primaries that answer nothing ----

  @Test
  void silentServer_holdsNoClaimAndNoRenewal_forAsLongAsALease() throws Exception {
    try (Relay relay = new Relay(server.port())) {
      HikariDataSource hosts = new HikariDataSource();
      hosts.setJdbcUrl(through(relay.port()));
      opened.add(hosts);
      for (PostgresChunkStore.Builder builder :
          List.of(
              PostgresChunkStore.builder(through(relay.port())),
              PostgresChunkStore.builder(hosts))) {
        PostgresChunkStore store = open(builder.timeouts(LONG));
        StoreSession session = claim(store, "leader");
        relay.freeze();
        assertEndWithinTheLease(
            List.of(
                () -> session.renew(LEASE), () -> store.claim(new LeaseRequest("leader", LEASE))));
        relay.thaw();
        ReplicatedServer.await(() -> isRenewed(session));
      }
    }
  }

  private static boolean isRenewed(StoreSession session) {
    try {
      session.renew(LEASE);
      return true;
    } catch (StorageException.Transient e) {
      return false;
    }
  }

  private void assertEndWithinTheLease(List<Callable<Object>> works) throws InterruptedException {
    for (Future<Object> work : threads.invokeAll(works, LEASE.toMillis(), TimeUnit.MILLISECONDS)) {
      assertThatThrownBy(work::get).hasCauseInstanceOf(StorageException.Transient.class);
    }
  }

  @Test
  void transactionThatHangs_isGivenUp_onceAnotherServerAnswers() throws Exception {
    TestServer promoted = TestServer.foreign();
    try (Relay relay = new Relay(server.port())) {
      PostgresChunkStore twin = open(PostgresChunkStore.builder(promoted.url()));
      claim(twin, "other").found(LifecycleConfig.defaults());
      PostgresChunkStore store =
          open(
              PostgresChunkStore.builder(through(relay.port()))
                  .timeouts(LONG)
                  .waits(Duration.ofSeconds(1), Duration.ofSeconds(2)));
      claim(store, "leader").found(LifecycleConfig.defaults());
      PostgresFixture.append(store, ingest("c", 0));
      relay.freeze();
      Future<Object> hanging = threads.submit(() -> PostgresFixture.append(store, ingest("d", 10)));
      ReplicatedServer.await(() -> relay.isHolding());
      relay.moveTo(promoted.port());
      relay.thaw();
      assertThat(hasEnded(hanging)).isTrue();
      ReplicatedServer.await(() -> log.has("hung at a server that no longer leads"));
    }
  }

  /** Waits for a command that is appended again at the other server, or fails there. */
  private static boolean hasEnded(Future<?> work) throws Exception {
    try {
      work.get(30, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      assertThat(e).hasCauseInstanceOf(StorageException.Transient.class);
    }
    return work.isDone();
  }

  @Test
  void commitWithoutAnAnswer_countsAsVisible_onceAnotherServerAnswers() {
    PostgresChunkStore store = open(PostgresChunkStore.builder(server.url()));
    claim(store, "leader").found(LifecycleConfig.defaults());
    Database database =
        new Database(
            server.source(), server.source(), null, new FleetSchema(schema), Timeouts.DEFAULT);
    Proofs proofs = new Proofs(database, false, log, null, OwnProcess::nanos, Proofs.LATE);
    opened.add(proofs);
    SqlBatch first = database.opening(Database.Gate.APPENDING);
    Proofs.Opening opening = proofs.open(first);
    try (SqlTransaction transaction = database.begin(first)) {
      commit(opening, transaction);
      opening.stamp(new SqlBatch());
    }
    SqlBatch again = database.opening(Database.Gate.ALONE);
    List<LeaseSql.Stored> leases = LeaseSql.ask(again);
    Proofs.Asked asked = proofs.ask(again);
    database.begin(again).close();
    LeaseSql.Stored here = LeaseSql.only(leases);
    assertThat(proofs.isLost(here, asked)).isFalse();
    assertThat(proofs.isLost(elsewhere(here), asked)).isTrue();
  }

  @Test
  void leaseThatWasRead_beforeAnotherThreadSawANewerOne_isNotOfAStoreThatWentBack() {
    PostgresChunkStore store = open(PostgresChunkStore.builder(server.url()));
    claim(store, "leader").found(LifecycleConfig.defaults());
    Database database = store.database();
    Proofs proofs = new Proofs(database, false, log, null, OwnProcess::nanos, Proofs.LATE);
    opened.add(proofs);
    SqlBatch first = database.opening(Database.Gate.APPENDING);
    Proofs.Opening opening = proofs.open(first);
    database.begin(first).close();
    proofs.granted(claim(store, "leader").lease());
    assertThat(opening.lease().isServerOfRecord()).isTrue();
    SqlBatch second = database.opening(Database.Gate.APPENDING);
    server.execute(new FleetSchema(schema).in("UPDATE $.lease SET epoch = epoch - 1"));
    Proofs.Opening later = proofs.open(second);
    database.begin(second).close();
    assertThat(later.lease().isServerOfRecord()).isFalse();
  }

  @Test
  void lanesOfABurst_areProved_afterTheyAreNoLongerUsed() {
    PostgresChunkStore store = open(PostgresChunkStore.builder(server.url()));
    claim(store, "leader").found(LifecycleConfig.defaults());
    store.close();
    Database database =
        new Database(
            server.source(), server.source(), null, new FleetSchema(schema), Timeouts.DEFAULT);
    AtomicLong clock = new AtomicLong();
    Proofs proofs = new Proofs(database, false, log, null, clock::get, Proofs.LATE);
    opened.add(proofs);
    commitAtOnce(database, proofs);
    clock.addAndGet(Proofs.SILENCE.toNanos() / 2 + 1);
    commitAtOnce(database, proofs);
    server.execute(new FleetSchema(schema).in("UPDATE $.proof SET timeline = timeline - 1"));
    SqlBatch again = database.opening(Database.Gate.ALONE);
    List<LeaseSql.Stored> leases = LeaseSql.ask(again);
    Proofs.Asked asked = proofs.ask(again);
    database.begin(again).close();
    assertThat(proofs.isLost(elsewhere(LeaseSql.only(leases)), asked)).isFalse();
  }

  /** Commits two transactions that are open at the same time. */
  private static void commitAtOnce(Database database, Proofs proofs) {
    SqlBatch first = database.opening(Database.Gate.APPENDING);
    SqlBatch second = database.opening(Database.Gate.APPENDING);
    try (Proofs.Opening one = proofs.open(first);
        Proofs.Opening other = proofs.open(second);
        SqlTransaction ones = database.begin(first);
        SqlTransaction others = database.begin(second)) {
      commit(one, ones);
      commit(other, others);
    }
  }

  private static void commit(Proofs.Opening opening, SqlTransaction transaction) {
    opening.lease();
    SqlBatch last = new SqlBatch();
    opening.stamp(last);
    opening.commit(() -> transaction.commit(last));
  }

  /** Returns a lease as the server that was promoted would answer it. */
  private static LeaseSql.Stored elsewhere(LeaseSql.Stored here) {
    return new LeaseSql.Stored(
        here.holder(),
        here.epoch(),
        here.lineage(),
        here.expiresNanos(),
        here.nowNanos(),
        false,
        here.isLost(),
        here.isSynchronous(),
        new LeaseSql.Server(here.server().system(), here.server().timeline() + 1));
  }

  // ---- several hosts ----

  @Test
  void serverThatIsNoLongerThePrimary_isNotWrittenTo() {
    AtomicBoolean isPrimary = new AtomicBoolean(true);
    List<Integer> asked = new CopyOnWriteArrayList<>();
    PostgresChunkStore store =
        open(
            PostgresChunkStore.builder(severalHosts())
                .primaryCheck((host, port) -> {
                  asked.add(port);
                  return port == server.port() && isPrimary.get();
                }));
    claim(store, "leader").found(LifecycleConfig.defaults());
    PostgresFixture.append(store, ingest("c", 0));
    assertThat(asked).contains(1, server.port());
    isPrimary.set(false);
    ReplicatedServer.await(() -> isRefused(store));
    assertThatThrownBy(() -> PostgresFixture.append(store, ingest("d", 10)))
        .isInstanceOf(StorageException.Transient.class)
        .hasMessageContaining("its primary");
    isPrimary.set(true);
    ReplicatedServer.await(() -> !isRefused(store));
    PostgresFixture.append(store, ingest("d", 10));
    assertThat(log.lines).isEmpty();
  }

  private static boolean isRefused(PostgresChunkStore store) {
    try {
      store.lease();
      return false;
    } catch (StorageException.Transient e) {
      assertThat(e).hasMessageContaining("its primary");
      return true;
    }
  }

  @Test
  void addressWithoutAPrimary_isNotOpened() {
    assertThatThrownBy(() ->
            PostgresChunkStore.builder(server.url()).primaryCheck((host, port) -> false).open())
        .isInstanceOf(StorageException.Transient.class)
        .hasMessageContaining("calls none of");
    assertThatThrownBy(() ->
            PostgresChunkStore.builder(server.source()).primaryCheck((host, port) -> true).open())
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void severalHosts_withoutACheckAndWithoutASynchronousStandby_areWarnedOf() {
    open(PostgresChunkStore.builder(severalHosts()));
    assertThat(log.has("names several hosts")).isTrue();
    log.lines.clear();
    server.waitForNobody(true);
    open(PostgresChunkStore.builder(severalHosts()).setup(SchemaSetup.VALIDATE));
    assertThat(log.lines).isEmpty();
  }

  private String severalHosts() {
    return server.url().replaceFirst("//[^/]*/", "//127.0.0.1:1,127.0.0.1:" + server.port() + "/");
  }

  // ---- what they are made of ----

  private String through(int port) {
    return server.url().replaceFirst("//[^/]*/", "//127.0.0.1:" + port + "/");
  }

  private PostgresChunkStore open(PostgresChunkStore.Builder builder) {
    PostgresChunkStore store =
        builder.schema(schema).log(log).pauses(PAUSE).withoutListening().open();
    opened.add(store);
    return store;
  }

  private static StoreSession claim(PostgresChunkStore store, String holder) {
    return ((Claim.Granted) store.claim(new LeaseRequest(holder, LEASE))).session();
  }

  private static Command<?> ingest(String id, long from) {
    Chunk chunk = Chunk.of(ChunkKey.of("d", id), BlockRange.of(from, from + 9), 100);
    return new Command.Ingest(ProposedChunk.listOf(List.of(chunk)));
  }
}
