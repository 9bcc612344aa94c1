package dev.stowage.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stowage.command.Command;
import dev.stowage.command.ProposedChunk;
import dev.stowage.config.LifecycleConfig;
import dev.stowage.evidence.ChainPoint;
import dev.stowage.evidence.EvidenceHeader;
import dev.stowage.evidence.EvidenceRecord;
import dev.stowage.evidence.Hash256;
import dev.stowage.evidence.canonical.HashChain;
import dev.stowage.lifecycle.Lifecycle;
import dev.stowage.lifecycle.LifecycleState;
import dev.stowage.lifecycle.rows.ChangeSet;
import dev.stowage.model.BlockRange;
import dev.stowage.model.Chunk;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.Tick;
import dev.stowage.model.Worker;
import dev.stowage.model.WorkerId;
import dev.stowage.placement.PlacementPlanner;
import dev.stowage.store.FleetView.AssignmentIds;
import dev.stowage.store.Lease.LeaseRequest;
import dev.stowage.store.StorageException;
import dev.stowage.store.spi.Claim;
import dev.stowage.store.spi.Commit;
import dev.stowage.store.spi.Commit.CommitKey;
import dev.stowage.store.spi.FleetStore;
import dev.stowage.store.spi.News;
import dev.stowage.store.spi.StoreSession;
import dev.stowage.store.spi.StoreTransaction;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/**
 * The hand that writes, for the contracts of a {@link FleetStore}: a store that is opened anew for
 * each test, and commands that are executed and committed as a leader does.
 */
abstract class StoreContract {
  static final Duration LEASE = Duration.ofMinutes(5);
  static final Tick NOW = Tick.of(1);
  static final LifecycleConfig CONFIG = LifecycleConfig.defaults();
  static final ChainPoint NO_EVIDENCE =
      ChainPoint.originOf(EvidenceHeader.of("test", Hash256.ZERO, 0));

  final Lifecycle lifecycle = new Lifecycle(PlacementPlanner.sticky());
  StoreFixture fixture;
  FleetStore store;
  LogSender sender;
  private long sequence;

  /** A fresh store, whose fleet has not begun. */
  protected abstract StoreFixture open();

  @BeforeEach
  void openStore() {
    fixture = open();
    store = fixture.connect();
    sender = new LogSender(fixture.connect(), 1);
  }

  @AfterEach
  void closeStore() {
    store.close();
    fixture.close();
  }

  StoreSession claim(String holder) {
    Claim claim = fixture.connect().claim(new LeaseRequest(holder, LEASE));
    assertThat(claim).isInstanceOf(Claim.Granted.class);
    return ((Claim.Granted) claim).session();
  }

  StoreSession founded(String holder) {
    StoreSession session = claim(holder);
    session.found(CONFIG);
    return session;
  }

  static LifecycleState load(StoreSession session) {
    return session.load().state().orElseThrow();
  }

  Commit commit(StoreSession session, LifecycleState mirror, Command<?> command) {
    return commit(session, mirror, command, List.of());
  }

  Commit commit(
      StoreSession session,
      LifecycleState mirror,
      Command<?> command,
      List<EvidenceRecord> records) {
    AssignmentIds expected = ids(mirror);
    try (StoreTransaction transaction = session.begin()) {
      Lifecycle.Outcome<?> outcome = lifecycle.execute(mirror, command, NOW);
      assertThat(outcome.result().isAccepted()).as("%s: %s", command, outcome.result()).isTrue();
      Commit plain =
          commitOf(session, expected, List.of(), List.of(outcome.changes()), mirror.digest());
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

  Commit taking(StoreSession session, LifecycleState mirror, News news) {
    AssignmentIds expected = ids(mirror);
    List<Commit.Consumed> consumed = new ArrayList<>();
    for (News.Item item : news.readable()) {
      Lifecycle.Outcome<?> outcome = lifecycle.execute(mirror, item.command(), NOW);
      consumed.add(
          new Commit.Consumed(
              item.mark(),
              item.id(),
              List.of(outcome.changes()),
              outcome.result(),
              Optional.empty()));
    }
    return commitOf(session, expected, consumed, List.of(), mirror.digest());
  }

  /** Takes in the first batch of news, adds it to the taken, and reports whether there is more. */
  boolean take(StoreSession session, LifecycleState mirror, List<News.Item> taken) {
    try (StoreTransaction transaction = session.begin()) {
      News news = transaction.news();
      assertThat(news.isEmpty() && news.more()).as("more behind nothing").isFalse();
      taken.addAll(news.readable());
      transaction.commit(taking(session, mirror, news));
      return news.more();
    }
  }

  /** Takes in all news that waits, one batch to a commit. */
  List<News.Item> takeAll(StoreSession session, LifecycleState mirror) {
    List<News.Item> taken = new ArrayList<>();
    boolean more = true;
    while (more) {
      more = take(session, mirror, taken);
    }
    try (StoreTransaction transaction = session.begin()) {
      assertThat(transaction.news()).isEqualTo(News.NONE);
    }
    return taken;
  }

  static void commit(StoreSession session, Commit commit) {
    try (StoreTransaction transaction = session.begin()) {
      transaction.commit(commit);
    }
  }

  Commit commitOf(
      StoreSession session,
      AssignmentIds expected,
      List<Commit.Consumed> consumed,
      List<ChangeSet> changes,
      long digest) {
    CommitKey key = new CommitKey(session.lease().epoch(), ++sequence);
    return new Commit(key, expected, NOW, consumed, changes, digest, List.of(), NO_EVIDENCE);
  }

  void assertFenced(StoreSession session) {
    assertThatThrownBy(() -> session.begin()).isInstanceOf(StorageException.Fenced.class);
    assertThatThrownBy(() -> session.renew(LEASE)).isInstanceOf(StorageException.Fenced.class);
    assertThatThrownBy(session::load).isInstanceOf(StorageException.Fenced.class);
  }

  static List<EvidenceRecord> records(int count) {
    HashChain chain = HashChain.startingAt(NO_EVIDENCE.hash());
    List<EvidenceRecord> records = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      byte[] payload = {1, (byte) i};
      records.add(EvidenceRecord.of(i, 9, payload, chain.append(9, payload)));
    }
    return records;
  }

  static AssignmentIds ids(LifecycleState mirror) {
    return new AssignmentIds(mirror.newestWorkerAssignment(), mirror.newestPortalAssignment());
  }

  static Command<?> describe(String worker) {
    return Command.Describe.of(Worker.of(WorkerId.of(worker), 1_000));
  }

  static Command<?> ingest(String id, long first) {
    Chunk chunk = Chunk.of(key(id), BlockRange.of(first, first + 9), 100);
    return new Command.Ingest(ProposedChunk.listOf(List.of(chunk)));
  }

  static ChunkKey key(String id) {
    return ChunkKey.of("d", id);
  }
}
