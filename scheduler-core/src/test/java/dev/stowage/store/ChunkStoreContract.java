package dev.stowage.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stowage.evidence.ChainPoint;
import dev.stowage.evidence.EvidenceHeader;
import dev.stowage.evidence.EvidenceRecord;
import dev.stowage.evidence.Hash256;
import dev.stowage.evidence.HashChain;
import dev.stowage.lifecycle.ChunkState;
import dev.stowage.lifecycle.Command;
import dev.stowage.lifecycle.Lifecycle;
import dev.stowage.lifecycle.LifecycleConfig;
import dev.stowage.lifecycle.LifecycleState;
import dev.stowage.lifecycle.ProposedChunk;
import dev.stowage.lifecycle.Result;
import dev.stowage.lifecycle.ResultCode;
import dev.stowage.lifecycle.rows.ChangeSet;
import dev.stowage.model.BlockRange;
import dev.stowage.model.Chunk;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.DatasetId;
import dev.stowage.model.Tick;
import dev.stowage.model.Worker;
import dev.stowage.model.WorkerId;
import dev.stowage.placement.PlacementPlanner;
import dev.stowage.store.Commit.CommitKey;
import dev.stowage.store.Commit.CommitOutcome;
import dev.stowage.store.Lease.LeaseRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What every {@link ChunkStore} must do, whatever it is made of. A backend extends this class, says
 * how its store is opened, and changes nothing else.
 */
public abstract class ChunkStoreContract {
  private static final Duration LEASE = Duration.ofMinutes(5);
  private static final Tick NOW = Tick.of(1);
  private static final LifecycleConfig CONFIG = LifecycleConfig.defaults();
  private static final ChainPoint NO_EVIDENCE =
      ChainPoint.originOf(EvidenceHeader.of("test", Hash256.ZERO, 0));

  private final Lifecycle lifecycle = new Lifecycle(PlacementPlanner.sticky());
  private StoreFixture fixture;
  private ChunkStore store;
  private long sequence;

  /** A fresh store, whose fleet has not begun. */
  protected abstract StoreFixture open();

  @BeforeEach
  void openStore() {
    fixture = open();
    store = fixture.connect();
  }

  @AfterEach
  void closeStore() {
    store.close();
    fixture.close();
  }

  // ---- the lease ----

  @Test
  void claim_ofAFreshStore_isGranted() {
    assertThat(store.lease()).isEmpty();
    try (StoreSession session = claim("a")) {
      assertThat(session.lease().holder()).isEqualTo("a");
      assertThat(session.lease().epoch()).isPositive();
      assertThat(session.lease().expiresAtNanos()).isGreaterThan(store.clockNanos());
      assertThat(store.lease()).contains(session.lease());
    }
  }

  @Test
  void claim_whileAnotherHoldsTheLease_namesTheHolder() {
    try (StoreSession session = claim("a")) {
      Claim second = fixture.connect().claim(new LeaseRequest("b", LEASE));
      assertThat(second).isEqualTo(new Claim.Held(session.lease()));
    }
  }

  @Test
  void claim_afterTheLeaseRanOut_raisesTheEpochAndFencesTheFormerHolder() {
    StoreSession first = founded("a");
    fixture.expireLease();
    StoreSession second = claim("b");
    assertThat(second.lease().epoch()).isGreaterThan(first.lease().epoch());
    assertThat(second.lease().lineage()).isEqualTo(first.lease().lineage());
    assertFenced(first);
  }

  @Test
  void claim_bySomebodyOfTheSameName_fencesItsFormerSelf() {
    StoreSession first = founded("a");
    StoreSession second = claim("a");
    assertThat(second.lease().epoch()).isGreaterThan(first.lease().epoch());
    assertFenced(first);
  }

  @Test
  void lease_thatRanOutUnclaimed_stillWrites() {
    StoreSession session = founded("a");
    fixture.expireLease();
    LifecycleState mirror = load(session);
    commit(session, mirror, describe("w"));
    assertThat(load(session).workerCount()).isEqualTo(1);
  }

  @Test
  void resignation_freesTheLeaseAndEndsTheSession() {
    StoreSession first = founded("a");
    first.resign();
    assertThat(store.lease()).isEmpty();
    assertThat(claim("b").lease().holder()).isEqualTo("b");
    assertFenced(first);
  }

  @Test
  void renewal_extendsTheLease() {
    StoreSession session = founded("a");
    Lease renewed = session.renew(LEASE.multipliedBy(2));
    assertThat(renewed.epoch()).isEqualTo(session.lease().epoch());
    assertThat(renewed.expiresAtNanos() - store.clockNanos()).isGreaterThan(LEASE.toNanos());
    assertThat(store.lease()).contains(renewed);
  }

  @Test
  void renewal_neverShortensTheLease() {
    StoreSession session = founded("a");
    Lease longer = session.renew(LEASE.multipliedBy(3));
    assertThat(session.renew(LEASE).expiresAtNanos()).isEqualTo(longer.expiresAtNanos());
    assertThat(store.lease()).contains(session.lease());
  }

  @Test
  void renewal_besideAnOpenTransaction_doesNotWaitForIt() throws Exception {
    StoreSession session = founded("a");
    LifecycleState mirror = load(session);
    AssignmentIds expected = ids(mirror);
    try (StoreTransaction transaction = session.begin(TransactionScope.everyDataset())) {
      ChangeSet changes = lifecycle.execute(mirror, describe("w"), NOW).changes();
      Lease renewed =
          elsewhere(() -> session.renew(LEASE.multipliedBy(2))).get(1, TimeUnit.MINUTES);
      assertThat(renewed.expiresAtNanos() - store.clockNanos()).isGreaterThan(LEASE.toNanos());
      transaction.commit(
          commitOf(session, expected, List.of(), Optional.of(changes), mirror.digest()));
    }
    assertThat(load(session).workerCount()).isEqualTo(1);
  }

  @Test
  void renewal_ofALeaderThatWasDeposed_extendsNothing() {
    StoreSession first = founded("a");
    fixture.expireLease();
    StoreSession second = claim("b");
    assertThatThrownBy(() -> first.renew(LEASE.multipliedBy(9)))
        .isInstanceOf(StorageException.Fenced.class);
    assertThat(store.lease()).contains(second.lease());
  }

  @Test
  void everythingThatIsDoneUnderTheLease_extendsIt() {
    StoreSession session = founded("a");
    LifecycleState mirror = load(session);
    assertExtends("load", session::load);
    assertExtends("verify", session::verify);
    assertExtends("retention", () -> session.trimHistory(new HistoryHorizon(0, 0), 1));
    assertExtends("commit", () -> commit(session, mirror, describe("w")));
    assertExtends(
        "cycle that leaves its tick",
        () -> inTransaction(session, it -> it.advance(ids(mirror), Tick.of(7))));
    assertExtends(
        "cycle that leaves nothing",
        () -> inTransaction(session, it -> it.verifyLease(ids(mirror))));
    assertThat(session.load().seen()).isEqualTo(Tick.of(7));
  }

  private void assertExtends(String what, Runnable work) {
    fixture.expireLease();
    assertThat(store.lease().orElseThrow().expiresAtNanos())
        .as("before " + what)
        .isLessThanOrEqualTo(store.clockNanos());
    long before = store.clockNanos();
    work.run();
    assertThat(store.lease().orElseThrow().expiresAtNanos())
        .as("after " + what)
        .isGreaterThanOrEqualTo(before + LEASE.toNanos());
    assertThat(fixture.connect().claim(new LeaseRequest("b", LEASE)))
        .isInstanceOf(Claim.Held.class);
  }

  @Test
  void whatIsDoneAfterARenewal_extendsTheLeaseByAsMuch() {
    StoreSession session = founded("a");
    session.renew(LEASE.multipliedBy(3));
    fixture.expireLease();
    long before = store.clockNanos();
    commit(session, load(session), describe("w"));
    assertThat(store.lease().orElseThrow().expiresAtNanos())
        .isGreaterThanOrEqualTo(before + LEASE.multipliedBy(3).toNanos());
  }

  @Test
  void claim_whileTheHolderIsInATransaction_waitsOrGivesWay_andDeposesNobody() throws Exception {
    StoreSession session = founded("a");
    LifecycleState mirror = load(session);
    AssignmentIds expected = ids(mirror);
    ChunkStore other = fixture.connect();
    Future<Claim> answer;
    try (StoreTransaction transaction = session.begin(TransactionScope.everyDataset())) {
      ChangeSet changes = lifecycle.execute(mirror, describe("w"), NOW).changes();
      fixture.expireLease();
      answer = elsewhere(() -> other.claim(new LeaseRequest("b", LEASE)));
      graceFor(answer);
      transaction.commit(
          commitOf(session, expected, List.of(), Optional.of(changes), mirror.digest()));
    }
    assertThat(answer.get(1, TimeUnit.MINUTES)).isInstanceOf(Claim.Held.class);
    assertThat(store.lease().orElseThrow().epoch()).isEqualTo(session.lease().epoch());
    assertThat(load(session).workerCount()).isEqualTo(1);
  }

  /** A store that deposes answers meanwhile; one that waits cannot be waited for. */
  private static void graceFor(Future<?> answer) throws Exception {
    try {
      answer.get(300, TimeUnit.MILLISECONDS);
    } catch (TimeoutException stillWaiting) {
      return;
    }
  }

  private static <T> Future<T> elsewhere(Callable<T> work) {
    FutureTask<T> task = new FutureTask<>(work);
    new Thread(task).start();
    return task;
  }

  private static void inTransaction(StoreSession session, Consumer<StoreTransaction> work) {
    try (StoreTransaction transaction = session.begin(TransactionScope.everyDataset())) {
      work.accept(transaction);
    }
  }

  @Test
  void session_thatWasClosed_leavesTheLeaseRunning() {
    StoreSession session = founded("a");
    session.close();
    assertThat(store.claim(new LeaseRequest("b", LEASE))).isInstanceOf(Claim.Held.class);
    assertFenced(session);
  }

  // ---- loading and committing ----

  @Test
  void fleet_beginsOnce() {
    StoreSession session = claim("a");
    assertThat(session.load().state()).isEmpty();
    LoadedFleet begun = session.found(CONFIG);
    LifecycleState state = begun.state().orElseThrow();
    assertThat(state.config()).isEqualTo(CONFIG);
    assertThat(state.lineage()).isEqualTo(session.lease().lineage());
    assertThat(begun.digest()).isEqualTo(state.digest());
    assertThatThrownBy(() -> session.found(CONFIG)).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void commit_isThereAfterALoad() {
    StoreSession session = founded("a");
    LifecycleState mirror = load(session);
    commit(session, mirror, describe("w"));
    commit(session, mirror, ingest("c", 0));
    LoadedFleet loaded = session.load();
    LifecycleState again = loaded.state().orElseThrow();
    assertThat(again.digest()).isEqualTo(mirror.digest()).isEqualTo(loaded.digest());
    assertThat(again.fullDigest()).isEqualTo(mirror.digest());
    assertThat(again.status(key("c"))).isEqualTo(mirror.status(key("c")));
    assertThat(session.verify()).isEqualTo(mirror.digest());
  }

  @Test
  void mirror_thatWasLoaded_isTheCallersOwn() {
    StoreSession session = founded("a");
    lifecycle.execute(load(session), describe("w"), NOW);
    assertThat(load(session).workerCount()).isZero();
  }

  @Test
  void transaction_closedWithoutACommit_leavesNothing() {
    StoreSession session = founded("a");
    LifecycleState mirror = load(session);
    long before = mirror.digest();
    try (StoreTransaction transaction = session.begin(TransactionScope.noDataset())) {
      lifecycle.execute(mirror, describe("w"), NOW);
      assertThat(transaction.news().isEmpty()).isTrue();
    }
    assertThat(session.load().digest()).isEqualTo(before);
  }

  @Test
  void commit_fromAnotherMirror_isFencedAndChangesNothing() {
    StoreSession session = founded("a");
    LifecycleState mirror = load(session);
    long before = mirror.digest();
    AssignmentIds wrong =
        new AssignmentIds(
            dev.stowage.model.WorkerAssignmentId.of(7), dev.stowage.model.PortalAssignmentId.of(0));
    ChangeSet changes = lifecycle.execute(mirror, describe("w"), NOW).changes();
    try (StoreTransaction transaction = session.begin(TransactionScope.noDataset())) {
      Commit commit = commitOf(session, wrong, List.of(), Optional.of(changes), mirror.digest());
      assertThatThrownBy(() -> transaction.commit(commit))
          .isInstanceOf(StorageException.Fenced.class);
      assertThatThrownBy(() -> transaction.verifyLease(wrong))
          .isInstanceOf(StorageException.Fenced.class);
    }
    assertThat(session.load().digest()).isEqualTo(before);
  }

  @Test
  void commit_thatIsRepeated_takesEffectOnce() {
    StoreSession session = founded("a");
    LifecycleState mirror = load(session);
    Commit commit = commit(session, mirror, describe("w"));
    try (StoreTransaction transaction = session.begin(TransactionScope.noDataset())) {
      transaction.commit(commit);
    }
    assertThat(session.load().digest()).isEqualTo(mirror.digest());
  }

  @Test
  void outcome_ofACommit_isToldToAnybody() {
    StoreSession session = founded("a");
    Commit commit = commit(session, load(session), describe("w"));
    ChunkStore other = fixture.connect();
    assertThat(other.outcomeOf(commit.key())).isEqualTo(CommitOutcome.COMMITTED);
    CommitKey never = new CommitKey(commit.key().epoch(), commit.key().sequence() + 1);
    assertThat(other.outcomeOf(never)).isEqualTo(CommitOutcome.NOT_COMMITTED);
  }

  // ---- evidence ----

  @Test
  void evidence_isReadBackInOrder() {
    StoreSession session = founded("a");
    LifecycleState mirror = load(session);
    List<EvidenceRecord> records = records(3);
    commit(session, mirror, describe("w"), records);
    assertThat(fixture.connect().evidence(0, 10)).isEqualTo(records);
    assertThat(store.evidence(1, 1)).containsExactly(records.get(1));
    ChainPoint head = session.load().evidenceHead().orElseThrow();
    assertThat(head).isEqualTo(new ChainPoint(3, records.get(2).hash()));
  }

  @Test
  void history_isTrimmedInBoundedBatches() {
    StoreSession session = founded("a");
    commit(session, load(session), describe("w"), records(5));
    assertThat(session.trimHistory(new HistoryHorizon(4, 0), 3)).isEqualTo(3);
    assertThat(store.evidence(0, 10)).extracting(EvidenceRecord::index).containsExactly(3L, 4L);
    assertThat(session.trimHistory(new HistoryHorizon(4, 0), 3)).isLessThan(3);
    assertThat(store.evidence(0, 10)).extracting(EvidenceRecord::index).containsExactly(4L);
    assertThat(session.load().evidenceHead().orElseThrow().index()).isEqualTo(5);
  }

  // ---- other processes ----

  @Test
  void inbox_beforeTheFleetHasBegun_saysSo() {
    assertThatThrownBy(() -> store.inbox().submit(describe("w"), NOW))
        .isInstanceOf(StorageException.Transient.class);
  }

  @Test
  void acceptedCommand_becomesNewsOnce() throws Exception {
    StoreSession session = founded("a");
    LifecycleState mirror = load(session);
    Command<?> ingest = ingest("c", 0);
    assertThat(fixture.connect().inbox().submit(ingest, NOW).isAccepted()).isTrue();
    assertThat(store.status(List.of(key("c"))).get(0).state()).contains(ChunkState.ADMITTED);
    assertThat(store.head(DatasetId.of("d")).last()).hasValue(9);
    try (StoreTransaction transaction = session.begin(TransactionScope.everyDataset())) {
      News news = transaction.news();
      assertThat(news.items()).extracting(News.Item::command).containsExactly(ingest);
      assertThat(transaction.news()).isEqualTo(news);
      transaction.commit(taking(session, mirror, news));
    }
    try (StoreTransaction transaction = session.begin(TransactionScope.everyDataset())) {
      assertThat(transaction.news()).isEqualTo(News.NONE);
    }
    assertThat(load(session).status(key("c")).state()).contains(ChunkState.ADMITTED);
    assertThat(session.verify()).isEqualTo(mirror.digest());
  }

  @Test
  void rejectedCommand_isNoNews() {
    StoreSession session = founded("a");
    assertThat(store.inbox().submit(new Command.Remove(key("nothing")), NOW).code())
        .isEqualTo(ResultCode.UNKNOWN_CHUNK);
    try (StoreTransaction transaction = session.begin(TransactionScope.everyDataset())) {
      assertThat(transaction.news()).isEqualTo(News.NONE);
    }
  }

  @Test
  void cycles_areNotForTheInbox() {
    founded("a");
    for (Command<?> command :
        List.of(new Command.Schedule(), Command.Publish.now(), new Command.Purge())) {
      assertThatThrownBy(() -> store.inbox().submit(command, NOW))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void news_keepsTheOrderOfAcceptance() {
    StoreSession session = founded("a");
    List<Command<?>> accepted = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      Command<?> ingest = ingest("c" + i, 10L * i);
      assertThat(store.inbox().submit(ingest, NOW).isAccepted()).isTrue();
      accepted.add(ingest);
    }
    try (StoreTransaction transaction = session.begin(TransactionScope.everyDataset())) {
      assertThat(transaction.news().items())
          .extracting(News.Item::command)
          .containsExactlyElementsOf(accepted);
    }
  }

  @Test
  void news_isNotLostWithTheLeaderThatHadNotTakenIt() {
    StoreSession first = founded("a");
    store.inbox().submit(ingest("c", 0), NOW);
    first.close();
    StoreSession second = claim("a");
    LifecycleState mirror = load(second);
    assertThat(mirror.chunkCount()).as("loaded without the news").isZero();
    try (StoreTransaction transaction = second.begin(TransactionScope.everyDataset())) {
      transaction.commit(taking(second, mirror, transaction.news()));
    }
    assertThat(load(second).chunkCount()).isEqualTo(1);
  }

  @Test
  void leader_andInbox_neverAcceptTheSameRange() {
    StoreSession session = founded("a");
    LifecycleState mirror = load(session);
    store.inbox().submit(ingest("theirs", 0), NOW);
    try (StoreTransaction transaction =
        session.begin(TransactionScope.of(List.of(DatasetId.of("d"))))) {
      Commit taken = taking(session, mirror, transaction.news());
      Lifecycle.Outcome<?> own = lifecycle.execute(mirror, ingest("ours", 5), NOW);
      assertThat(own.result().code()).isEqualTo(ResultCode.OVERLAP);
      transaction.commit(taken);
    }
    commit(session, mirror, ingest("beside", 10));
    assertThat(store.inbox().submit(ingest("late", 15), NOW).code()).isEqualTo(ResultCode.OVERLAP);
  }

  @Test
  void manyWriters_ofOneRange_haveOneWinner() throws Exception {
    founded("a");
    int writers = 8;
    ExecutorService pool = Executors.newFixedThreadPool(writers);
    try {
      CountDownLatch start = new CountDownLatch(1);
      List<Future<Result>> answers = new ArrayList<>();
      for (int i = 0; i < writers; i++) {
        Command<?> ingest = ingest("c" + i, 0);
        ChunkStore connection = fixture.connect();
        answers.add(
            pool.submit(() -> {
              start.await();
              return connection.inbox().submit(ingest, NOW);
            }));
      }
      start.countDown();
      int winners = 0;
      for (Future<Result> answer : answers) {
        winners += answer.get(1, TimeUnit.MINUTES).isAccepted() ? 1 : 0;
      }
      assertThat(winners).isEqualTo(1);
    } finally {
      pool.shutdownNow();
    }
  }

  @Test
  void hint_comesAfterNewsOrNotAtAll_andNeverAfterItWasTakenBack() throws Exception {
    founded("a");
    List<String> heard = new ArrayList<>();
    AutoCloseable subscription = store.inbox().onNews(() -> heard.add("news"));
    subscription.close();
    store.inbox().submit(ingest("c", 0), NOW);
    assertThat(heard).isEmpty();
  }

  // ---- readers ----

  @Test
  void view_isOfOneMoment() {
    StoreSession session = founded("a");
    LifecycleState mirror = load(session);
    FleetView before = fixture.connect().view();
    commit(session, mirror, describe("w"));
    commit(session, mirror, new Command.Register(WorkerId.of("w"), "disk"));
    commit(session, mirror, describe("v"));
    commit(session, mirror, new Command.Register(WorkerId.of("v"), "other disk"));
    commit(session, mirror, ingest("c", 0));
    commit(session, mirror, new Command.Schedule());
    FleetView after = fixture.connect().view();
    assertThat(before.ids().worker().value()).isZero();
    assertThat(before.slice(WorkerId.of("w"))).isEmpty();
    assertThat(after.ids().worker()).isEqualTo(mirror.newestWorkerAssignment());
    assertThat(after.slice(WorkerId.of("w")).orElseThrow().entries())
        .extracting(entry -> entry.key())
        .containsExactly(key("c"));
    assertThat(after.lineage()).isEqualTo(session.lease().lineage());
  }

  @Test
  void view_beforeTheFleetHasBegun_saysSo() {
    assertThatThrownBy(store::view).isInstanceOf(StorageException.Transient.class);
  }

  // ---- the hand that writes ----

  private StoreSession claim(String holder) {
    Claim claim = fixture.connect().claim(new LeaseRequest(holder, LEASE));
    assertThat(claim).isInstanceOf(Claim.Granted.class);
    return ((Claim.Granted) claim).session();
  }

  private StoreSession founded(String holder) {
    StoreSession session = claim(holder);
    session.found(CONFIG);
    return session;
  }

  private static LifecycleState load(StoreSession session) {
    return session.load().state().orElseThrow();
  }

  private Commit commit(StoreSession session, LifecycleState mirror, Command<?> command) {
    return commit(session, mirror, command, List.of());
  }

  private Commit commit(
      StoreSession session,
      LifecycleState mirror,
      Command<?> command,
      List<EvidenceRecord> records) {
    AssignmentIds expected = ids(mirror);
    try (StoreTransaction transaction = session.begin(TransactionScope.everyDataset())) {
      Lifecycle.Outcome<?> outcome = lifecycle.execute(mirror, command, NOW);
      assertThat(outcome.result().isAccepted()).as("%s: %s", command, outcome.result()).isTrue();
      Commit plain =
          commitOf(session, expected, List.of(), Optional.of(outcome.changes()), mirror.digest());
      Commit commit =
          new Commit(
              plain.key(),
              plain.expected(),
              plain.tick(),
              plain.consumed(),
              plain.changes(),
              plain.digest(),
              records,
              records.isEmpty()
                  ? plain.evidenceHead()
                  : new ChainPoint(records.size(), records.get(records.size() - 1).hash()));
      transaction.commit(commit);
      return commit;
    }
  }

  private Commit taking(StoreSession session, LifecycleState mirror, News news) {
    AssignmentIds expected = ids(mirror);
    List<Commit.Consumed> consumed = new ArrayList<>();
    for (News.Item item : news.items()) {
      ChangeSet changes = lifecycle.execute(mirror, item.command(), item.tick()).changes();
      consumed.add(new Commit.Consumed(item.mark(), changes));
    }
    return commitOf(session, expected, consumed, Optional.empty(), mirror.digest());
  }

  private Commit commitOf(
      StoreSession session,
      AssignmentIds expected,
      List<Commit.Consumed> consumed,
      Optional<ChangeSet> changes,
      long digest) {
    CommitKey key = new CommitKey(session.lease().epoch(), ++sequence);
    return new Commit(key, expected, NOW, consumed, changes, digest, List.of(), NO_EVIDENCE);
  }

  private void assertFenced(StoreSession session) {
    assertThatThrownBy(() -> session.begin(TransactionScope.noDataset()))
        .isInstanceOf(StorageException.Fenced.class);
    assertThatThrownBy(() -> session.renew(LEASE)).isInstanceOf(StorageException.Fenced.class);
    assertThatThrownBy(session::load).isInstanceOf(StorageException.Fenced.class);
  }

  private static List<EvidenceRecord> records(int count) {
    HashChain chain = HashChain.startingAt(NO_EVIDENCE.hash());
    List<EvidenceRecord> records = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      byte[] payload = {1, (byte) i};
      records.add(EvidenceRecord.of(i, 9, payload, chain.append(9, payload)));
    }
    return records;
  }

  private static AssignmentIds ids(LifecycleState mirror) {
    return new AssignmentIds(mirror.newestWorkerAssignment(), mirror.newestPortalAssignment());
  }

  private static Command<?> describe(String worker) {
    return Command.Describe.of(Worker.of(WorkerId.of(worker), 1_000));
  }

  private static Command<?> ingest(String id, long first) {
    Chunk chunk = Chunk.of(key(id), BlockRange.of(first, first + 9), 100);
    return new Command.Ingest(ProposedChunk.listOf(List.of(chunk)));
  }

  private static ChunkKey key(String id) {
    return ChunkKey.of("d", id);
  }
}
