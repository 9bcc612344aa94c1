package dev.stowage.storage.memory;

import dev.stowage.command.Command;
import dev.stowage.command.Result;
import dev.stowage.command.ResultCode;
import dev.stowage.contract.LogSender;
import dev.stowage.contract.RandomStory;
import dev.stowage.evidence.ChainPoint;
import dev.stowage.evidence.EvidenceRecord;
import dev.stowage.evidence.Hash256;
import dev.stowage.evidence.canonical.HashChain;
import dev.stowage.lifecycle.CommandKind;
import dev.stowage.lifecycle.Lifecycle;
import dev.stowage.lifecycle.LifecycleState;
import dev.stowage.lifecycle.documents.SliceDocument;
import dev.stowage.lifecycle.questions.Questions;
import dev.stowage.lifecycle.rows.ChangeSet;
import dev.stowage.lifecycle.rows.ChangeSet.ReplicaRows;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.DatasetId;
import dev.stowage.model.Tick;
import dev.stowage.model.WorkerId;
import dev.stowage.placement.PlacementPlanner;
import dev.stowage.store.CommandId;
import dev.stowage.store.FleetView;
import dev.stowage.store.FleetView.AssignmentIds;
import dev.stowage.store.Lease.LeaseRequest;
import dev.stowage.store.QuarantinedNews;
import dev.stowage.store.spi.Claim;
import dev.stowage.store.spi.Commit;
import dev.stowage.store.spi.Commit.CommitKey;
import dev.stowage.store.spi.LoadedFleet;
import dev.stowage.store.spi.News;
import dev.stowage.store.spi.StoreSession;
import dev.stowage.store.spi.StoreTransaction;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** A memory store, and a leader of it that is told commands. Not thread-safe. */
final class ToldStore {
  static final Duration LEASE = Duration.ofSeconds(10);
  private static final byte[] COMMITTED = {1, 7};

  final MemoryChunkStore store;
  private final Lifecycle lifecycle = new Lifecycle(PlacementPlanner.sticky());
  private final StoreSession session;
  private final LogSender sender;
  private LifecycleState mirror;
  private ChainPoint head = new ChainPoint(0, Hash256.ZERO);
  private long sequence;

  private ToldStore(MemoryChunkStore store, long seedOfConfig) {
    this.store = store;
    session = ((Claim.Granted) store.claim(new LeaseRequest("leader", LEASE))).session();
    sender = new LogSender(store, session.lease().epoch());
    LoadedFleet loaded = session.load();
    if (loaded.state().isEmpty()) {
      loaded = session.found(RandomStory.config(seedOfConfig));
    }
    mirror = loaded.state().orElseThrow();
    head = loaded.evidenceHead().orElse(head);
  }

  /** Leads a store, which begins with the configuration of a story if it has not begun. */
  static ToldStore leading(MemoryChunkStore store, long seedOfConfig) {
    return new ToldStore(store, seedOfConfig);
  }

  static byte[] bytesOf(MemoryChunkStore store) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      store.save(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  static MemoryChunkStore loaded(MemoryChunkStore.Builder settings, byte[] bytes) {
    try {
      return settings.load(new ByteArrayInputStream(bytes));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  LifecycleState mirror() {
    return mirror;
  }

  CommandId append(Command<?> command) {
    return sender.append(command);
  }

  /** Takes in what waits, then commits the command; one record of evidence for each commit. */
  Result lead(Command<?> command, Tick now) {
    boolean more = true;
    while (true) {
      try (StoreTransaction transaction = session.begin()) {
        AssignmentIds before = ids();
        News news = transaction.news();
        List<Commit.Consumed> consumed = new ArrayList<>();
        for (News.Item item : news.readable()) {
          Lifecycle.Outcome<?> taken = lifecycle.execute(mirror, item.command(), now);
          consumed.add(
              new Commit.Consumed(
                  item.mark(),
                  item.id(),
                  List.of(taken.changes()),
                  taken.result(),
                  Optional.empty()));
        }
        more = news.more();
        if (more) {
          commit(transaction, before, now, consumed, List.of());
        } else {
          Lifecycle.Outcome<?> outcome = lifecycle.execute(mirror, command, now);
          commit(transaction, before, now, consumed, List.of(outcome.changes()));
          return outcome.result();
        }
      }
    }
  }

  /** Sets the oldest piece of news aside; what comes behind it waits on. */
  void setAside(Tick now) {
    try (StoreTransaction transaction = session.begin()) {
      for (News.Item item : transaction.news().readable().stream().limit(1).toList()) {
        QuarantinedNews aside =
            new QuarantinedNews(
                item.mark(),
                now,
                Optional.of(CommandKind.kindOf(item.command()).toString()),
                item.mark() % 2 == 0 ? Optional.empty() : Optional.of(WorkerId.of("a")),
                Hash256.of(COMMITTED).toString(),
                COMMITTED.length,
                "drawn");
        ChangeSet none =
            new ChangeSet.Parts().marksOnly().digests(mirror.digest(), mirror.digest()).build();
        commit(
            transaction,
            ids(),
            now,
            List.of(
                new Commit.Consumed(
                    item.mark(),
                    item.id(),
                    List.of(none),
                    Result.Answer.of(ResultCode.INVALID),
                    Optional.of(aside))),
            List.of());
      }
    }
  }

  /** A cycle that left nothing but its tick. */
  void advance(Tick now, long clockNanos) {
    try (StoreTransaction transaction = session.begin()) {
      if (transaction.news().isEmpty()) {
        transaction.advance(ids(), now, clockNanos);
        mirror.seen(now, clockNanos);
      }
    }
  }

  private AssignmentIds ids() {
    return new AssignmentIds(mirror.newestWorkerAssignment(), mirror.newestPortalAssignment());
  }

  private void commit(
      StoreTransaction transaction,
      AssignmentIds before,
      Tick now,
      List<Commit.Consumed> consumed,
      List<ChangeSet> own) {
    Hash256 hash = HashChain.startingAt(head.hash()).append(COMMITTED.length, COMMITTED);
    EvidenceRecord record = EvidenceRecord.of(head.index(), COMMITTED.length, COMMITTED, hash);
    head = new ChainPoint(head.index() + 1, hash);
    CommitKey key = new CommitKey(session.lease().epoch(), ++sequence);
    transaction.commit(
        new Commit(key, before, now, consumed, own, mirror.digest(), List.of(record), head));
  }

  /** All that readers and a leader can learn of a store, in words and values that compare. */
  static Map<String, Object> toldBy(MemoryChunkStore store, StoreSession leader) {
    Map<String, Object> told = new TreeMap<>();
    told.put("description", store.describe());
    told.put("lease", store.lease());
    told.put("evidence", store.evidence(0, Integer.MAX_VALUE));
    told.put("quarantine", store.quarantine(-1, Integer.MAX_VALUE));
    for (long epoch = 1; epoch <= leader.lease().epoch(); epoch++) {
      for (long sequence = 1; sequence <= 200; sequence++) {
        CommitKey key = new CommitKey(epoch, sequence);
        told.put("commit " + key, store.outcomeOf(key));
        CommandId id = new CommandId(epoch, sequence);
        told.put("answer to " + id, store.inbox().answers(List.of(id)));
      }
    }
    LoadedFleet loaded = leader.load();
    LifecycleState state = loaded.state().orElseThrow();
    told.put("digest", loaded.digest());
    told.put("head", loaded.evidenceHead());
    told.put("committed tick", loaded.committedTick());
    told.put("fleet", state.fleetRow());
    ChangeSet rows = state.rows().build();
    told.put("workers", rows.workers());
    told.put("chunks", rows.chunks());
    told.put("swaps", rows.swaps());
    told.put("replicas", replicas(rows.replicas()));
    try (StoreTransaction transaction = leader.begin()) {
      told.put("news", transaction.news());
    }
    FleetView view = store.view();
    told.put("ids", view.ids());
    told.put("lineage", view.lineage());
    rows.workers()
        .forEach(row -> {
          WorkerId worker = row.id();
          told.put("leaving of " + worker, store.ask(Questions.leaving(worker)));
          told.put("slice of " + worker, view.slice(worker).map(SliceDocument::of));
          told.put(
              "delta of " + worker,
              view.sliceSince(worker, view.lineage(), view.ids().worker())
                  .map(delta -> List.of(delta.header().from(), delta.removed(), delta.put())));
        });
    told.put("routes", view.portalAssignment().routes());
    told.put("unavailable", view.portalAssignment().unavailable());
    List<ChunkKey> keys = rows.chunks().stream().map(row -> row.key()).toList();
    told.put("status", store.ask(Questions.status(keys)));
    keys.stream()
        .map(ChunkKey::dataset)
        .distinct()
        .forEach((DatasetId dataset) ->
            told.put("head of " + dataset, store.ask(Questions.head(dataset))));
    return told;
  }

  StoreSession session() {
    return session;
  }

  private static List<List<Long>> replicas(ReplicaRows rows) {
    List<List<Long>> all = new ArrayList<>();
    for (int row = 0; row < rows.size(); row++) {
      all.add(
          List.of(
              (long) rows.chunk(row),
              (long) rows.worker(row),
              rows.since(row),
              rows.supersededAt(row),
              rows.releasedAt(row),
              rows.readableUntil(row),
              rows.missingSince(row),
              (long) rows.flags(row)));
    }
    return all;
  }
}
