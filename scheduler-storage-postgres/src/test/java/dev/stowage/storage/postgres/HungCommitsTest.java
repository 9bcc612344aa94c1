package dev.stowage.storage.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stowage.Stowage;
import dev.stowage.StowageConfig.LeaseConfig;
import dev.stowage.client.ClientConfig;
import dev.stowage.client.ClientDoor;
import dev.stowage.client.PortalClient;
import dev.stowage.client.PortalClient.Sight;
import dev.stowage.command.ReportHeader;
import dev.stowage.command.Result;
import dev.stowage.contract.SmallFleet;
import dev.stowage.lifecycle.documents.SliceDocument;
import dev.stowage.model.PortalId;
import dev.stowage.model.Worker;
import dev.stowage.model.WorkerId;
import dev.stowage.storage.postgres.sql.FleetSchema;
import dev.stowage.store.StorageException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What portals are told while commits wait for a standby that does not answer. */
class HungCommitsTest {
  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
  private static final int WINDOW = 3;
  private static final WorkerId WORKER = WorkerId.of("w");

  private final TestServer server = TestServer.alone();

  private final ExecutorService thread = Executors.newSingleThreadExecutor();
  private final AtomicLong now = new AtomicLong(100 * SECOND);
  private final Home home = Home.at(server);
  private final String schema = home.schema();
  private PostgresChunkStore store;
  private Stowage leader;
  private PortalClient portal;

  @AfterEach
  void close() throws Exception {
    server.waitForNobody(false);
    thread.shutdownNow();
    assertThat(thread.awaitTermination(1, TimeUnit.MINUTES)).isTrue();
    leader.close();
    store.close();
    home.close();
  }

  @Test
  void commitThatEndsNoRoutes_takesNothingFromTheirWindow() throws Exception {
    lead(Timeouts.DEFAULT, new LeaseConfig("leader", Duration.ofSeconds(30)));
    server.waitForNobody(true);
    Future<?> hung =
        thread.submit(() -> leader.ingest(List.of(SmallFleet.chunk("b", 10)), leader.now()));
    ReplicatedServer.await(() -> server.waiting() > 0);
    for (int seconds = 0; seconds < 4 * WINDOW; seconds++) {
      now.addAndGet(SECOND);
      assertThat(sight()).isInstanceOf(Sight.Found.class);
    }
    assertThat(hung).isNotDone();
    assertThat(portal.status(now.get()).failures()).isZero();
  }

  @Test
  void commitThatEndsRoutes_leavesThemInUse_noLongerThanTheWindowThatItBegins() throws Exception {
    lead(Timeouts.DEFAULT, new LeaseConfig("leader", Duration.ofSeconds(30)));
    leader.remove(SmallFleet.key("a"), leader.now());
    server.waitForNobody(true);
    Future<Result.Published> hung = thread.submit(() -> leader.publish(leader.now()));
    ReplicatedServer.await(() -> server.waiting() > 0);
    for (int seconds = 1; seconds < WINDOW; seconds++) {
      now.addAndGet(SECOND);
      assertThat(sight()).isInstanceOf(Sight.Found.class);
    }
    now.addAndGet(SECOND);
    Sight atTheEnd = sight();
    assertThat(hung).isNotDone();
    server.waitForNobody(false);
    assertThat(hung.get(1, TimeUnit.MINUTES).dropped()).containsExactly(SmallFleet.key("a"));
    leader.schedule(leader.now());
    assertThat(SliceDocument.of(leader.fleet().slice(WORKER).orElseThrow()).put()).isEmpty();
    // The worker deletes the bytes from here on.
    assertThat(atTheEnd).isInstanceOf(Sight.Stale.class);
    now.addAndGet(SECOND);
    assertThat(sight()).isInstanceOf(Sight.Nothing.class);
  }

  @Test
  void storeThatWentBack_tellsNothing_untilAStandbyHasTheNextClaim() {
    // A claim waits for a third of the lease, and then for the statement.
    Duration wait = Duration.ofMillis(500);
    lead(
        new Timeouts(wait, Duration.ofSeconds(20), Duration.ofSeconds(20)),
        new LeaseConfig("leader", Duration.ofSeconds(3)));
    server.waitForNobody(true);
    server.execute(
        "SET synchronous_commit = local; "
            + new FleetSchema(schema).in("UPDATE $.lease SET epoch = epoch - 1"));
    assertThatThrownBy(leader::renew).isInstanceOf(StorageException.Fenced.class);
    assertThatThrownBy(() -> leader.claim(leader.now()))
        .isInstanceOf(StorageException.Transient.class);
    for (int seconds = 1; seconds < WINDOW; seconds++) {
      now.addAndGet(SECOND);
      assertThat(sight()).isInstanceOf(Sight.Found.class);
    }
    assertThat(portal.status(now.get()).trouble())
        .contains("UNAVAILABLE", "may have lost commits; the next leader starts a new lineage");
    now.addAndGet(SECOND);
    assertThat(sight()).isInstanceOf(Sight.Stale.class);
    server.waitForNobody(false);
    ReplicatedServer.await(this::isClaimed);
    now.addAndGet(20 * SECOND);
    assertThat(sight()).isInstanceOf(Sight.Found.class);
    assertThat(portal.status(now.get()).lineage()).isEqualTo(leader.fleet().lineage());
  }

  @Test
  void loss_isTold_beforeAStandbyAnswers() {
    lead(Timeouts.DEFAULT, new LeaseConfig("leader", Duration.ofSeconds(30)));
    server.waitForNobody(true);
    server.execute(
        "SET synchronous_commit = local; "
            + new FleetSchema(schema)
                .in("UPDATE $.lease SET epoch = epoch - 1, timeline = timeline - 1"));
    assertThatThrownBy(leader::renew).isInstanceOf(StorageException.Fenced.class);
    String told = new FleetSchema(schema).in("SELECT count(*) FROM $.proof WHERE timeline = -1");
    ReplicatedServer.await(() -> server.number(told) == 1);
  }

  @Test
  void promotedServer_isProved_beforeAStandbyFollowsIt() {
    lead(Timeouts.DEFAULT, new LeaseConfig("leader", Duration.ofSeconds(30)));
    server.waitForNobody(true);
    server.execute(
        "SET synchronous_commit = local; "
            + new FleetSchema(schema)
                .in(
                    "UPDATE $.lease SET timeline = timeline - 1;"
                        + " UPDATE $.proof SET timeline = timeline - 1"));
    assertThatThrownBy(leader::renew).isInstanceOf(StorageException.Fenced.class);
    String unproved =
        new FleetSchema(schema)
            .in("SELECT count(*) FROM $.proof WHERE timeline = (SELECT timeline FROM $.lease)");
    ReplicatedServer.await(() -> server.number(unproved) == 0);
  }

  private boolean isClaimed() {
    try {
      return leader.claim(leader.now()).granted();
    } catch (StorageException.Transient e) {
      return false;
    }
  }

  /** Leads in the second epoch, and shows chunk a to a portal. */
  private void lead(Timeouts timeouts, LeaseConfig lease) {
    store =
        PostgresChunkStore.builder(server.url())
            .schema(schema)
            .withoutTrustedClock()
            .timeouts(timeouts)
            .open();
    leader =
        Stowage.builder(store)
            .config(
                SmallFleet.config()
                    .withFleet(it ->
                        it.minReplication(1).drainWindowTicks(WINDOW).lineagePauseTicks(WINDOW))
                    .withLease(lease))
            .clock(() -> Instant.EPOCH.plusNanos(now.get()))
            .build();
    leader.claim(leader.now());
    leader.claim(leader.now());
    leader.describe(Worker.of(WORKER, 1_000), leader.now());
    Result.Registered registered = leader.register(WORKER, "disk", leader.now());
    leader.ingest(List.of(SmallFleet.chunk("a", 0)), leader.now());
    leader.schedule(leader.now());
    ReportHeader report =
        new ReportHeader(WORKER, registered.incarnation(), registered.lineage(), 1);
    leader.applied(
        report, leader.fleet().slice(WORKER).orElseThrow().id(), List.of(), leader.now());
    leader.publish(leader.now());
    ClientDoor door = ClientDoor.of(leader, "f");
    portal =
        new PortalClient(
            "f",
            PortalId.of("p"),
            (request, route) ->
                CompletableFuture.completedFuture(door.answer(request, leader.now())),
            ClientConfig.DEFAULT);
    assertThat(sight()).isInstanceOf(Sight.Found.class);
  }

  /** Returns what the portal knows of chunk a behind its next answer. */
  private Sight sight() {
    portal.turn(now.get());
    portal.turn(now.get());
    return portal.of(SmallFleet.key("a"), now.get());
  }
}
