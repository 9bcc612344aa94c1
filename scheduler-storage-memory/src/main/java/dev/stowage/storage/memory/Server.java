package dev.stowage.storage.memory;

import dev.stowage.answer.Question;
import dev.stowage.command.Result;
import dev.stowage.evidence.ChainPoint;
import dev.stowage.evidence.EvidenceRecord;
import dev.stowage.evidence.Retention;
import dev.stowage.lifecycle.LifecycleSnapshot;
import dev.stowage.model.Lineage;
import dev.stowage.model.Tick;
import dev.stowage.store.CommandId;
import dev.stowage.store.FleetView;
import dev.stowage.store.Lease;
import dev.stowage.store.Lease.LeaseRequest;
import dev.stowage.store.QuarantinedNews;
import dev.stowage.store.StorageException;
import dev.stowage.store.spi.Claim;
import dev.stowage.store.spi.Commit.CommitKey;
import dev.stowage.store.spi.Commit.CommitOutcome;
import dev.stowage.store.spi.StoreInbox;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The stand-in for a database server: durable state, lease and inbox. A transaction holds the lock
 * of the state from its begin to its end. The lease has a lock of its own, so that a renewal waits
 * for no transaction. The published view is read without a lock.
 */
final class Server {
  final ReentrantLock lock = new ReentrantLock();
  private final LongSupplier clockNanos;
  private final boolean hasClock;
  private final boolean isTrusted;
  private final LongSupplier lineageTokens;
  private final List<Runnable> hints = new CopyOnWriteArrayList<>();
  private final List<Runnable> answered = new CopyOnWriteArrayList<>();
  private final List<Runnable> tellers = new CopyOnWriteArrayList<>();
  private @Nullable DurableState durable;
  private final Object leaseLock = new Object();
  private volatile @Nullable Lease lease;

  /** The epoch of the open transaction, or 0. */
  private volatile long writing;

  private final Retention evidence;
  final boolean isChecked;
  private History history;
  private final Map<Long, Long> commits = new TreeMap<>();
  private long epoch;
  private volatile boolean lineageLost;

  /** The lineage that was granted because commits were lost, until it has begun. */
  private volatile @Nullable Lineage owed;

  private volatile @Nullable FleetView view;

  /** The state beside the durable state; {@code lineageLost} until a claim after lost commits. */
  record LeaseState(
      long epoch, Optional<Lease> lease, boolean lineageLost, Optional<Lineage> owed) {}

  /** A consistent copy; {@code held} is empty and {@code digest} is 0 before the fleet begins. */
  record Saved(LeaseState leaseState, Optional<Checkpoint> held, long digest) {}

  /** Settings of a server; without a clock leases end with their sessions only. */
  record Settings(
      @Nullable LongSupplier clockNanos,
      boolean isTrusted,
      LongSupplier lineageTokens,
      Retention evidence,
      boolean isChecked) {}

  Server(Settings settings) {
    LongSupplier clock = settings.clockNanos();
    hasClock = clock != null;
    clockNanos = clock == null ? () -> 0 : clock;
    isTrusted = hasClock && settings.isTrusted();
    lineageTokens = settings.lineageTokens();
    evidence = settings.evidence();
    isChecked = settings.isChecked();
    history = new History(evidence);
  }

  OptionalLong trustedClockNanos() {
    return isTrusted ? OptionalLong.of(clockNanos.getAsLong()) : OptionalLong.empty();
  }

  long clockNanos() {
    return clockNanos.getAsLong();
  }

  /**
   * Grants the lease, but never deposes a leader in a transaction: its commit extends the lease.
   */
  Claim claim(LeaseRequest request) {
    Lease known = lease;
    boolean isAtWork = known != null && known.epoch() == writing;
    if (known != null && (isAtWork || isRunning(known)) && !isOf(known, request)) {
      return new Claim.Held(known);
    }
    lock.lock();
    try {
      synchronized (leaseLock) {
        Lease held = lease;
        if (held != null && isRunning(held) && !isOf(held, request)) {
          return new Claim.Held(held);
        }
        Lease granted =
            new Lease(
                request.holder(), ++epoch, lineageToLead(), expiry(request.duration().toNanos()));
        lease = granted;
        return new Claim.Granted(new MemorySession(this, granted, request.duration()));
      }
    } finally {
      lock.unlock();
    }
  }

  private static boolean isOf(Lease held, LeaseRequest request) {
    return held.holder().equals(request.holder());
  }

  private boolean isRunning(Lease held) {
    return held.expiresAtNanos() > clockNanos();
  }

  private Lineage lineageToLead() {
    DurableState present = durable;
    if (present == null) {
      return Lineage.of(lineageTokens.getAsLong());
    }
    if (lineageLost) {
      lineageLost = false;
      owed = Lineage.of(lineageTokens.getAsLong());
    }
    // An earlier claimant may have ended before its first commit in the new lineage.
    Lineage due = owed;
    return due == null ? present.base().lineage() : due;
  }

  /** Extends the lease without the lock of the durable state; never shortens it. */
  Lease extend(Lease mine, Duration duration) {
    synchronized (leaseLock) {
      Lease held = requireLease(mine);
      long end = Math.max(held.expiresAtNanos(), expiry(duration.toNanos()));
      Lease extended = new Lease(held.holder(), held.epoch(), held.lineage(), end);
      lease = extended;
      return extended;
    }
  }

  void resign(Lease mine) {
    synchronized (leaseLock) {
      requireLease(mine);
      lease = null;
    }
  }

  /** Ends a session, and its lease too if no clock ever would. */
  void ended(Lease mine) {
    synchronized (leaseLock) {
      Lease held = lease;
      if (!hasClock && held != null && held.epoch() == mine.epoch()) {
        lease = null;
      }
    }
  }

  Optional<Lease> lease() {
    return Optional.ofNullable(lease);
  }

  /** Sets the epoch of the open transaction, 0 for none. Requires the lock. */
  void writing(long leadersEpoch) {
    writing = leadersEpoch;
  }

  Lease requireLease(Lease mine) {
    Lease held = lease;
    if (lineageLost) {
      throw new StorageException.Fenced(
          mine.holder() + " held epoch " + mine.epoch() + "; the store has lost commits since");
    }
    if (held == null || held.epoch() != mine.epoch()) {
      throw StorageException.Fenced.deposed(mine, held);
    }
    return held;
  }

  private long expiry(long durationNanos) {
    long end = clockNanos() + durationNanos;
    return end < 0 ? Long.MAX_VALUE : end;
  }

  @Nullable DurableState durableIfAny() {
    return durable;
  }

  DurableState durable() {
    DurableState present = durable;
    if (present == null) {
      throw notBegun();
    }
    if (lineageLost) {
      throw lostLineage();
    }
    return present;
  }

  /** Returns the durable state for readers and the inbox, of whom its lineage must be known. */
  private DurableState told() {
    DurableState present = durable();
    requireNothingOwed();
    return present;
  }

  private void requireNothingOwed() {
    if (lineageLost || owed != null) {
      throw lostLineage();
    }
  }

  void begin(DurableState first) {
    durable = first;
    view = first.view();
  }

  History history() {
    return history;
  }

  boolean isCommitted(CommitKey key) {
    return commits.getOrDefault(key.epoch(), 0L) >= key.sequence();
  }

  void committed(CommitKey key) {
    commits.merge(key.epoch(), key.sequence(), Math::max);
    DurableState present = durable();
    view = present.view();
    if (present.base().lineage().equals(owed)) {
      owed = null;
    }
  }

  /** Keeps the tick of a cycle that changed nothing. Requires the lock. */
  void advance(Tick largestTick, long clockNanos) {
    DurableState advanced = durable();
    advanced.advance(largestTick, clockNanos);
    view = view().at(advanced.largestTick());
  }

  CommitOutcome outcomeOf(CommitKey key) {
    lock.lock();
    try {
      return isCommitted(key) ? CommitOutcome.COMMITTED : CommitOutcome.NOT_COMMITTED;
    } finally {
      lock.unlock();
    }
  }

  AutoCloseable onAssignment(Runnable hint) {
    tellers.add(Objects.requireNonNull(hint, "hint"));
    return () -> tellers.remove(hint);
  }

  void tell() {
    tellers.forEach(Runnable::run);
  }

  void tellAnswers() {
    answered.forEach(Runnable::run);
  }

  StoreInbox inbox() {
    return new StoreInbox() {
      @Override
      public Set<CommandId> append(List<Sent> commands) {
        return Server.this.append(commands);
      }

      @Override
      public Map<CommandId, Result> answers(Collection<CommandId> ids) {
        return locked(of -> of.answers(StoreInbox.requireNames(ids)));
      }

      @Override
      public boolean withdraw(CommandId id) {
        Objects.requireNonNull(id, "id");
        return locked(of -> of.withdraw(id));
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

  private <T> T locked(Function<DurableState, T> work) {
    lock.lock();
    try {
      return work.apply(told());
    } finally {
      lock.unlock();
    }
  }

  private Set<CommandId> append(List<StoreInbox.Sent> commands) {
    List<StoreInbox.Sent> all = StoreInbox.requireAppendable(commands);
    Set<CommandId> refused = locked(of -> of.append(all));
    if (refused.size() < all.size()) {
      hints.forEach(Runnable::run);
    }
    return refused;
  }

  FleetView view() {
    FleetView published = view;
    if (published == null) {
      throw notBegun();
    }
    requireNothingOwed();
    return published;
  }

  <R> R ask(Question<R> question) {
    return locked(of -> of.reading().answer(question));
  }

  List<EvidenceRecord> evidence(long fromIndex, int maxRecords) {
    lock.lock();
    try {
      return history.read(fromIndex, maxRecords);
    } finally {
      lock.unlock();
    }
  }

  List<EvidenceRecord> deeds() {
    lock.lock();
    try {
      return history.deeds();
    } finally {
      lock.unlock();
    }
  }

  Optional<ChainPoint> evidenceStart() {
    lock.lock();
    try {
      return history.start();
    } finally {
      lock.unlock();
    }
  }

  List<QuarantinedNews> quarantine(long afterMark, int most) {
    lock.lock();
    try {
      return durable().quarantine().tailMap(afterMark + 1).values().stream().limit(most).toList();
    } finally {
      lock.unlock();
    }
  }

  Checkpoint checkpoint() {
    lock.lock();
    try {
      return checkpointOf(durable());
    } finally {
      lock.unlock();
    }
  }

  private Checkpoint checkpointOf(DurableState of) {
    LifecycleSnapshot base = of.base();
    return new Checkpoint(() -> base, of.waiting(), commits, history);
  }

  Saved saved() {
    if (lock.isHeldByCurrentThread()) {
      throw new IllegalStateException("a transaction is open on this thread; save after its end");
    }
    lock.lock();
    try {
      Optional<DurableState> begun = Optional.ofNullable(durable);
      Optional<Checkpoint> held = begun.map(this::checkpointOf);
      synchronized (leaseLock) {
        LeaseState leaseState =
            new LeaseState(
                epoch, Optional.ofNullable(lease), lineageLost, Optional.ofNullable(owed));
        return new Saved(leaseState, held, begun.map(DurableState::digest).orElse(0L));
      }
    } finally {
      lock.unlock();
    }
  }

  /**
   * Resumes a saved server; must run before the server is published. Sessions ended with their
   * process, and so does a lease without a clock.
   */
  void resume(Saved saved) {
    saved.held().ifPresent(held -> fill(held).requireDigest(saved.digest()));
    LeaseState leaseState = saved.leaseState();
    epoch = leaseState.epoch();
    lineageLost = leaseState.lineageLost();
    owed = leaseState.owed().orElse(null);
    lease = hasClock ? leaseState.lease().orElse(null) : null;
  }

  private DurableState fill(Checkpoint checkpoint) {
    DurableState former = DurableState.of(checkpoint, isChecked);
    durable = former;
    view = former.view();
    commits.clear();
    commits.putAll(checkpoint.commits);
    history = checkpoint.history.copy(evidence);
    return former;
  }

  void restore(Checkpoint checkpoint) {
    lock.lock();
    try {
      fill(checkpoint);
      synchronized (leaseLock) {
        lineageLost = true;
        lease = null;
      }
    } finally {
      lock.unlock();
    }
  }

  private static StorageException notBegun() {
    return notNow("no leader has started this fleet yet; try again once one has claimed the lease");
  }

  private static StorageException lostLineage() {
    return notNow("the store has lost commits; the next leader starts a new lineage");
  }

  private static StorageException notNow(String why) {
    return new StorageException.Transient(why, StorageException.Outcome.NOT_COMMITTED, null);
  }
}
