package dev.stowage.storage.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.stowage.Stowage;
import dev.stowage.client.ClientConfig;
import dev.stowage.client.ClientDoor;
import dev.stowage.client.PortalClient;
import dev.stowage.command.ReportHeader;
import dev.stowage.command.Result;
import dev.stowage.contract.SmallFleet;
import dev.stowage.lifecycle.documents.RoutesDocument;
import dev.stowage.model.BlockRange;
import dev.stowage.model.Chunk;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.DatasetId;
import dev.stowage.model.PortalId;
import dev.stowage.model.Worker;
import dev.stowage.model.WorkerId;
import dev.stowage.store.Aged;
import dev.stowage.store.AgedReader;
import dev.stowage.store.StorageException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A hot standby and a portal behind a follower, by the primary's own clock, at its end. */
@Tag("deep")
class StandbyFailoverTest {
  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

  /** The age from which on nothing is answered: a drain window of 10 s, less a tick. */
  private static final long OLDEST = 9 * SECOND;

  private static final WorkerId WORKER = WorkerId.of("w");
  private static final DatasetId DATASET = DatasetId.of("d");

  @TempDir private Path folder;

  private ReplicatedServer servers;
  private HikariDataSource standby;
  private PostgresChunkStore leaders;
  private PostgresChunkStore store;
  private Stowage leader;
  private Stowage follower;

  @BeforeEach
  void start() throws Exception {
    servers = new ReplicatedServer(folder);
    HikariConfig config = new HikariConfig();
    config.setJdbcUrl(servers.standbyUrl());
    config.setMaximumPoolSize(4);
    config.setConnectionTimeout(2_000);
    standby = new HikariDataSource(config);
    leaders = PostgresChunkStore.builder(servers.primaryUrl()).open();
    leader = facade(leaders, "leader");
    leader.claim(leader.now());
    show();
    store =
        PostgresChunkStore.builder(servers.primaryUrl())
            .standby(standby)
            .standbyWait(Duration.ofMillis(200))
            .open();
    follower = facade(store, "follower");
  }

  @AfterEach
  void end() {
    follower.close();
    store.close();
    leader.close();
    leaders.close();
    standby.close();
    servers.close();
  }

  private static Stowage facade(PostgresChunkStore of, String holder) {
    return Stowage.builder(of)
        .config(
            SmallFleet.config()
                .withFleet(it ->
                    it.minReplication(1)
                        .drainWindowTicks(10)
                        .lineagePauseTicks(10)
                        .allowedSkewTicks(0))
                .withHolder(holder))
        .clock(InstantSource.system())
        .build();
  }

  /** Makes a chunk visible on a worker. */
  private void show() {
    leader.describe(Worker.of(WORKER, 1_000), leader.now());
    Result.Registered registered = leader.register(WORKER, "disk", leader.now());
    Chunk chunk = Chunk.of(ChunkKey.of("d", "a"), BlockRange.of(0, 9), 100);
    leader.ingest(List.of(chunk), leader.now());
    leader.schedule(leader.now());
    ReportHeader report =
        new ReportHeader(WORKER, registered.incarnation(), registered.lineage(), 1);
    leader.applied(
        report, leader.fleet().slice(WORKER).orElseThrow().id(), List.of(), leader.now());
    leader.publish(leader.now());
    servers.awaitReplay();
  }

  @Test
  void primaryThatIsKilled_leavesItsStandbyAnswering_untilTheWindowIsOver() throws Exception {
    AgedReader reader = store.agedReader();
    Aged<RoutesDocument> before = reader.routes();
    assertThat(before.isFromStandby()).isTrue();
    assertThat(before.value().put()).hasSize(1);
    ClientDoor door = ClientDoor.of(follower, "f");
    PortalClient portal =
        new PortalClient(
            "f",
            PortalId.of("p"),
            (request, route) ->
                CompletableFuture.completedFuture(door.answer(request, follower.now())),
            ClientConfig.DEFAULT);
    long began = OwnProcess.nanos();
    portal.turn(began);
    portal.turn(OwnProcess.nanos());
    assertThat(portal.at(DATASET, 5, began)).isInstanceOf(PortalClient.Sight.Found.class);

    servers.killPrimary();
    Aged<RoutesDocument> after = reader.routes();
    assertThat(after.isFromStandby()).isTrue();
    assertThat(after.value()).isEqualTo(before.value());
    assertThat(after.ageNanos()).isGreaterThan(before.ageNanos()).isLessThan(OLDEST);
    portal.refresh();
    portal.turn(OwnProcess.nanos());
    portal.turn(OwnProcess.nanos());
    assertThat(portal.status(OwnProcess.nanos()).failures()).isZero();

    long[] oldest = new long[1];
    ReplicatedServer.await(() -> {
      try {
        oldest[0] = reader.routes().ageNanos();
        return false;
      } catch (StorageException.Transient e) {
        return true;
      }
    });
    assertThat(oldest[0]).isBetween(OLDEST / 2, OLDEST);
    assertThatThrownBy(reader::routes)
        .isInstanceOf(StorageException.Transient.class)
        .hasMessageContaining("no server gives routes of schema stowage")
        .hasMessageContaining(" s old; less than the window of portals, 9 s, is accepted")
        .hasMessageContaining("the primary: ");
    // The newest answer was given after the cycle, and is used no longer than the cycle's window.
    assertThat(portal.isServing(OwnProcess.nanos())).isFalse();
    assertThat(portal.isServing(began + OLDEST)).isFalse();
  }

  @Test
  void age_isThatOfThePrimarysClock_andGrowsWhileReplayPauses() {
    AgedReader reader = store.agedReader();
    servers.onStandby("SELECT pg_wal_replay_pause()");
    long cycle =
        Long.parseLong(
            ReplicatedServer.text(
                servers.primaryUrl(),
                "SELECT greatest((SELECT clock_nanos FROM stowage.fleet),"
                    + " (SELECT last_value FROM stowage.seen_clock))"));
    long least = leaders.trustedClockNanos().orElseThrow() - cycle;
    long first = reader.routes().ageNanos();
    long since = OwnProcess.nanos();
    long most = leaders.trustedClockNanos().orElseThrow() - cycle;
    // The estimate is late by the time that the question for the clock took.
    assertThat(first).isBetween(least, most + SECOND);

    // A tick, within which another cycle would leave no mark.
    ReplicatedServer.await(() -> OwnProcess.nanos() - since > SECOND);
    long second = reader.routes().ageNanos();
    assertThat(second - first).isBetween(SECOND / 2, 5 * SECOND);
    servers.onStandby("SELECT pg_wal_replay_resume()");
    leader.schedule(leader.now() + SECOND);
    servers.awaitReplay();
    long last = reader.routes().ageNanos();
    assertThat(last).isLessThan(leaders.trustedClockNanos().orElseThrow() - cycle);
  }
}
