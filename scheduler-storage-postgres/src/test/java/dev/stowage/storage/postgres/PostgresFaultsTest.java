package dev.stowage.storage.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stowage.answer.ChunkStatus.ChunkState;
import dev.stowage.command.Command;
import dev.stowage.command.ProposedChunk;
import dev.stowage.command.own.LeaderCommand;
import dev.stowage.config.LifecycleConfig;
import dev.stowage.evidence.ChainPoint;
import dev.stowage.evidence.EvidenceHeader;
import dev.stowage.evidence.Hash256;
import dev.stowage.lifecycle.Lifecycle;
import dev.stowage.lifecycle.LifecycleState;
import dev.stowage.lifecycle.answering.Heads;
import dev.stowage.lifecycle.questions.Questions;
import dev.stowage.lifecycle.rows.CommandCodec;
import dev.stowage.model.BlockRange;
import dev.stowage.model.Chunk;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.DatasetId;
import dev.stowage.model.Lineage;
import dev.stowage.model.PortalAssignmentId;
import dev.stowage.model.Tick;
import dev.stowage.model.Worker;
import dev.stowage.model.WorkerAssignmentId;
import dev.stowage.model.WorkerId;
import dev.stowage.placement.PlacementPlanner;
import dev.stowage.storage.postgres.sql.FleetSchema;
import dev.stowage.store.FleetView.AssignmentIds;
import dev.stowage.store.Lease.LeaseRequest;
import dev.stowage.store.StorageException;
import dev.stowage.store.spi.Claim;
import dev.stowage.store.spi.Commit;
import dev.stowage.store.spi.Commit.CommitKey;
import dev.stowage.store.spi.News;
import dev.stowage.store.spi.StoreSession;
import dev.stowage.store.spi.StoreTransaction;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Lost connections, another history of the server, foreign hands in the rows, and bad schemas. */
@Tag("deep")
class PostgresFaultsTest {
  private static final Tick NOW = Tick.of(1);
  private static final ChainPoint NO_EVIDENCE =
      ChainPoint.originOf(EvidenceHeader.of("test", Hash256.ZERO, 0));

  private final PostgresFixture fixture = new PostgresFixture();
  private final Lifecycle lifecycle = new Lifecycle(PlacementPlanner.sticky());
  private PostgresChunkStore store;

  @BeforeEach
  void openStore() {
    store = fixture.connect();
  }

  @AfterEach
  void dropSchema() {
    fixture.close();
  }

  // ---- connections ----

  @Test
  void leaderThatIsSilentInATransaction_losesItsTransactionNotItsPeers() {
    StoreSession session = founded();
    Timeouts impatient =
        new Timeouts(Duration.ofMinutes(1), Duration.ofSeconds(30), Duration.ofMillis(50));
    session.resign();
    // Left open, it would take the emptied schema of the next test for a store that went back.
    try (PostgresChunkStore hasty =
        PostgresChunkStore.builder(TestServer.get().source())
            .schema(fixture.schema())
            .timeouts(impatient)
            .open()) {
      StoreSession paused = claim(hasty, "paused");
      StoreTransaction open = paused.begin();
      // It says nothing more; who waits for the gate gets it once the server has lost patience.
      assertThat(claim(store, "paused").lease().epoch()).isGreaterThan(paused.lease().epoch());
      AssignmentIds ids = new AssignmentIds(WorkerAssignmentId.of(0), PortalAssignmentId.of(0));
      assertThatThrownBy(() -> open.advance(ids, NOW, 0))
          .isInstanceOf(StorageException.Transient.class);
      open.close();
      assertThatThrownBy(paused::load).isInstanceOf(StorageException.Fenced.class);
    }
  }

  // ---- news ----

  @Test
  void newsThatIsCommittedInTheOtherOrder_isFoundAllTheSame() throws Exception {
    StoreSession session = founded();
    LifecycleState mirror = session.load().state().orElseThrow();
    try (Connection late = TestServer.get().source().getConnection();
        Statement statement = late.createStatement()) {
      late.setAutoCommit(false);
      statement.execute(newsOf("early"));
      fixture.execute(newsOf("late"));
      take(session, mirror, "late");
      late.commit();
      take(session, mirror, "early");
    }
  }

  /** Repeats are deleted of the first 256 rows. */
  @Test
  void repeatOfWhatWasAnswered_isNotDecidedAgain_whereverItWaits() {
    StoreSession session = founded();
    LifecycleState mirror = session.load().state().orElseThrow();
    for (String name : List.of("first", "last")) {
      fixture.execute(newsOf(name));
      take(session, mirror, name);
    }
    fixture.execute(newsOf("first"));
    for (int number = 0; number < 255; number++) {
      fixture.execute(newsOf("w" + number));
    }
    fixture.execute(newsOf("last"));
    try (StoreTransaction transaction = session.begin()) {
      assertThat(transaction.news().readable())
          .hasSize(255)
          .allSatisfy(
              it -> assertThat(((Command.Describe) it.command()).worker().value()).startsWith("w"));
    }
  }

  private String newsOf(String worker) {
    byte[] command = CommandCodec.toBytes(Command.Describe.of(Worker.of(WorkerId.of(worker), 9)));
    return new FleetSchema(fixture.schema())
        .in(
            "INSERT INTO $.inbox (sender, number, kind, worker, command) VALUES (hashtext('#'), 1, 12,"
                    .replace("#", worker)
                + " '"
                + worker
                + "', '\\x"
                + HexFormat.of().formatHex(command)
                + "')");
  }

  private void take(StoreSession session, LifecycleState mirror, String worker) {
    try (StoreTransaction transaction = session.begin()) {
      News news = transaction.news();
      assertThat(news.readable())
          .extracting(item -> ((Command.Describe) item.command()).worker().value())
          .containsExactly(worker);
      AssignmentIds ids =
          new AssignmentIds(mirror.newestWorkerAssignment(), mirror.newestPortalAssignment());
      News.Item item = news.readable().get(0);
      var done = lifecycle.execute(mirror, item.command(), NOW);
      transaction.commit(
          new Commit(
              nextKey(session),
              ids,
              NOW,
              List.of(
                  new Commit.Consumed(
                      item.mark(),
                      item.id(),
                      List.of(done.changes()),
                      done.result(),
                      Optional.empty())),
              List.of(),
              mirror.digest(),
              List.of(),
              NO_EVIDENCE));
    }
  }

  // ---- the history of the server ----

  @Test
  void promotedServer_thatHasAllCommitsOfThisProcess_staysInItsLineage() {
    StoreSession session = founded();
    Lineage first = session.lease().lineage();
    PostgresFixture.append(store, ingest("c"));
    promote();
    assertThatThrownBy(session::load).isInstanceOf(StorageException.Fenced.class);
    StoreSession next = claim(store, "leader");
    assertThat(next.lease().lineage()).isEqualTo(first);
    assertThat(next.lease().epoch()).isEqualTo(session.lease().epoch() + 1);
    PostgresFixture.append(store, more());
    assertThat(next.load().state()).isPresent();
  }

  @Test
  void promotedServer_waitsForTheProofOfAnotherProcess() {
    StoreSession session = founded();
    Lineage first = session.lease().lineage();
    try (PostgresChunkStore other = fixture.connect()) {
      PostgresFixture.append(other, ingest("c"));
      promote();
      assertThatThrownBy(() -> claim(store, "leader"))
          .isInstanceOf(StorageException.Transient.class)
          .hasMessageContaining("1 lane");
      assertThatThrownBy(() -> PostgresFixture.append(other, ingest("d")))
          .isInstanceOf(StorageException.Transient.class);
      assertThat(claimedAtLast().lease().lineage()).isEqualTo(first);
      PostgresFixture.append(other, more());
    }
  }

  @Test
  void promotedServer_thatLacksACommitOfAnotherProcess_beginsALineage() {
    StoreSession session = founded();
    Lineage first = session.lease().lineage();
    try (PostgresChunkStore other = fixture.connect()) {
      PostgresFixture.append(other, ingest("c"));
      promote();
      fixture.execute(
          "UPDATE $.proof SET number = number - 1 WHERE token = (SELECT token FROM"
              + " $.proof ORDER BY seen_nanos DESC LIMIT 1)");
      assertThatThrownBy(() -> PostgresFixture.append(other, ingest("d")))
          .isInstanceOf(StorageException.Transient.class);
      assertThat(claimedAtLast().lease().lineage()).isNotEqualTo(first);
    }
  }

  /** Makes the rows those of an earlier timeline, as if the server had been promoted since. */
  private void promote() {
    fixture.execute("UPDATE $.lease SET timeline = timeline - 1");
    fixture.execute("UPDATE $.proof SET timeline = timeline - 1");
  }

  /** Claims until no proof is waited for. */
  private StoreSession claimedAtLast() {
    while (true) {
      try {
        return claim(store, "leader");
      } catch (StorageException.Transient unproved) {
        LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
      }
    }
  }

  @Test
  void storeThatWentBack_onTheSameServer_beginsALineage_withAnEpochThatWasNeverGiven() {
    StoreSession session = founded();
    Lineage first = session.lease().lineage();
    PostgresFixture.append(store, ingest("c"));
    fixture.execute("UPDATE $.proof SET number = 0");
    assertThatThrownBy(() -> PostgresFixture.append(store, ingest("d")))
        .isInstanceOf(StorageException.Transient.class);
    StoreSession next = claim(store, "leader");
    assertThat(next.lease().lineage()).isNotEqualTo(first);
    assertThat(next.lease().epoch()).isGreaterThan(1_700_000_000L);
  }

  @Test
  void storeThatWentBackBehindAnEpoch_isFencedForWhoSawIt() {
    StoreSession session = founded();
    Lineage first = session.lease().lineage();
    session.resign();
    long later = claim(store, "leader").lease().epoch();
    fixture.execute("UPDATE $.lease SET epoch = epoch - 1");
    assertThatThrownBy(() -> PostgresFixture.append(store, ingest("d")))
        .isInstanceOf(StorageException.Transient.class);
    StoreSession next = claim(store, "leader");
    assertThat(next.lease().lineage()).isNotEqualTo(first);
    assertThat(next.lease().epoch()).isGreaterThan(later);
  }

  @Test
  void serverOfAnotherHistory_servesNothing_untilALineageHasBegun() {
    StoreSession session = founded();
    Lineage first = session.lease().lineage();
    assertThat(fixture.losesCommits()).isTrue();
    assertThatThrownBy(session::load).isInstanceOf(StorageException.Fenced.class);
    assertThatThrownBy(() -> PostgresFixture.append(store, ingest("c")))
        .isInstanceOf(StorageException.Transient.class);
    assertThatThrownBy(store::view).isInstanceOf(StorageException.Transient.class);
    Lineage second = claim(store, "leader").lease().lineage();
    assertThat(second).isNotEqualTo(first);
    // It crashed before it began the lineage: that is owed still, and nothing is served.
    assertThatThrownBy(() -> PostgresFixture.append(store, ingest("c")))
        .isInstanceOf(StorageException.Transient.class);
    StoreSession next = claim(store, "leader");
    assertThat(next.lease().lineage()).isEqualTo(second);
    LifecycleState mirror = next.load().state().orElseThrow();
    commit(next, mirror, new LeaderCommand.BeginLineage(second));
    PostgresFixture.append(store, ingest("c"));
    assertThat(store.view().lineage()).isEqualTo(second);
    assertThat(claim(store, "leader").lease().lineage()).isEqualTo(second);
  }

  // ---- foreign hands ----

  @Test
  void rowChangedByAHand_isFoundByVerify() {
    StoreSession session = founded();
    LifecycleState mirror = session.load().state().orElseThrow();
    commit(session, mirror, ingest("c"));
    assertThat(session.verify()).isEqualTo(mirror.digest());
    fixture.execute("UPDATE $.chunk SET size_bytes = size_bytes + 1");
    assertThatThrownBy(session::verify)
        .isInstanceOf(StorageException.Corrupt.class)
        .hasMessageContaining("changed by hand");
  }

  @Test
  void rowThatCannotBeRead_isNamed() {
    StoreSession session = founded();
    LifecycleState mirror = session.load().state().orElseThrow();
    commit(session, mirror, ingest("c"));
    fixture.execute("UPDATE $.chunk SET min_version = 'new'");
    assertThatThrownBy(session::load)
        .isInstanceOf(StorageException.Corrupt.class)
        .hasMessageContaining("chunk c");
  }

  @Test
  void replicaOfAChunkThatIsNotThere_isNamed_andTheConnectionIsGoodForTheNextLoad() {
    StoreSession session = founded();
    LifecycleState mirror = session.load().state().orElseThrow();
    commit(session, mirror, ingest("c"));
    fixture.execute("INSERT INTO $.replica (chunk, worker, since) VALUES (41, 0, 1), (42, 0, 1)");
    assertThatThrownBy(session::load)
        .isInstanceOf(StorageException.Corrupt.class)
        .hasMessageContaining("the chunk at position 41")
        .hasMessageContaining("restore a backup");
    fixture.execute("DELETE FROM $.replica");
    assertThat(session.load().state().orElseThrow().digest()).isEqualTo(mirror.digest());
  }

  // ---- schemas ----

  @Test
  void schemaOfSomebodyElse_isRefused() {
    String foreign = TestServer.get().freshSchema();
    TestServer.get()
        .execute("CREATE SCHEMA " + foreign + "; CREATE TABLE " + foreign + ".t (i int)");
    try {
      assertThatThrownBy(() -> builder(foreign).open())
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("a schema of its own");
    } finally {
      TestServer.get().execute("DROP SCHEMA " + foreign + " CASCADE");
    }
  }

  @Test
  void userWithoutPrivileges_isToldWhatToGrant() {
    String weak = fixture.schema() + "_weak";
    TestServer.get().execute("CREATE ROLE " + weak);
    try {
      for (SchemaSetup setup : SchemaSetup.values()) {
        String url = TestServer.get().url() + "&options=-c%20role%3D" + weak;
        assertThatThrownBy(() ->
                PostgresChunkStore.builder(url)
                    .schema(setup == SchemaSetup.MIGRATE ? weak : fixture.schema())
                    .setup(setup)
                    .open())
            .isInstanceOf(IllegalStateException.class)
            .hasMessageContaining(
                setup == SchemaSetup.MIGRATE ? "grant the user the role <prefix>_owner" : "grant");
      }
    } finally {
      TestServer.get().execute("DROP ROLE " + weak);
    }
  }

  @Test
  void missingDatabase_isToBeCreated() {
    String url = TestServer.get().url().replaceFirst("/[a-z]+\\?", "/nobody_made_this?");
    assertThatThrownBy(() -> PostgresChunkStore.builder(url).open())
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("create the database first");
  }

  private static PostgresChunkStore.Builder builder(String schema) {
    return PostgresChunkStore.builder(TestServer.get().source())
        .withoutTrustedClock()
        .schema(schema);
  }

  // ---- the hand that writes ----

  private StoreSession founded() {
    StoreSession session = claim(store, "leader");
    session.found(LifecycleConfig.defaults());
    return session;
  }

  private static StoreSession claim(PostgresChunkStore store, String holder) {
    Claim claim = store.claim(new LeaseRequest(holder, Duration.ofMinutes(5)));
    return ((Claim.Granted) claim).session();
  }

  private void commit(StoreSession session, LifecycleState mirror, Command<?> command) {
    try (StoreTransaction transaction = session.begin()) {
      transaction.commit(executing(session, mirror, command));
    }
    DatasetId dataset = DatasetId.of("d");
    assertThat(store.ask(Questions.head(dataset))).isEqualTo(Heads.of(mirror, dataset));
    assertThat(store.ask(Questions.status(List.of(ChunkKey.of("d", "c")))).get(0).state())
        .isIn(Optional.empty(), Optional.of(ChunkState.ADMITTED));
  }

  private Commit executing(StoreSession session, LifecycleState mirror, Command<?> command) {
    AssignmentIds ids =
        new AssignmentIds(mirror.newestWorkerAssignment(), mirror.newestPortalAssignment());
    var changes = lifecycle.execute(mirror, command, NOW).changes();
    return new Commit(
        nextKey(session),
        ids,
        NOW,
        List.of(),
        List.of(changes),
        mirror.digest(),
        List.of(),
        NO_EVIDENCE);
  }

  private long sequence;

  private CommitKey nextKey(StoreSession session) {
    return new CommitKey(session.lease().epoch(), ++sequence);
  }

  private static Command<?> more() {
    Chunk chunk = Chunk.of(ChunkKey.of("d", "more"), BlockRange.of(10, 19), 100);
    return new Command.Ingest(ProposedChunk.listOf(List.of(chunk)));
  }

  private static Command<?> ingest(String id) {
    Chunk chunk = Chunk.of(ChunkKey.of("d", id), BlockRange.of(0, 9), 100);
    return new Command.Ingest(ProposedChunk.listOf(List.of(chunk)));
  }
}
