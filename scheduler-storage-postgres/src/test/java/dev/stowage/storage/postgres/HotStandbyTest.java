package dev.stowage.storage.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.stowage.Stowage;
import dev.stowage.StowageConfig;
import dev.stowage.contract.EveryQuestion;
import dev.stowage.contract.SmallFleet;
import dev.stowage.lifecycle.documents.RoutesDocument;
import dev.stowage.lifecycle.documents.SliceDocument;
import dev.stowage.lifecycle.questions.Questions;
import dev.stowage.model.DatasetId;
import dev.stowage.model.Lineage;
import dev.stowage.model.PortalAssignmentId;
import dev.stowage.model.WorkerAssignmentId;
import dev.stowage.model.WorkerId;
import dev.stowage.storage.postgres.sql.FleetSchema;
import dev.stowage.store.Aged;
import dev.stowage.store.AgedReader;
import dev.stowage.store.FleetView;
import dev.stowage.store.StorageException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Answers of a hot standby, in a fleet whose clock is that of the test. */
class HotStandbyTest {
  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
  private static final int DRAIN_SECONDS = 20;
  private static final int SKEW_SECONDS = 5;

  /** The age from which on nothing is answered: the window, less one tick. */
  private static final long OLDEST = (DRAIN_SECONDS - SKEW_SECONDS - 1) * SECOND;

  private static final WorkerId W1 = WorkerId.of("w1");

  private static ReplicatedServer servers;
  private static TestServer primary;
  private static HikariDataSource standbySource;

  private final Lines log = new Lines();
  private final Home home = Home.at(primary);
  private final String schema = home.schema();
  private PostgresChunkStore leaders;
  private PostgresChunkStore store;
  private AgedReader reader;
  private AgedReader direct;
  private Stowage leader;
  private SmallFleet fleet;

  @BeforeAll
  static void startServers(@TempDir Path folder) throws Exception {
    servers = new ReplicatedServer(folder);
    primary = new TestServer(servers.primaryUrl());
    standbySource = pool(servers.standbyUrl());
  }

  private static HikariDataSource pool(String url) {
    HikariConfig config = new HikariConfig();
    config.setJdbcUrl(url);
    config.setMaximumPoolSize(8);
    config.setMinimumIdle(0);
    config.setConnectionTimeout(2_000);
    return new HikariDataSource(config);
  }

  @AfterAll
  static void stopServers() {
    standbySource.close();
    servers.close();
  }

  static StowageConfig config() {
    return SmallFleet.config()
        .withFleet(it ->
            it.drainWindowTicks(DRAIN_SECONDS)
                .lineagePauseTicks(DRAIN_SECONDS)
                .allowedSkewTicks(SKEW_SECONDS));
  }

  @BeforeEach
  void startFleet() {
    leaders = builder().open();
    leader = Stowage.builder(leaders).config(config().withHolder("leader")).build();
    fleet = new SmallFleet(leader);
    leader.claim(fleet.now());
    fleet.join(10_000, "w1", "w2", "w3");
    fleet.ingest(SmallFleet.chunk("a", 0), SmallFleet.chunk("b", 10));
    for (int round = 0; round < 4; round++) {
      fleet.round();
    }
    servers.awaitReplay();
    store =
        builder()
            .standby(standbySource)
            .standbyWait(Duration.ofMillis(20))
            .pauses(Duration.ofMillis(50))
            .open();
    reader = store.agedReader();
    direct = leaders.agedReader();
  }

  private PostgresChunkStore.Builder builder() {
    return PostgresChunkStore.builder(primary.source())
        .schema(schema)
        .log(log)
        .trustedClock(() -> fleet == null ? SECOND : fleet.now());
  }

  @AfterEach
  void endFleet() {
    servers.onStandby("SELECT pg_wal_replay_resume()");
    leader.close();
    store.close();
    leaders.close();
    home.close();
  }

  private void pauseReplay() {
    servers.awaitReplay();
    servers.onStandby("SELECT pg_wal_replay_pause()");
    ReplicatedServer.await(() ->
        ReplicatedServer.text(servers.standbyUrl(), "SELECT pg_get_wal_replay_pause_state()")
            .equals("paused"));
  }

  private static <T> T ofStandby(Aged<T> read) {
    assertThat(read.isFromStandby()).isTrue();
    return read.value();
  }

  private static <T> T ofPrimary(Aged<T> read) {
    assertThat(read.isFromStandby()).isFalse();
    return read.value();
  }

  @Test
  void answersOfTheStandby_areThoseOfThePrimary() {
    FleetView view = leader.fleet();
    Lineage lineage = view.lineage();
    assertThat(ofStandby(reader.routes())).isEqualTo(direct.routes().value());
    assertThat(direct.routes().value().put()).hasSize(2);
    for (long id = 0; id <= view.ids().portal().value(); id++) {
      PortalAssignmentId known = PortalAssignmentId.of(id);
      assertThat(ofStandby(reader.routesSince(lineage, known)))
          .isEqualTo(direct.routesSince(lineage, known).value());
    }
    assertThat(ofStandby(reader.routes(lineage, view.ids().portal())))
        .isEqualTo(direct.routes().value());
    for (String name : List.of("w1", "w2", "w3")) {
      WorkerId worker = WorkerId.of(name);
      for (long id = 0; id <= view.ids().worker().value(); id++) {
        WorkerAssignmentId known = WorkerAssignmentId.of(id);
        assertThat(ofStandby(reader.sliceSince(worker, lineage, known)))
            .isEqualTo(direct.sliceSince(worker, lineage, known).value())
            .isPresent();
      }
    }
    EveryQuestion questions =
        new EveryQuestion(
            List.of(SmallFleet.key("a"), SmallFleet.key("none")),
            List.of(W1, WorkerId.of("none")),
            List.of(DatasetId.of("d"), DatasetId.of("none")),
            List.of(1L));
    for (EveryQuestion.Asked asked : questions.all()) {
      assertThat((Object) ofStandby(reader.ask(asked.question())))
          .as(asked.call())
          .isEqualTo(store.ask(asked.question()));
    }
  }

  @Test
  void age_countsFromTheNewestCycle_alsoOfOneThatChangesNothing() {
    assertThat(reader.routes().ageNanos()).isZero();
    fleet.pass(3);
    assertThat(reader.routes().ageNanos()).isEqualTo(3 * SECOND);
    assertThat(reader.routes().tick()).isEqualTo(leader.fleet().tick());
    while (fleet.round()) {
      // A cycle that changes nothing is to come.
    }
    servers.awaitReplay();
    assertThat(reader.routes().ageNanos()).isZero();
    assertThat(reader.routes().portalWindowTicks()).isEqualTo(DRAIN_SECONDS - SKEW_SECONDS);
  }

  @Test
  void pausedReplay_givesFormerRoutesWithTheirAge_andNewerOnesFromThePrimary() {
    RoutesDocument former = direct.routes().value();
    pauseReplay();
    fleet.ingest(SmallFleet.chunk("c", 20));
    for (int round = 0; round < 4; round++) {
      fleet.round();
    }
    RoutesDocument newest = direct.routes().value();
    assertThat(newest.id()).isGreaterThan(former.id());

    Aged<RoutesDocument> old = reader.routes();
    assertThat(ofStandby(old)).isEqualTo(former);
    assertThat(old.ageNanos()).isEqualTo(4 * SECOND);
    assertThat(ofStandby(reader.routesSince(former.lineage(), former.id())).id())
        .isEqualTo(former.id());
    assertThat(ofPrimary(reader.routes(newest.lineage(), newest.id()))).isEqualTo(newest);
    assertThat(ofPrimary(reader.routesSince(newest.lineage(), newest.id())).id())
        .isEqualTo(newest.id());
    WorkerAssignmentId slices = leader.fleet().ids().worker();
    assertThat(ofPrimary(reader.sliceSince(W1, newest.lineage(), slices)))
        .isEqualTo(direct.sliceSince(W1, newest.lineage(), slices).value());
    assertThat(log.said("lacks the assignment that was asked for")).hasSize(1);
  }

  @Test
  void assignmentThatIsUnderWay_isWaitedFor() {
    pauseReplay();
    fleet.ingest(SmallFleet.chunk("c", 20));
    for (int round = 0; round < 4; round++) {
      fleet.round();
    }
    RoutesDocument newest = direct.routes().value();
    try (PostgresChunkStore patient =
        builder().standby(standbySource).standbyWait(Duration.ofSeconds(20)).open()) {
      Thread resumes =
          new Thread(() -> {
            LockSupport.parkNanos(SECOND / 5);
            servers.onStandby("SELECT pg_wal_replay_resume()");
          });
      resumes.start();
      assertThat(ofStandby(patient.agedReader().routes(newest.lineage(), newest.id())))
          .isEqualTo(newest);
    }
  }

  @Test
  void fullSliceOfNoAssignment_isThePrimarys_becauseItSaysWhatToDelete() {
    assertThat(ofPrimary(reader.slice(W1))).isEqualTo(direct.slice(W1).value()).isPresent();
  }

  @Test
  void workerThatTheStandbyDoesNotKnow_isAskedForAtThePrimary() {
    Lineage lineage = leader.fleet().lineage();
    WorkerAssignmentId known = leader.fleet().ids().worker();
    pauseReplay();
    fleet.join(10_000, "w4");
    fleet.round();
    assertThat(ofPrimary(reader.sliceSince(WorkerId.of("w4"), lineage, known))).isPresent();
    assertThat(ofPrimary(reader.sliceSince(WorkerId.of("none"), lineage, known))).isEmpty();
  }

  @Test
  void standbyThatIsTooOld_givesNoAnswer() {
    pauseReplay();
    fleet.pass(OLDEST / SECOND - 1);
    Aged<RoutesDocument> young = reader.routes();
    assertThat(young.isFromStandby()).isTrue();
    assertThat(reader.standbyAgeNanos()).hasValue(young.ageNanos());
    fleet.pass(1);
    Aged<RoutesDocument> read = reader.routes();
    assertThat(read.isFromStandby()).isFalse();
    assertThat(reader.standbyAgeNanos().orElseThrow()).isGreaterThanOrEqualTo(OLDEST);
    assertThat(ofPrimary(reader.ask(Questions.fleet()))).isNotNull();
    assertThat(log.said(" s old; less than the window of portals, 14 s, is accepted")).hasSize(1);
    servers.onStandby("SELECT pg_wal_replay_resume()");
    fleet.round();
    ReplicatedServer.await(() -> reader.routes().isFromStandby());
    assertThat(log.said("answers again")).hasSize(1);
  }

  @Test
  void newLineage_thatTheStandbyLacks_isAskedForAtThePrimary_andNoneBeginsForIt() {
    Lineage former = leader.fleet().lineage();
    pauseReplay();
    servers.onPrimary(PostgresFixture.lost(new FleetSchema(schema)));
    assertThat(leader.claim(fleet.now()).granted()).isTrue();
    Lineage present = leader.fleet().lineage();
    long epoch = store.lease().orElseThrow().epoch();
    assertThat(present).isNotEqualTo(former);

    // The process has seen the new epoch, and the standby still shows the former one.
    assertThat(ofStandby(reader.routes()).lineage()).isEqualTo(former);
    RoutesDocument routes = ofPrimary(reader.routes(present, PortalAssignmentId.of(0)));
    assertThat(routes.lineage()).isEqualTo(present);
    Optional<SliceDocument> slice =
        ofPrimary(reader.sliceSince(W1, present, WorkerAssignmentId.of(1)));
    assertThat(slice.orElseThrow().lineage()).isEqualTo(present);
    assertThat(log.said("lacks the assignment that was asked for")).hasSize(1);
    assertThat(log.said("are lost")).isEmpty();
    assertThat(store.lease().orElseThrow().epoch()).isEqualTo(epoch);
    assertThat(
            ReplicatedServer.text(
                servers.primaryUrl(),
                new FleetSchema(schema)
                    .in("SELECT count(*) FROM $.proof JOIN $.lease ON lineage = proof.system_id")))
        .isEqualTo("0");
    fleet.pass(1);
    assertThat(leader.schedule(fleet.now()).isAccepted()).isTrue();
  }

  @Test
  void standbyThatIsAway_isReplacedByThePrimary_untilItAnswersAgain() throws Exception {
    servers.stopStandby();
    assertThat(ofPrimary(reader.routes())).isEqualTo(direct.routes().value());
    assertThat(ofPrimary(reader.routes())).isEqualTo(direct.routes().value());
    assertThat(log.said("does not answer")).hasSize(1);
    assertThat(reader.standbyAgeNanos()).isEmpty();
    servers.startStandby();
    ReplicatedServer.await(() -> reader.routes().isFromStandby());
    assertThat(log.said("answers again")).hasSize(1);
  }

  @Test
  void otherServer_isRefused() {
    try (HikariDataSource other = pool(TestServer.foreign().url())) {
      PostgresChunkStore.Builder builder = builder().standby(other);
      assertThatThrownBy(builder::open)
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("the standby is none of the store's server");
    }
  }

  @Test
  void standbyWithoutATrustedClock_isRefused() {
    PostgresChunkStore.Builder builder = builder().withoutTrustedClock().standby(standbySource);
    assertThatThrownBy(builder::open)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("standby needs a trusted clock");
  }

  @Test
  void primaryInPlaceOfAStandby_isReadAsOne() {
    try (PostgresChunkStore odd = builder().standby(primary.source()).open()) {
      assertThat(ofStandby(odd.agedReader().routes())).isEqualTo(direct.routes().value());
    }
  }

  /** In deep: Flyway tries ten times, a second apart, to make a schema. */
  @Test
  @Tag("deep")
  void standbyWithoutASchema_isNamedAsReadOnly() {
    assertThatThrownBy(PostgresChunkStore.builder(servers.standbyUrl())::open)
        .isInstanceOf(StorageException.Transient.class)
        .hasMessageContaining("schema stowage could not be set up")
        .hasMessageContaining("the server is read-only")
        .hasMessageContaining("connect to the primary");
  }

  @Test
  void standbyInPlaceOfThePrimary_isNamed() {
    try (PostgresChunkStore odd =
        PostgresChunkStore.builder(standbySource)
            .schema(schema)
            .setup(SchemaSetup.VALIDATE)
            .open()) {
      for (var call :
          List.<Runnable>of(
              odd::lease,
              odd::view,
              () -> odd.agedReader().slice(W1),
              () -> odd.agedReader().routes())) {
        assertThatThrownBy(call::run)
            .isInstanceOf(StorageException.Transient.class)
            .hasMessageContaining("the server is a hot standby")
            .hasMessageContaining("Builder.standby");
      }
    }
  }
}
