package dev.stowage.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stowage.answer.ChunkStatus.ChunkState;
import dev.stowage.command.Command;
import dev.stowage.command.ReportHeader;
import dev.stowage.command.Result;
import dev.stowage.command.ResultCode;
import dev.stowage.command.own.LeaderCommand;
import dev.stowage.evidence.ChainPoint;
import dev.stowage.evidence.EvidenceRecord;
import dev.stowage.evidence.Verifier;
import dev.stowage.evidence.canonical.HashChain;
import dev.stowage.lifecycle.LifecycleState;
import dev.stowage.lifecycle.answering.ChunkStatuses;
import dev.stowage.lifecycle.questions.Questions;
import dev.stowage.lifecycle.rows.ChangeSet;
import dev.stowage.lifecycle.rows.FleetRow;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.DatasetId;
import dev.stowage.model.Incarnation;
import dev.stowage.model.Lineage;
import dev.stowage.model.Tick;
import dev.stowage.model.Worker;
import dev.stowage.model.WorkerAssignmentId;
import dev.stowage.model.WorkerId;
import dev.stowage.model.WorkerStatus;
import dev.stowage.store.CommandId;
import dev.stowage.store.FleetView;
import dev.stowage.store.FleetView.AssignmentIds;
import dev.stowage.store.Lease;
import dev.stowage.store.Lease.LeaseRequest;
import dev.stowage.store.StorageException;
import dev.stowage.store.spi.Claim;
import dev.stowage.store.spi.Commit;
import dev.stowage.store.spi.Commit.CommitKey;
import dev.stowage.store.spi.Commit.CommitOutcome;
import dev.stowage.store.spi.FleetStore;
import dev.stowage.store.spi.LoadedFleet;
import dev.stowage.store.spi.News;
import dev.stowage.store.spi.StoreInbox;
import dev.stowage.store.spi.StoreInbox.Sent;
import dev.stowage.store.spi.StoreSession;
import dev.stowage.store.spi.StoreSession.HistoryHorizon;
import dev.stowage.store.spi.StoreTransaction;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/**
 * The contract of every {@link FleetStore}. A backend extends this class, opens its store, and
 * changes nothing else.
 */
public abstract class ChunkStoreContract extends StoreContract {
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
    assertThat(ChunkStatuses.of(again, key("c"))).isEqualTo(ChunkStatuses.of(mirror, key("c")));
    assertThat(session.verify()).isEqualTo(mirror.digest());
  }

  @Test
  void limitOfReplicas_isThereAfterALoad_andSoIsThatThereIsNone() {
    StoreSession session = founded("a");
    LifecycleState mirror = load(session);
    Worker limited = Worker.of(WorkerId.of("v"), 1_000).withMaxReplicas(7);
    commit(session, mirror, Command.Describe.of(limited));
    commit(session, mirror, describe("w"));
    LifecycleState again = load(session);
    assertThat(again.worker(again.workerPosition(limited.id()))).isEqualTo(limited);
    assertThat(again.worker(again.workerPosition(WorkerId.of("w"))).isLimited()).isFalse();
    commit(session, mirror, Command.Describe.of(limited.withMaxReplicas(Worker.UNLIMITED)));
    again = load(session);
    assertThat(again.worker(again.workerPosition(limited.id())).isLimited()).isFalse();
    assertThat(again.fullDigest()).isEqualTo(mirror.digest());
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
    try (StoreTransaction transaction = session.begin()) {
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
        new AssignmentIds(WorkerAssignmentId.of(7), dev.stowage.model.PortalAssignmentId.of(0));
    ChangeSet changes = lifecycle.execute(mirror, describe("w"), NOW).changes();
    try (StoreTransaction transaction = session.begin()) {
      Commit commit = commitOf(session, wrong, List.of(), List.of(changes), mirror.digest());
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
    try (StoreTransaction transaction = session.begin()) {
      transaction.commit(commit);
    }
    assertThat(session.load().digest()).isEqualTo(mirror.digest());
  }

  @Test
  void outcome_ofACommit_isToldToAnybody() {
    StoreSession session = founded("a");
    Commit commit = commit(session, load(session), describe("w"));
    FleetStore other = fixture.connect();
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

  @Test
  void evidence_isProvenFromItsStart_whichMovesWithWhatIsDeleted() {
    StoreSession session = founded("a");
    assertThat(store.evidenceStart()).isEmpty();
    List<EvidenceRecord> records = records(5);
    commit(session, load(session), describe("w"), records);
    assertThat(store.evidenceStart()).as("nothing was deleted").isEmpty();
    for (int deleted = 2; deleted <= 5; deleted++) {
      session.trimHistory(new HistoryHorizon(deleted, 0), 2);
      ChainPoint start = new ChainPoint(deleted, records.get(deleted - 1).hash());
      assertThat(fixture.connect().evidenceStart()).contains(start);
      assertThat(Verifier.verify(start, store.evidence(0, 10)).requireIntact().to())
          .isEqualTo(session.load().evidenceHead().orElseThrow());
    }
  }

  @Test
  void deeds_outliveTheRecordsAroundThem_untilTheirOwnHorizon() {
    StoreSession session = founded("a");
    HashChain chain = HashChain.startingAt(NO_EVIDENCE.hash());
    List<EvidenceRecord> records = new ArrayList<>();
    for (int wire : List.of(9, 0x0680, 9, 0x06FF, 0x0700, 9)) {
      byte[] payload = {1, (byte) wire};
      records.add(EvidenceRecord.of(records.size(), wire, payload, chain.append(wire, payload)));
    }
    commit(session, load(session), describe("w"), records);
    EvidenceRecord first = records.get(1);
    EvidenceRecord second = records.get(3);
    assertThat(store.deeds()).containsExactly(first, second);
    for (long before = 2; before <= 6; before += 2) {
      assertThat(session.trimHistory(new HistoryHorizon(before, 0), 2)).isEqualTo(2);
      assertThat(fixture.connect().deeds()).containsExactly(first, second);
      assertThat(store.evidence(0, 10)).isEqualTo(records.subList((int) before, 6));
      ChainPoint start = new ChainPoint(before, records.get((int) before - 1).hash());
      assertThat(store.evidenceStart()).contains(start);
      assertThat(Verifier.verify(start, store.evidence(0, 10)).requireIntact().to())
          .isEqualTo(session.load().evidenceHead().orElseThrow());
    }
    session.trimHistory(new HistoryHorizon(6, 0, 3), 10);
    assertThat(fixture.connect().deeds()).containsExactly(second);
  }

  // ---- other processes ----

  @Test
  void inbox_beforeTheFleetHasBegun_saysSo() {
    assertThatThrownBy(() -> sender.append(describe("w")))
        .isInstanceOf(StorageException.Transient.class);
  }

  @Test
  void appendedCommand_waits_untilACommitOfTheLeaderAnswersIt() {
    StoreSession session = founded("a");
    LifecycleState mirror = load(session);
    Command<?> ingest = ingest("c", 0);
    CommandId id = sender.append(ingest);
    assertThat(store.ask(Questions.status(List.of(key("c")))).get(0).state()).isEmpty();
    try (StoreTransaction transaction = session.begin()) {
      News news = transaction.news();
      assertThat(news.readable()).extracting(News.Item::command).containsExactly(ingest);
      assertThat(news.readable()).extracting(News.Item::id).containsExactly(id);
      assertThat(transaction.news()).isEqualTo(news);
    }
    assertThat(sender.answer(id)).as("not committed").isEmpty();
    assertThat(takeAll(session, mirror)).hasSize(1);
    assertThat(sender.answer(id).orElseThrow().code()).isEqualTo(ResultCode.ACCEPTED);
    assertThat(store.ask(Questions.head(DatasetId.of("d"))).last()).hasValue(9);
    assertThat(ChunkStatuses.of(load(session), key("c")).state()).contains(ChunkState.ADMITTED);
    assertThat(session.verify()).isEqualTo(mirror.digest());
  }

  @Test
  void rejectedCommand_isAnsweredToo() {
    StoreSession session = founded("a");
    CommandId id = sender.append(new Command.Remove(key("nothing")));
    assertThat(takeAll(session, load(session))).hasSize(1);
    assertThat(sender.answer(id)).contains(Result.Answer.of(ResultCode.UNKNOWN_CHUNK));
  }

  @Test
  void cycles_areNotForTheInbox() {
    founded("a");
    for (Command<?> command :
        List.of(
            new LeaderCommand.Schedule(), LeaderCommand.Publish.now(), new LeaderCommand.Purge())) {
      assertThatThrownBy(() -> sender.append(command)).isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void name_thatIsSentAgain_isDecidedOnce_andKeepsItsAnswer() {
    StoreSession first = founded("a");
    LifecycleState mirror = load(first);
    Sent freeze = new Sent(new CommandId(7, 1), new Command.Freeze(0));
    Sent again = new Sent(freeze.id(), new Command.Freeze(1));
    StoreInbox inbox = store.inbox();
    assertThat(inbox.append(List.of(freeze))).isEmpty();
    assertThat(inbox.append(List.of(freeze, freeze))).isEmpty();
    assertThat(takeAll(first, mirror)).hasSize(1);
    Result kept = inbox.answers(List.of(freeze.id())).get(freeze.id());
    assertThat(kept).isEqualTo(new Result.Versioned(ResultCode.ACCEPTED, 1, List.of()));
    assertThat(inbox.append(List.of(again))).isEmpty();
    assertThat(takeAll(first, mirror)).isEmpty();
    fixture.expireLease();
    StoreSession second = claim("b");
    assertThat(inbox.append(List.of(again))).isEmpty();
    assertThat(takeAll(second, load(second))).isEmpty();
    assertThat(inbox.answers(List.of(freeze.id(), new CommandId(7, 2))))
        .isEqualTo(Map.of(freeze.id(), kept));
  }

  @Test
  void equalCommands_ofOtherNames_areTwo() {
    StoreSession session = founded("a");
    List<CommandId> ids = sender.append(List.of(ingest("c", 0), ingest("c", 0)));
    takeAll(session, load(session));
    assertThat(ids)
        .extracting(id -> ((Result.Batch) sender.answer(id).orElseThrow()).items().get(0).code())
        .containsExactly(ResultCode.ACCEPTED, ResultCode.DUPLICATE);
  }

  @Test
  void command_isWithdrawn_onlyWhileItWaits() {
    StoreSession session = founded("a");
    LifecycleState mirror = load(session);
    List<CommandId> ids = sender.append(List.of(ingest("c", 0), ingest("d", 10)));
    StoreInbox inbox = fixture.connect().inbox();
    assertThat(inbox.withdraw(ids.get(0))).isTrue();
    assertThat(inbox.withdraw(ids.get(0))).as("again").isFalse();
    assertThat(takeAll(session, mirror))
        .extracting(News.Item::command)
        .containsExactly(ingest("d", 10));
    assertThat(inbox.withdraw(ids.get(1))).as("decided").isFalse();
    assertThat(inbox.answers(ids).keySet()).containsExactly(ids.get(1));
    assertThat(load(session).chunkCount()).isEqualTo(1);
  }

  private static Command<?> heartbeat(String worker, long number) {
    return new Command.Heartbeat(header(worker, number));
  }

  private static ReportHeader header(String worker, long number) {
    return new ReportHeader(WorkerId.of(worker), Incarnation.of(1), Lineage.of(3), number);
  }

  @Test
  void heartbeatAndApplied_takeThePlaceOfThoseOfTheirWorker_andNothingElseDoes() {
    StoreSession session = founded("a");
    WorkerAssignmentId newest = WorkerAssignmentId.of(1);
    Command<?> lost = new Command.Lost(header("v", 3), List.of());
    List<Command<?>> kept =
        List.of(
            heartbeat("v", 1),
            heartbeat("w", 1),
            new Command.Applied(header("v", 2), newest, List.of()),
            lost,
            lost,
            heartbeat("v", 4),
            new Command.Applied(header("v", 5), newest, List.of()));
    sender.append(kept.subList(0, 4));
    kept.subList(4, 7).forEach(sender::append);
    assertThat(takeAll(session, load(session)))
        .extracting(News.Item::command)
        .containsExactly(kept.get(1), lost, lost, kept.get(5), kept.get(6));
  }

  @Test
  void giverOfWhichTooMuchWaits_findsNoRoom_andLeavesRoomToTheOthers() {
    founded("a");
    List<Command<?>> group = Collections.nCopies(10_000, new Command.Freeze(9));
    List<CommandId> ids = List.of();
    for (int waiting = 0; waiting < StoreInbox.MOST_WAITING; waiting += group.size()) {
      ids = sender.append(group);
    }
    StoreInbox inbox = fixture.connect().inbox();
    Sent more = new Sent(new CommandId(7, 1), new Command.Unfreeze(9));
    Sent report = new Sent(new CommandId(7, 2), heartbeat("w", 1));
    Sent ingest = new Sent(new CommandId(7, 3), ingest("c", 0));
    assertThat(inbox.append(List.of(more, report, ingest))).containsExactly(more.id());
    assertThat(inbox.withdraw(more.id())).as("it waits nowhere").isFalse();
    assertThat(inbox.withdraw(ids.get(0))).isTrue();
    assertThat(inbox.append(List.of(more))).isEmpty();
    assertThat(inbox.withdraw(more.id())).isTrue();
  }

  @Test
  void news_keepsTheOrderOfTheLog() {
    StoreSession session = founded("a");
    List<Command<?>> appended = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      appended.add(ingest("c" + i, 10L * i));
      sender.append(appended.get(i));
    }
    LifecycleState mirror = load(session);
    List<News.Item> taken = takeAll(session, mirror);
    assertThat(taken).extracting(News.Item::command).containsExactlyElementsOf(appended);
    assertThat(taken).extracting(News.Item::mark).doesNotHaveDuplicates();
    assertThat(load(session).fullDigest()).isEqualTo(mirror.digest());
  }

  @Test
  void newsThatWaited_stillWaits_whereMoreCameAfterALook() {
    StoreSession session = founded("a");
    sender.append(ingest("c", 0));
    try (StoreTransaction transaction = session.begin()) {
      assertThat(transaction.news().readable()).hasSize(1);
    }
    sender.append(ingest("d", 10));
    assertThat(takeAll(session, load(session)))
        .extracting(News.Item::command)
        .containsExactly(ingest("c", 0), ingest("d", 10));
  }

  @Test
  void newsThatAFencedLeaderHasSeen_isHandedToTheNext_whole() {
    StoreSession first = founded("a");
    List<Command<?>> appended =
        List.of(ingest("c", 0), new Command.Remove(key("c")), ingest("d", 10), describe("w"));
    List<CommandId> ids = sender.append(appended);
    LifecycleState deposed = load(first);
    Commit late;
    try (StoreTransaction transaction = first.begin()) {
      late = taking(first, deposed, transaction.news());
    }
    fixture.expireLease();
    StoreSession second = claim("b");
    assertThatThrownBy(() -> commit(first, late)).isInstanceOf(StorageException.Fenced.class);
    assertThat(store.inbox().answers(ids)).isEmpty();
    LifecycleState mirror = load(second);
    assertThat(mirror.chunkCount()).as("loaded without the news").isZero();
    assertThat(takeAll(second, mirror))
        .extracting(News.Item::command)
        .containsExactlyElementsOf(appended);
    assertThat(store.inbox().answers(ids)).hasSize(appended.size());
    assertThat(load(second).fullDigest()).isEqualTo(mirror.digest()).isEqualTo(deposed.digest());
  }

  @Test
  void manySenders_besideALeader_areEachDecidedOnce_inTheirOrder() throws Exception {
    StoreSession session = founded("a");
    LifecycleState mirror = load(session);
    int senders = 8;
    int each = 25;
    ExecutorService pool = Executors.newFixedThreadPool(senders);
    List<News.Item> taken = new ArrayList<>();
    try {
      List<Future<?>> ends = new ArrayList<>();
      for (int number = 1; number <= senders; number++) {
        int first = 1_000 * number;
        LogSender one = new LogSender(fixture.connect(), number);
        ends.add(
            pool.submit(() -> {
              for (int i = 0; i < each; i++) {
                one.append(ingest("c" + (first + i), 10L * (first + i)));
              }
            }));
      }
      while (!ends.stream().allMatch(Future::isDone)) {
        take(session, mirror, taken);
      }
      for (Future<?> end : ends) {
        end.get();
      }
    } finally {
      pool.shutdownNow();
    }
    taken.addAll(takeAll(session, mirror));
    assertThat(taken).hasSize(senders * each);
    Map<Long, List<Long>> counts = new TreeMap<>();
    taken.forEach(item ->
        counts.computeIfAbsent(item.id().sender(), it -> new ArrayList<>()).add(item.id().count()));
    List<Long> inOrder = LongStream.rangeClosed(1, each).boxed().toList();
    assertThat(counts).hasSize(senders).allSatisfy((of, got) -> assertThat(got).isEqualTo(inOrder));
    assertThat(store.inbox().answers(taken.stream().map(News.Item::id).toList()).values())
        .hasSize(senders * each)
        .allMatch(Result::isAccepted);
    assertThat(session.verify()).isEqualTo(mirror.digest());
  }

  @Test
  void hint_comesAfterNewsOrNotAtAll_andNeverAfterItWasTakenBack() throws Exception {
    founded("a");
    List<String> heard = new ArrayList<>();
    AutoCloseable subscription = store.inbox().onNews(() -> heard.add("news"));
    subscription.close();
    sender.append(ingest("c", 0));
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
    commit(session, mirror, new LeaderCommand.Schedule());
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
  void view_ofOneReader_isAsOfTheNewestCommit_atEachCall() {
    StoreSession session = founded("a");
    LifecycleState mirror = load(session);
    FleetStore reader = fixture.connect();
    assertThat(reader.view().ids().worker()).isEqualTo(mirror.newestWorkerAssignment());
    for (String worker : List.of("v", "w")) {
      commit(session, mirror, describe(worker));
      commit(session, mirror, new Command.Register(WorkerId.of(worker), "disk of " + worker));
    }
    for (int chunk = 0; chunk < 3; chunk++) {
      commit(session, mirror, ingest("c" + chunk, 10 * chunk));
      commit(session, mirror, new LeaderCommand.Schedule());
      FleetView view = reader.view();
      assertThat(view.ids().worker()).isEqualTo(mirror.newestWorkerAssignment());
      assertThat(view.slice(WorkerId.of("w")).orElseThrow().entries()).hasSize(chunk + 1);
    }
  }

  @Test
  void view_isAtTheTickOfTheNewestCycle_thoughItChangedNothing() {
    StoreSession session = founded("a");
    LifecycleState mirror = load(session);
    commit(session, mirror, describe("w"));
    FleetStore reader = fixture.connect();
    FleetView before = reader.view();
    long largest = 0;
    for (long tick : List.of(7L, 9L, 8L)) {
      try (StoreTransaction transaction = session.begin()) {
        AssignmentIds ids =
            new AssignmentIds(mirror.newestWorkerAssignment(), mirror.newestPortalAssignment());
        transaction.advance(ids, Tick.of(tick), FleetRow.Time.UNREAD);
      }
      largest = Math.max(largest, tick);
      assertThat(reader.view().tick()).isEqualTo(Tick.of(largest));
      assertThat(fixture.connect().view().tick()).isEqualTo(Tick.of(largest));
      assertThat(load(session).largestTick()).isEqualTo(Tick.of(largest));
    }
    assertThat(before.tick()).isEqualTo(Tick.of(0));
    assertThat(reader.view().ids()).isEqualTo(before.ids());
    commit(session, load(session), describe("v"));
    assertThat(reader.view().tick()).isEqualTo(Tick.of(9));
  }

  @Test
  void status_isInTheOrderOfTheQuestion() {
    StoreSession session = founded("a");
    commit(session, load(session), ingest("there", 0));
    ChunkKey there = key("there");
    ChunkKey nowhere = key("nowhere");
    assertThat(store.ask(Questions.status(List.of(there, nowhere))))
        .extracting(status -> status.state().isPresent())
        .containsExactly(true, false);
    assertThat(store.ask(Questions.status(List.of(nowhere, there, there))))
        .extracting(status -> status.state().isPresent())
        .containsExactly(false, true, true);
  }

  @Test
  void leaving_isToldOfEachWorkerThatTheFleetHas() {
    StoreSession session = founded("a");
    LifecycleState mirror = load(session);
    commit(session, mirror, describe("w"));
    commit(session, mirror, new Command.SetStatus(WorkerId.of("w"), WorkerStatus.LEAVING));
    assertThat(store.ask(Questions.leaving(WorkerId.of("w"))).orElseThrow().status())
        .isEqualTo(WorkerStatus.LEAVING);
    assertThat(store.ask(Questions.leaving(List.of(WorkerId.of("w"), WorkerId.of("nobody")))))
        .extracting(verdict -> verdict.worker().value())
        .containsExactly("w", "nobody");
  }

  @Test
  void view_beforeTheFleetHasBegun_saysSo() {
    assertThatThrownBy(store::view).isInstanceOf(StorageException.Transient.class);
  }
}
