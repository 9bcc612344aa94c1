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
import dev.stowage.store.spi.FleetStore;
import dev.stowage.store.spi.FleetStore.StoreDescription;
import dev.stowage.store.spi.StoreInbox;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
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
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A fleet in memory. Thread-safe: transactions are serial, and {@link #view} never waits and
 * returns an immutable view.
 *
 * <p>Without a clock a lease ends by resignation, by a claim of its holder or by the close of its
 * facade, and the host's time advances by at most {@code maxStep} at once.
 *
 * <p>A new store starts a new lineage, so that workers and portals never take an earlier store's
 * assignments for its own.
 */
public final class MemoryChunkStore implements FleetStore {
  /** The default of {@link Builder#evidenceBytes}: 256 MiB. */
  public static final long DEFAULT_EVIDENCE_BYTES = 256L << 20;

  /** The version of the rows in memory and in saved bytes. */
  static final int SCHEMA_VERSION = 2;

  /** Held by a transaction from its begin to its end; a renewal waits for {@link #leaseLock}. */
  final ReentrantLock lock = new ReentrantLock();

  private final String fleet;
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

  private MemoryChunkStore(String fleet, Builder from) {
    LongSupplier clock = from.clockNanos;
    this.fleet = fleet;
    hasClock = clock != null;
    clockNanos = clock == null ? () -> 0 : clock;
    isTrusted = hasClock && from.isTrusted;
    lineageTokens = from.lineageTokens;
    evidence = from.evidence;
    isChecked = from.isTwin;
    history = new History(evidence);
  }

  /** Returns an empty store with every default. */
  public static MemoryChunkStore create() {
    return builder().build();
  }

  /** Returns a builder with every default. */
  public static Builder builder() {
    return new Builder();
  }

  @Override
  public StoreDescription describe() {
    return new StoreDescription("memory", fleet, SCHEMA_VERSION);
  }

  @Override
  public OptionalLong trustedClockNanos() {
    return isTrusted ? OptionalLong.of(clockNanos.getAsLong()) : OptionalLong.empty();
  }

  @Override
  public long clockNanos() {
    return clockNanos.getAsLong();
  }

  /**
   * Grants the lease, but never deposes a leader in a transaction: its commit extends the lease.
   */
  @Override
  public Claim claim(LeaseRequest request) {
    Objects.requireNonNull(request, "request");
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

  @Override
  public Optional<Lease> lease() {
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

  @Override
  public CommitOutcome outcomeOf(CommitKey key) {
    Objects.requireNonNull(key, "key");
    return locked(() -> isCommitted(key) ? CommitOutcome.COMMITTED : CommitOutcome.NOT_COMMITTED);
  }

  @Override
  public AutoCloseable onAssignment(Runnable hint) {
    tellers.add(Objects.requireNonNull(hint, "hint"));
    return () -> tellers.remove(hint);
  }

  void tell() {
    tellers.forEach(Runnable::run);
  }

  void tellAnswers() {
    answered.forEach(Runnable::run);
  }

  @Override
  public StoreInbox inbox() {
    return new StoreInbox() {
      @Override
      public Set<CommandId> append(List<Sent> commands) {
        List<Sent> all = StoreInbox.requireAppendable(commands);
        Set<CommandId> refused = locked(() -> told().append(all));
        if (refused.size() < all.size()) {
          hints.forEach(Runnable::run);
        }
        return refused;
      }

      @Override
      public Map<CommandId, Result> answers(Collection<CommandId> ids) {
        return locked(() -> told().answers(StoreInbox.requireNames(ids)));
      }

      @Override
      public boolean withdraw(CommandId id) {
        Objects.requireNonNull(id, "id");
        return locked(() -> told().withdraw(id));
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

  private <T> T locked(Supplier<T> work) {
    lock.lock();
    try {
      return work.get();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public FleetView view() {
    FleetView published = view;
    if (published == null) {
      throw notBegun();
    }
    requireNothingOwed();
    return published;
  }

  @Override
  public <R> R ask(Question<R> question) {
    Objects.requireNonNull(question, "question");
    return locked(() -> told().reading().answer(question));
  }

  @Override
  public List<EvidenceRecord> evidence(long fromIndex, int maxRecords) {
    return locked(() -> history.read(fromIndex, maxRecords));
  }

  @Override
  public List<EvidenceRecord> deeds() {
    return locked(() -> history.deeds());
  }

  @Override
  public Optional<ChainPoint> evidenceStart() {
    return locked(() -> history.start());
  }

  @Override
  public List<QuarantinedNews> quarantine(long afterMark, int most) {
    return locked(
        () -> durable().quarantine().tailMap(afterMark + 1).values().stream().limit(most).toList());
  }

  /** Returns a copy of all durable state, which shares the rows with the store. */
  public Checkpoint checkpoint() {
    return locked(() -> checkpointOf(durable()));
  }

  private Checkpoint checkpointOf(DurableState of) {
    LifecycleSnapshot base = of.base();
    return new Checkpoint(() -> base, of.waiting(), commits, history);
  }

  private Saved saved() {
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
   * Resumes a saved store; must run before the store is published. Sessions ended with their
   * process, and so does a lease without a clock.
   */
  private void resume(Saved saved) {
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

  /**
   * Restores an earlier state, as a failover that lost commits does. The leader is fenced, and the
   * store serves nothing until the next leader has started a new lineage.
   */
  public void restore(Checkpoint checkpoint) {
    Objects.requireNonNull(checkpoint, "checkpoint");
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

  /**
   * Writes all durable state for {@link Builder#load}: rows, news, evidence, commit keys, lease and
   * epoch. Equal states give equal bytes. Earlier assignments are not written; their holders are
   * given a full document after a load. Takes the state between two transactions, then writes while
   * writers go on, in memory proportional to its size. Flushes the stream and does not close it.
   *
   * @throws IllegalStateException if the calling thread has a transaction open
   * @throws IOException if the stream fails; {@link Builder#load} refuses the bytes written until
   *     then
   */
  public void save(OutputStream to) throws IOException {
    Objects.requireNonNull(to, "to");
    new SavedStore(fleet, saved()).write(to);
  }

  /** Does nothing: the store lives as long as its object. */
  @Override
  public void close() {}

  /** A builder of stores. Not thread-safe. */
  public static final class Builder {
    private String fleet = "fleet";
    private @Nullable LongSupplier clockNanos;
    private boolean isTrusted = true;
    private LongSupplier lineageTokens = () -> Lineage.drawn().token();
    private Retention evidence = Retention.DEFAULT.withMaxBytes(DEFAULT_EVIDENCE_BYTES);

    private boolean isTwin;

    private Builder() {}

    /** Sets the name of the fleet in logs. */
    public Builder fleet(String name) {
      this.fleet = Objects.requireNonNull(name, "fleet");
      return this;
    }

    /**
     * Sets the clock in nanoseconds. Leases run by it and the fleet trusts it ({@link
     * FleetStore#trustedClockNanos}). Without one, {@link #clockNanos} is always 0 and a lease
     * lasts until its session ends.
     */
    public Builder clock(LongSupplier nanos) {
      this.clockNanos = Objects.requireNonNull(nanos, "clock");
      this.isTrusted = true;
      return this;
    }

    /** Sets a clock, in nanoseconds, that only leases run by and that the fleet does not trust. */
    public Builder leaseClock(LongSupplier nanos) {
      this.clockNanos = Objects.requireNonNull(nanos, "clock");
      this.isTrusted = false;
      return this;
    }

    /**
     * Sets the most bytes of evidence that are kept ({@value #DEFAULT_EVIDENCE_BYTES} unless set):
     * payloads, and 38 bytes a record. Beyond it, or beyond 100,000 records, the oldest commits go
     * whole; the newest stays. What a recorder was told is not affected. Throws {@code
     * IllegalArgumentException} for less than 1.
     */
    public Builder evidenceBytes(long most) {
      this.evidence = evidence.withMaxBytes(most);
      return this;
    }

    /** Sets the source of lineage tokens; the default is random. */
    public Builder lineageTokens(LongSupplier tokens) {
      this.lineageTokens = Objects.requireNonNull(tokens, "lineageTokens");
      return this;
    }

    /**
     * Sets the lineages to a fixed sequence, for tests and simulations only: workers and portals
     * that outlive the store could not tell its histories apart.
     */
    public Builder fixedLineages() {
      return lineageTokens(new CountedTokens());
    }

    /**
     * Keeps a second state to which the changes of each commit are applied, and refuses a commit by
     * an {@code InvariantViolation} if the digests of its rows, of the leader's state and of the
     * commit differ. For tests: the rows take twice the memory, and each commit reads all of them.
     */
    public Builder twin() {
      this.isTwin = true;
      return this;
    }

    /** Returns a store whose fleet has not begun. */
    public MemoryChunkStore build() {
      return new MemoryChunkStore(fleet, this);
    }

    /**
     * Returns the store that {@link MemoryChunkStore#save} wrote, with its name and with the clock
     * and tokens of this builder. Epochs continue. A lease is kept until it expires, as after a
     * crash: only its holder may claim at once. Without a clock it is over.
     *
     * <p>The clock must continue the saved store's clock, and the tokens must not repeat earlier
     * ones. Reads to the end of the stream and does not close it.
     *
     * @throws StorageException.Corrupt if the bytes are not exactly one saved store of this version
     * @throws IOException if the stream fails
     */
    public MemoryChunkStore load(InputStream from) throws IOException {
      SavedStore saved = SavedStore.read(Objects.requireNonNull(from, "from"));
      MemoryChunkStore loaded = new MemoryChunkStore(saved.fleet(), this);
      try {
        loaded.resume(saved.saved());
      } catch (IllegalArgumentException | IllegalStateException | IndexOutOfBoundsException e) {
        throw new StorageException.Corrupt(
            "the saved rows contradict each other: " + e.getMessage() + "; load another copy", e);
      }
      return loaded;
    }
  }
}
