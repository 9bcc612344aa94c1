package host;

import dev.stowage.answer.Question;
import dev.stowage.command.Command;
import dev.stowage.command.Result;
import dev.stowage.evidence.ChainPoint;
import dev.stowage.evidence.EvidenceRecord;
import dev.stowage.lifecycle.rows.ChangeSet;
import dev.stowage.model.Lineage;
import dev.stowage.model.Tick;
import dev.stowage.store.CommandId;
import dev.stowage.store.FleetView.AssignmentIds;
import dev.stowage.store.FleetView;
import dev.stowage.store.Lease.LeaseRequest;
import dev.stowage.store.Lease;
import dev.stowage.store.QuarantinedNews;
import dev.stowage.store.StorageException;
import dev.stowage.store.spi.Claim;
import dev.stowage.store.spi.Commit.CommitKey;
import dev.stowage.store.spi.Commit.CommitOutcome;
import dev.stowage.store.spi.Commit;
import dev.stowage.store.spi.FleetStore.StoreDescription;
import dev.stowage.store.spi.FleetStore;
import dev.stowage.store.spi.InboxRoom;
import dev.stowage.store.spi.LoadedFleet;
import dev.stowage.store.spi.News;
import dev.stowage.store.spi.StoreInbox;
import dev.stowage.store.spi.StoreSession.HistoryHorizon;
import dev.stowage.store.spi.StoredState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** A store of somebody's own, in memory and in one class, with a place for each {@link Bug}. */
public final class OwnStore implements FleetStore {
  private static final int MOST_NEWS_AT_ONCE = 16;

  /** Held by a transaction from its begin to its end. */
  final ReentrantLock lock = new ReentrantLock();

  final Bug bug;
  private final LongSupplier lineageTokens;
  private final Optional<LongSupplier> trustedNanos;
  private final List<Runnable> hints = new CopyOnWriteArrayList<>();
  private final List<Runnable> answered = new CopyOnWriteArrayList<>();
  private final Object leaseLock = new Object();
  private final Map<Long, Long> commits = new TreeMap<>();
  private final TreeMap<Long, QuarantinedNews> quarantine = new TreeMap<>();
  private final List<News.Item> log = new ArrayList<>();
  private final Map<CommandId, Result> answers = new TreeMap<>();
  private final List<EvidenceRecord> evidence = new ArrayList<>();
  private final List<EvidenceRecord> deeds = new ArrayList<>();
  private final List<EvidenceRecord> unwritten = new ArrayList<>();
  private volatile long writing;
  private volatile long turned;
  private volatile Lease lease;
  private volatile FleetView view;
  private ChainPoint evidenceHead;
  private ChainPoint evidenceStart;
  private StoredState base;
  private long digest;
  private Tick committedTick = Tick.of(0);
  private long epoch;
  private long marks;

  private OwnStore(LongSupplier lineageTokens, Optional<LongSupplier> trustedNanos, Bug bug) {
    this.lineageTokens = lineageTokens;
    this.trustedNanos = trustedNanos;
    this.bug = bug;
  }

  /** A fleet that has not begun, with a clock that is turned by hand. */
  public static OwnStore open(LongSupplier lineageTokens, Bug bug) {
    return new OwnStore(lineageTokens, Optional.empty(), bug);
  }

  /** One whose fleet trusts a clock, by which its leases run too. */
  public static OwnStore open(LongSupplier lineageTokens, LongSupplier trustedNanos, Bug bug) {
    return new OwnStore(lineageTokens, Optional.of(trustedNanos), bug);
  }

  /** Turns the clock to the end of the lease. */
  public void expireLease() {
    lease().ifPresent(held -> turned += Math.max(0, held.expiresAtNanos() - clockNanos()));
  }

  /** The process dies: what it had not written is gone. */
  public void crash() {
    unwritten.clear();
  }

  // ---- the lease ----

  @Override
  public StoreDescription describe() {
    return new StoreDescription("own", "fleet", 1);
  }

  @Override
  public long clockNanos() {
    return 1 + turned + trustedNanos.map(LongSupplier::getAsLong).orElse(0L);
  }

  @Override
  public OptionalLong trustedClockNanos() {
    return trustedNanos.isPresent()
        ? OptionalLong.of(trustedNanos.get().getAsLong())
        : OptionalLong.empty();
  }

  @Override
  public Claim claim(LeaseRequest request) {
    Objects.requireNonNull(request, "request");
    Lease known = lease;
    boolean isAtWork = known != null && known.epoch() == writing;
    if (known != null && (isAtWork || isRunning(known)) && !isOf(known, request.holder())) {
      return new Claim.Held(known);
    }
    lock.lock();
    try {
      synchronized (leaseLock) {
        Lease held = lease;
        if (held != null && isRunning(held) && !isOf(held, request.holder())) {
          return new Claim.Held(held);
        }
        Lineage lineage = base == null ? Lineage.of(lineageTokens.getAsLong()) : base.lineage();
        lease = new Lease(request.holder(), ++epoch, lineage, end(request.duration()));
        return new Claim.Granted(new OwnSession(this, lease, request.duration()));
      }
    } finally {
      lock.unlock();
    }
  }

  private static boolean isOf(Lease held, String holder) {
    return held.holder().equals(holder);
  }

  private boolean isRunning(Lease held) {
    return bug == Bug.ENDLESS_LEASE || held.expiresAtNanos() > clockNanos();
  }

  private long end(Duration duration) {
    long end = clockNanos() + duration.toNanos();
    return end < 0 ? Long.MAX_VALUE : end;
  }

  Lease extend(Lease mine, Duration duration) {
    synchronized (leaseLock) {
      Lease held = requireLease(mine);
      long end = Math.max(held.expiresAtNanos(), end(duration));
      lease = new Lease(held.holder(), held.epoch(), held.lineage(), end);
      return lease;
    }
  }

  Lease requireLease(Lease mine) {
    Lease held = lease;
    boolean isMine =
        held != null
            && (bug == Bug.WRONG_FENCE ? isOf(held, mine.holder()) : held.epoch() == mine.epoch());
    if (!isMine) {
      throw StorageException.Fenced.deposed(mine, held);
    }
    return held;
  }

  void resign(Lease mine) {
    synchronized (leaseLock) {
      requireLease(mine);
      lease = null;
    }
  }

  void writing(long leadersEpoch) {
    writing = leadersEpoch;
  }

  @Override
  public Optional<Lease> lease() {
    return Optional.ofNullable(lease);
  }

  // ---- what a session and a transaction do, under the lock ----

  boolean hasBegun() {
    return base != null;
  }

  void begin(StoredState first) {
    base = first;
    digest = first.digest();
    view = first.view();
  }

  LoadedFleet loaded() {
    return base.loaded(digest, Optional.ofNullable(evidenceHead), committedTick);
  }

  long verify() {
    if (base().fullDigest() != digest) {
      throw new StorageException.Corrupt("the rows do not have the digest beside them", null);
    }
    return digest;
  }

  News handOut() {
    List<News.Piece> pieces = new ArrayList<>(log);
    if (bug == Bug.FORGOTTEN_NEWS && !pieces.isEmpty()) {
      return new News(pieces.subList(0, 1), false);
    }
    if (bug == Bug.REORDERED_NEWS) {
      Collections.reverse(pieces);
    }
    int size = Math.min(pieces.size(), MOST_NEWS_AT_ONCE);
    return new News(pieces.subList(0, size), size < pieces.size());
  }

  void requireNewest(AssignmentIds expected) {
    AssignmentIds newest = base().ids();
    if (bug != Bug.LOST_UPDATE && !newest.equals(expected)) {
      throw new StorageException.Fenced("the newest are " + newest + ", not " + expected);
    }
  }

  boolean isCommitted(CommitKey key) {
    return commits.getOrDefault(key.epoch(), 0L) >= key.sequence();
  }

  void commit(Commit commit) {
    FleetView before = base.view();
    commit.consumed().forEach(piece -> piece.changes().forEach(this::take));
    commit.changes().forEach(this::take);
    if (bug != Bug.DIGEST_NOT_STORED || !commit.changes().isEmpty()) {
      digest = commit.digest();
    }
    take(commit);
    write(commit);
    commits.merge(commit.key().epoch(), commit.key().sequence(), Math::max);
    view = seenAs(before, base.view());
  }

  private void take(ChangeSet changes) {
    base.apply(changes);
    if (changes.fleet().isPresent()) {
      committedTick = base.largestTick();
    }
  }

  private void take(Commit commit) {
    List<Long> taken = commit.consumed().stream().map(Commit.Consumed::mark).toList();
    if (bug == Bug.FORGOTTEN_NEWS && !taken.isEmpty()) {
      log.clear();
    }
    log.removeIf(item -> taken.contains(item.mark()));
    commit.consumed().forEach(piece -> answers.put(piece.id(), piece.answer()));
    commit.setAside().forEach(piece -> quarantine.put(piece.mark(), piece));
  }

  void tellAnswers() {
    answered.forEach(Runnable::run);
  }

  private void write(Commit commit) {
    if (bug == Bug.TORN_COMMIT) {
      evidence.addAll(unwritten);
      unwritten.clear();
      unwritten.addAll(commit.evidence());
    } else {
      evidence.addAll(commit.evidence());
    }
    evidenceHead = commit.evidenceHead();
  }

  private FleetView seenAs(FleetView before, FleetView after) {
    if (bug == Bug.STALE_READ) {
      return before;
    }
    return bug == Bug.ROUTE_OF_A_RELEASED_REPLICA ? new StaleRoutes(before.portalAssignment(), after) : after;
  }

  void advance(Tick tick, long clockNanos) {
    base.advance(tick, clockNanos);
    view = view.at(base.largestTick());
  }

  int trim(HistoryHorizon horizon, int most) {
    int trimmed = 0;
    long cut = horizon.evidenceBefore() + (bug == Bug.HISTORY_CUT ? 1 : 0);
    while (trimmed < most && !evidence.isEmpty() && evidence.get(0).index() < cut) {
      EvidenceRecord gone = evidence.remove(0);
      evidenceStart = new ChainPoint(gone.index() + 1, gone.hash());
      if (gone.isDeed()) {
        deeds.add(gone);
      }
      trimmed++;
    }
    deeds.removeIf(deed -> deed.index() < horizon.deedsBefore());
    for (long old : List.copyOf(commits.keySet())) {
      if (old < epoch && trimmed < most) {
        commits.remove(old);
        trimmed++;
      }
    }
    return trimmed;
  }

  // ---- other processes ----

  @Override
  public StoreInbox inbox() {
    return new StoreInbox() {
      @Override
      public Set<CommandId> append(List<Sent> commands) {
        return OwnStore.this.append(commands);
      }

      @Override
      public Map<CommandId, Result> answers(Collection<CommandId> ids) {
        return OwnStore.this.answers(ids);
      }

      @Override
      public boolean withdraw(CommandId id) {
        Objects.requireNonNull(id, "id");
        return drop(item -> item.id().equals(id));
      }

      @Override
      public AutoCloseable onNews(Runnable hint) {
        hints.add(Objects.requireNonNull(hint, "hint"));
        return () -> hints.remove(hint);
      }

      @Override
      public AutoCloseable onAnswers(Runnable hint) {
        answered.add(Objects.requireNonNull(hint, "hint"));
        return () -> answered.remove(hint);
      }
    };
  }

  private Set<CommandId> append(List<StoreInbox.Sent> commands) {
    StoreInbox.requireAppendable(commands);
    Set<CommandId> refused = new TreeSet<>();
    lock.lock();
    try {
      base();
      Set<CommandId> known = new HashSet<>(answers.keySet());
      InboxRoom room = new InboxRoom();
      for (News.Item item : log) {
        known.add(item.id());
        room.add(item.command());
      }
      for (StoreInbox.Sent each : commands) {
        if (!known.add(each.id())) {
          continue;
        }
        Command<?> command = each.command();
        Optional<InboxRoom.Place> place = InboxRoom.Place.of(command);
        if (place.isPresent()) {
          drop(item -> InboxRoom.Place.of(item.command()).equals(place));
        }
        if (room.hasRoom(command)) {
          log.add(new News.Item(++marks, each.id(), command));
          room.add(command);
        } else {
          refused.add(each.id());
        }
      }
    } finally {
      lock.unlock();
    }
    if (refused.size() < commands.size()) {
      hints.forEach(Runnable::run);
    }
    return refused;
  }

  private Map<CommandId, Result> answers(Collection<CommandId> ids) {
    lock.lock();
    try {
      Map<CommandId, Result> known = new TreeMap<>(answers);
      known.keySet().retainAll(StoreInbox.requireNames(ids));
      return known;
    } finally {
      lock.unlock();
    }
  }

  private boolean drop(Predicate<News.Item> which) {
    lock.lock();
    try {
      return log.removeIf(which);
    } finally {
      lock.unlock();
    }
  }

  private StoredState base() {
    if (base == null) {
      throw new StorageException.Transient(
          "the fleet has not begun", StorageException.Outcome.NOT_COMMITTED, null);
    }
    return base;
  }

  @Override
  public FleetView view() {
    if (view == null) {
      base();
    }
    return view;
  }

  @Override
  public <R> R ask(Question<R> question) {
    Objects.requireNonNull(question, "question");
    lock.lock();
    try {
      return base().ask(question);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public CommitOutcome outcomeOf(CommitKey key) {
    Objects.requireNonNull(key, "key");
    lock.lock();
    try {
      return isCommitted(key) ? CommitOutcome.COMMITTED : CommitOutcome.NOT_COMMITTED;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public List<EvidenceRecord> evidence(long fromIndex, int maxRecords) {
    lock.lock();
    try {
      return evidence.stream()
          .filter(record -> record.index() >= fromIndex)
          .limit(maxRecords)
          .toList();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public List<EvidenceRecord> deeds() {
    lock.lock();
    try {
      return Stream.concat(deeds.stream(), evidence.stream().filter(EvidenceRecord::isDeed))
          .toList();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public Optional<ChainPoint> evidenceStart() {
    lock.lock();
    try {
      return Optional.ofNullable(evidenceStart);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public List<QuarantinedNews> quarantine(long afterMark, int most) {
    lock.lock();
    try {
      return quarantine.tailMap(afterMark, false).values().stream().limit(most).toList();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    // the store lives as long as its object
  }
}
