package dev.stowage.sim.filestore;

import dev.stowage.evidence.EvidenceRecord;
import dev.stowage.lifecycle.ChunkStatus;
import dev.stowage.lifecycle.Command;
import dev.stowage.lifecycle.Head;
import dev.stowage.lifecycle.Leaving;
import dev.stowage.lifecycle.Lifecycle;
import dev.stowage.lifecycle.LifecycleConfig;
import dev.stowage.lifecycle.LifecycleState;
import dev.stowage.lifecycle.Result;
import dev.stowage.lifecycle.rows.FleetRow;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.DatasetId;
import dev.stowage.model.InvariantViolation;
import dev.stowage.model.Lineage;
import dev.stowage.model.PortalAssignmentId;
import dev.stowage.model.Tick;
import dev.stowage.model.WorkerAssignmentId;
import dev.stowage.model.WorkerId;
import dev.stowage.placement.PlacementPlanner;
import dev.stowage.store.AssignmentIds;
import dev.stowage.store.ChunkStore;
import dev.stowage.store.Claim;
import dev.stowage.store.Commit;
import dev.stowage.store.Commit.CommitKey;
import dev.stowage.store.Commit.CommitOutcome;
import dev.stowage.store.FleetView;
import dev.stowage.store.KeptRanges;
import dev.stowage.store.Lease;
import dev.stowage.store.Lease.LeaseRequest;
import dev.stowage.store.LoadedFleet;
import dev.stowage.store.News;
import dev.stowage.store.QuarantinedNews;
import dev.stowage.store.StorageException;
import dev.stowage.store.StoreDescription;
import dev.stowage.store.StoreInbox;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A fleet in a folder, for one process at a time. Thread-safe: writers take turns, a transaction
 * makes them wait until it ends, and {@link #view} never waits.
 *
 * <p>Evidence is kept in the image and so in memory: this is for fleets that fit there with it.
 */
public final class FileChunkStore implements ChunkStore {
  static final String LOCK = "lock";
  private static final int MOST_NEWS_AT_ONCE = 256;
  private static final Tuning DEFAULT = new Tuning(4L << 20, Journal.Durability.DEVICE);

  final ReentrantLock turn = new ReentrantLock();
  private final Path folder;
  private final LongSupplier clockNanos;
  private final LongSupplier lineageTokens;
  private final Tuning tuning;
  private final Lifecycle lifecycle = new Lifecycle(PlacementPlanner.sticky());
  private final List<Runnable> hints = new CopyOnWriteArrayList<>();
  private final FolderLock lock;
  final LiveLease live = new LiveLease();
  private Image image = new Image();
  private @Nullable Journal journal;
  private volatile boolean isClosed;

  /** The clock that the fleet trusts; null for none. */
  private volatile @Nullable LongSupplier trustedNanos;

  /** A mirror of the rows, for views; null until it is asked for. */
  private @Nullable LifecycleState mirror;

  /** The rows with all news; null until it is asked for. */
  private @Nullable LifecycleState ahead;

  /** Ranges that nobody gets until a leader has taken in who gave them up. */
  private final KeptRanges kept = new KeptRanges();

  private volatile @Nullable FleetView view;

  /** From how many bytes on a journal is rewritten, and what its records survive. */
  record Tuning(long rewriteBytes, Journal.Durability durability) {}

  private FileChunkStore(
      Path folder, LongSupplier clockNanos, LongSupplier lineageTokens, Tuning tuning) {
    this.folder = folder;
    this.clockNanos = clockNanos;
    this.lineageTokens = lineageTokens;
    this.tuning = tuning;
    lock = FolderLock.take(folder.resolve(LOCK));
  }

  /**
   * Opens the fleet of a folder, which is made if it is not there.
   *
   * @param clockNanos the clock by which leases run, the same for every process: nanoseconds since
   *     1970
   * @param lineageTokens where the tokens of new lineages come from; none may come twice
   * @throws StorageException.Transient if another process has it open, or the device fails
   * @throws StorageException.Corrupt if the folder is not a fleet's, or something in it is damaged
   */
  public static FileChunkStore open(
      Path folder, LongSupplier clockNanos, LongSupplier lineageTokens) {
    return open(folder, clockNanos, lineageTokens, DEFAULT);
  }

  static FileChunkStore open(
      Path folder, LongSupplier clockNanos, LongSupplier lineageTokens, Tuning tuning) {
    FileChunkStore store = new FileChunkStore(folder, clockNanos, lineageTokens, tuning);
    try {
      store.ready();
      return store;
    } catch (RuntimeException e) {
      store.close();
      throw e;
    }
  }

  // ---- writing ----

  /** The image as the journal has it: read anew after a failure, which may have left it behind. */
  Image ready() {
    if (isClosed) {
      throw failed("the store is closed", StorageException.Outcome.NOT_COMMITTED, null);
    }
    if (journal == null) {
      image = new Image();
      mirror = null;
      ahead = null;
      try {
        journal = Journal.open(folder, tuning.durability(), image::replay);
      } catch (IOException e) {
        throw failed("cannot read the journal", StorageException.Outcome.NOT_COMMITTED, e);
      }
      live.found(image.lease().orElse(null));
      publish();
    }
    return image;
  }

  /** What readers see from now on; nothing after a loss of commits that no leader knows of. */
  private void publish() {
    boolean isServing = image.hasBegun() && !(image.isLost() && image.lease().isEmpty());
    view = isServing ? FleetView.of(mirror()) : null;
  }

  /** Makes a record durable, and then true. */
  private void write(byte[] record) {
    Image present = ready();
    Journal open = journal;
    if (open == null) {
      throw new IllegalStateException("a store that is ready has a journal");
    }
    try {
      open.append(record);
      present.replay(record);
      if (open.size() > tuning.rewriteBytes()) {
        open.rewrite(present.whole());
      }
    } catch (IOException e) {
      abandonJournal();
      throw failed("a record may be written or not", StorageException.Outcome.UNKNOWN, e);
    } catch (RuntimeException ours) {
      abandonJournal();
      throw ours;
    }
  }

  private void abandonJournal() {
    Journal open = journal;
    journal = null;
    try {
      if (open != null) {
        open.close();
      }
    } catch (IOException e) {
      throw failed("cannot close the journal", StorageException.Outcome.UNKNOWN, e);
    }
  }

  private StorageException.Transient failed(
      String what, StorageException.Outcome outcome, @Nullable Throwable cause) {
    return new StorageException.Transient(folder + ": " + what, outcome, cause);
  }

  // ---- the lease ----

  @Override
  public Claim claim(LeaseRequest request) {
    Lease known = live.held();
    if (known != null && !known.holder().equals(request.holder()) && live.isWriting(known)) {
      return new Claim.Held(known); // its commit extends the lease
    }
    return inTurn(() -> {
      synchronized (live) {
        return claimInTurn(request);
      }
    });
  }

  private Claim claimInTurn(LeaseRequest request) {
    ready();
    Lease held = live.held();
    if (held != null
        && !held.holder().equals(request.holder())
        && held.expiresAtNanos() > clockNanos()) {
      return new Claim.Held(held);
    }
    long epoch = image.epoch() + 1;
    long expiry = expiry(request.duration().toNanos());
    Lease granted = new Lease(request.holder(), epoch, lineageToLead(), expiry);
    write(Image.lease(epoch, granted));
    live.set(granted);
    publish();
    return new Claim.Granted(new FileSession(this, granted, request.duration()));
  }

  /** The lineage that goes on; where commits were lost, the one that a claim since has begun. */
  private Lineage lineageToLead() {
    if (image.hasBegun() && !image.isLost()) {
      return image.rows.fleet().orElseThrow().lineage();
    }
    Optional<Lineage> begun = image.lease().filter(held -> image.isLost()).map(Lease::lineage);
    return begun.orElseGet(() -> Lineage.of(lineageTokens.getAsLong()));
  }

  private long expiry(long durationNanos) {
    long end = clockNanos() + durationNanos;
    return end < 0 ? Long.MAX_VALUE : end;
  }

  /** In turn or not. */
  Lease extend(Lease mine, long durationNanos) {
    synchronized (live) {
      live.extend(requireLease(mine), expiry(durationNanos));
      return requireLease(mine);
    }
  }

  void resign(Lease mine) {
    write(Image.lease(mine.epoch(), null));
    live.set(null);
  }

  Lease requireLease(Lease mine) {
    if (isClosed) {
      throw new StorageException.Fenced("the process of epoch " + mine.epoch() + " is over");
    }
    Lease held = live.held();
    if (held == null || held.epoch() != mine.epoch()) {
      throw StorageException.Fenced.deposed(mine, held);
    }
    return held;
  }

  @Override
  public Optional<Lease> lease() {
    return inTurn(() -> {
      ready();
      return Optional.ofNullable(live.held());
    });
  }

  // ---- the leader, in turn and with the lease ----

  LoadedFleet load() {
    if (!image.hasBegun()) {
      return LoadedFleet.NONE;
    }
    LifecycleState state = image.rows.toState();
    requireDigest(state.digest());
    return new LoadedFleet(
        Optional.of(state), image.digest(), image.head(), image.seen(), image.seenClockNanos());
  }

  LoadedFleet found(LifecycleConfig config, Lineage lineage) {
    if (image.hasBegun()) {
      throw new IllegalStateException("the fleet has begun already");
    }
    write(Image.begin(LifecycleState.empty(config, lineage)));
    publish();
    return load();
  }

  News news() {
    List<News.Item> all = image.news();
    int size = Math.min(all.size(), MOST_NEWS_AT_ONCE);
    return new News(List.<News.Piece>copyOf(all.subList(0, size)), size < all.size());
  }

  News.Traces traces(News.Piece piece) {
    return News.Traces.of(mirror(), newest(), image.news(), piece.mark());
  }

  void advance(Tick largestTick, long clockNanos) {
    if (largestTick.value() > image.seen().value()) {
      write(Image.tick(largestTick, clockNanos));
      ahead = null;
    }
  }

  void commit(Commit commit) {
    long digest = image.digest();
    for (Commit.Consumed piece : commit.consumed()) {
      digest = following(digest, piece.changes().digestBefore(), piece.changes().digestAfter());
    }
    if (commit.changes().isPresent()) {
      var changes = commit.changes().get();
      digest = following(digest, changes.digestBefore(), changes.digestAfter());
    }
    following(digest, commit.digest(), commit.digest());
    LifecycleState follower = mirror(); // of the rows as they are before
    write(Image.commit(commit));
    commit.consumed().forEach(piece -> follower.apply(piece.changes()));
    commit.changes().ifPresent(follower::apply);
    ahead = null;
    publish();
  }

  AssignmentIds newestIds() {
    FleetRow row = image.rows.fleet().orElseThrow();
    return new AssignmentIds(
        WorkerAssignmentId.of(row.workerAssignment()),
        PortalAssignmentId.of(row.portalAssignment()));
  }

  /** What is written must begin where the rows are: checked before, since it cannot be undone. */
  private static long following(long digest, long before, long after) {
    if (digest != before) {
      throw new InvariantViolation(
          "backends agree",
          "the rows have digest "
              + Long.toHexString(digest)
              + ", the mirror "
              + Long.toHexString(before));
    }
    return after;
  }

  long verify() {
    long full = image.rows.toState().fullDigest();
    requireDigest(full);
    return full;
  }

  private void requireDigest(long found) {
    if (found != image.digest()) {
      throw new StorageException.Corrupt(
          folder
              + ": the rows have digest "
              + Long.toHexString(found)
              + ", beside them is kept "
              + Long.toHexString(image.digest())
              + "; restore a backup",
          null);
    }
  }

  int trimHistory(long evidenceBefore, int maxRows) {
    int records = image.evidenceBelow(evidenceBefore, maxRows);
    if (records > 0) {
      write(Image.trim(records));
    }
    return records;
  }

  /** Whether a commit is durable already; in turn. */
  boolean isCommitted(CommitKey key) {
    return ready().isCommitted(key);
  }

  // ---- everybody else ----

  private LifecycleState mirror() {
    LifecycleState known = mirror;
    if (known == null) {
      known = image.rows.toState();
      mirror = known;
    }
    return known;
  }

  /** The rows with everything that was accepted, whether or not the leader knows it. */
  private LifecycleState newest() {
    LifecycleState known = ahead;
    if (known == null) {
      known = image.rows.toState();
      known.seen(image.seen(), image.seenClockNanos());
      kept.clear();
      for (News.Item item : image.news()) {
        kept.note(item.command(), lifecycle.execute(known, item.command(), item.tick()).changes());
      }
      ahead = known;
    }
    return known;
  }

  private void requireServing() {
    if (!ready().hasBegun()) {
      throw failed("the fleet has not begun", StorageException.Outcome.NOT_COMMITTED, null);
    }
    if (image.isLost() && image.lease().isEmpty()) {
      throw failed("commits were lost", StorageException.Outcome.NOT_COMMITTED, null);
    }
  }

  @Override
  public StoreInbox inbox() {
    return new StoreInbox() {
      @Override
      public Result submit(Command<?> command, Tick now) {
        return FileChunkStore.this.submit(command, now);
      }

      @Override
      public AutoCloseable onNews(Runnable hint) {
        hints.add(hint);
        return () -> hints.remove(hint);
      }
    };
  }

  private Result submit(Command<?> command, Tick now) {
    if (command.kind().isLeadersOwn()) {
      throw new IllegalArgumentException(
          "command is " + command + "; only the holder of the lease may give it");
    }
    KeptRanges.Decided outcome = inTurn(() -> decide(command, now));
    if (!outcome.changes().isEmpty()) {
      hints.forEach(Runnable::run);
    }
    return outcome.result();
  }

  private KeptRanges.Decided decide(Command<?> command, Tick now) {
    requireServing();
    LifecycleState decided = newest();
    ahead = null; // should the record fail, nothing was accepted
    decided.reads(trustedClockNanos().orElse(FleetRow.Time.UNREAD), 1);
    Tick counted = Lifecycle.counted(decided, now);
    KeptRanges.Decided outcome = kept.execute(lifecycle, decided, command, counted);
    if (!outcome.changes().isEmpty()) {
      kept.note(outcome.command(), outcome.changes());
      write(Image.news(new News.Item(image.nextMark(), counted, outcome.command())));
    }
    ahead = decided;
    return outcome;
  }

  @Override
  public FleetView view() {
    FleetView published = view;
    if (published == null) {
      throw failed(
          "the fleet has not begun, or its next leader has not",
          StorageException.Outcome.NOT_COMMITTED,
          null);
    }
    return published;
  }

  @Override
  public List<ChunkStatus> status(List<ChunkKey> chunks) {
    return inTurn(() -> {
      requireServing();
      return chunks.stream().map(chunk -> ChunkStatus.shown(mirror(), newest(), chunk)).toList();
    });
  }

  @Override
  public Head head(DatasetId dataset) {
    return inTurn(() -> {
      requireServing();
      return Head.shown(mirror(), newest(), dataset);
    });
  }

  @Override
  public Optional<Leaving> leaving(WorkerId worker) {
    return inTurn(() -> {
      requireServing();
      return Leaving.shown(mirror(), newest(), worker);
    });
  }

  @Override
  public CommitOutcome outcomeOf(CommitKey key) {
    return inTurn(() -> isCommitted(key) ? CommitOutcome.COMMITTED : CommitOutcome.NOT_COMMITTED);
  }

  @Override
  public List<EvidenceRecord> evidence(long fromIndex, int maxRecords) {
    return inTurn(() -> ready().evidence(fromIndex, maxRecords));
  }

  @Override
  public StoreDescription describe() {
    return new StoreDescription("file", folder.toString(), Journal.FORMAT);
  }

  @Override
  public long clockNanos() {
    return clockNanos.getAsLong();
  }

  /** From now on the fleet trusts this clock; no other one. */
  FileChunkStore trusting(LongSupplier nanos) {
    trustedNanos = nanos;
    return this;
  }

  @Override
  public OptionalLong trustedClockNanos() {
    LongSupplier trusted = trustedNanos;
    return trusted == null ? OptionalLong.empty() : OptionalLong.of(trusted.getAsLong());
  }

  @Override
  public List<QuarantinedNews> quarantine(long afterMark, int most) {
    return inTurn(() -> ready().quarantine(afterMark, most));
  }

  // ---- backups ----

  /** All that is durable now, to be restored one day. */
  public byte[] backup() {
    return inTurn(() -> ready().whole());
  }

  /**
   * Falls back to a backup: whoever leads is fenced, nothing is served, and the next claim begins a
   * new lineage. Whoever puts older files back by hand instead deceives the store.
   */
  public void restore(byte[] backup) {
    inTurn(() -> {
      byte[] former = Image.lostSince(backup, ready().epoch()).whole();
      Journal open = journal;
      try {
        if (open != null) {
          open.rewrite(former);
        }
      } catch (IOException e) {
        throw failed("cannot write the backup", StorageException.Outcome.UNKNOWN, e);
      } finally {
        abandonJournal();
        live.set(null);
      }
      return ready();
    });
  }

  /** Ends as a process does that is killed: nothing is written, and the folder is free. */
  @Override
  public void close() {
    turn.lock();
    try {
      isClosed = true;
      abandonJournal();
    } finally {
      lock.close();
      turn.unlock();
    }
  }

  <T> T inTurn(Supplier<T> work) {
    turn.lock();
    try {
      return work.get();
    } finally {
      turn.unlock();
    }
  }
}
