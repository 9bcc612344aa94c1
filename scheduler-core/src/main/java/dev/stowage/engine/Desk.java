package dev.stowage.engine;

import dev.stowage.LeaseAnswer;
import dev.stowage.StageTimes;
import dev.stowage.StowageConfig;
import dev.stowage.StowageException;
import dev.stowage.StowageListener;
import dev.stowage.StowageStats;
import dev.stowage.engine.flight.Stopwatch;
import dev.stowage.evidence.EvidenceLog;
import dev.stowage.evidence.EvidenceLog.Explained;
import dev.stowage.evidence.Subject;
import dev.stowage.lifecycle.ChunkStatus;
import dev.stowage.lifecycle.Command;
import dev.stowage.lifecycle.CommandKind;
import dev.stowage.lifecycle.Head;
import dev.stowage.lifecycle.Leaving;
import dev.stowage.lifecycle.LifecycleSnapshot;
import dev.stowage.lifecycle.Result;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.DatasetId;
import dev.stowage.model.Tick;
import dev.stowage.model.WorkerId;
import dev.stowage.model.WorkerStatus;
import dev.stowage.pressure.EnvelopeAdmission;
import dev.stowage.pressure.PressureSnapshot;
import dev.stowage.store.ChunkStore;
import dev.stowage.store.Claim;
import dev.stowage.store.FleetView;
import dev.stowage.store.Lease.LeaseRequest;
import dev.stowage.store.QuarantinedNews;
import dev.stowage.store.StorageException;
import dev.stowage.store.StoreSession;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts the commands of all threads into one order, and sends each to where it is decided: the
 * mirror while this process leads, the store's inbox while it does not.
 *
 * <p>One lock guards everything; it is held through the commit, so the order of execution is the
 * order of the log. Readers of assignments do not take it, and neither do renewals of the lease: a
 * load, a plan or a commit may hold it for longer than a lease lasts.
 */
public final class Desk {
  private static final Logger LOG = LoggerFactory.getLogger(Desk.class);

  private final ReentrantLock lock = new ReentrantLock();
  private final ChunkStore store;
  private final StowageConfig config;
  private final Seams seams;
  private final LongSupplier commitTicks;
  private final StowageListener listener;
  private final StowageCounters tally = new StowageCounters();
  private final EngineWatch watch;
  private volatile @Nullable Leadership leadership;

  /** The session that renewals go to: there before the state was loaded. */
  private volatile @Nullable StoreSession held;

  private volatile long leasedAtNanos;
  private volatile boolean closed;

  public Desk(Seams seams, LongSupplier commitTicks) {
    this.seams = seams;
    this.store = seams.store();
    this.config = seams.config();
    this.commitTicks = commitTicks;
    this.listener = tally.alsoTo(seams.listener());
    this.watch = new EngineWatch(new EventLog(seams.events()));
  }

  public LeaseAnswer claim(Tick tick) {
    lock.lock();
    try {
      requireOpen();
      follow("it claims anew");
      long askedAtNanos = Stopwatch.nanos();
      Claim claim =
          store.claim(new LeaseRequest(config.lease().holder(), config.lease().duration()));
      if (claim instanceof Claim.Held held) {
        return new LeaseAnswer(false, held.lease());
      }
      leasedAtNanos = askedAtNanos;
      StoreSession session = ((Claim.Granted) claim).session();
      begin(session, tick);
      watch.log().leading(config.lease().holder(), session.lease().epoch());
      listener.leading(session.lease().epoch());
      return new LeaseAnswer(true, session.lease());
    } finally {
      lock.unlock();
    }
  }

  /** Loads, while the lease may be renewed already. Who cannot load does not lead. */
  private void begin(StoreSession session, Tick tick) {
    held = session;
    boolean isDone = false;
    try {
      Leadership begun = new Leadership(seams.heardBy(listener), watch, session);
      leadership = begun;
      begun.settleLineage(tick);
      isDone = true;
    } finally {
      if (!isDone) {
        leadership = null;
        held = null;
        session.close();
      }
    }
  }

  public boolean isLeading() {
    return leadership != null;
  }

  /** How long a claim or a renewal lasts. */
  public Duration leaseDuration() {
    return config.lease().duration();
  }

  /**
   * Extends the lease, past whatever is under way.
   *
   * @throws StowageException if there is none to extend
   */
  public void renew() {
    if (!renewIfHeld()) {
      requireOpen();
      throw notLeading();
    }
  }

  /** Extends the lease if there is one, while the state is still loaded too; whether there is. */
  public boolean renewIfHeld() {
    StoreSession session = held;
    if (session == null) {
      return false;
    }
    try {
      long askedAtNanos = Stopwatch.nanos();
      session.renew(config.lease().duration());
      leasedAtNanos = askedAtNanos;
      return true;
    } catch (StorageException.Fenced e) {
      return given(session, e);
    }
  }

  /** A session that was given up meanwhile says that it is over; any other one was deposed. */
  @SuppressWarnings("ReferenceEquality")
  private boolean given(StoreSession session, StorageException.Fenced fenced) {
    if (session != held) {
      return false;
    }
    // Whoever is at work, and has the lock, learns it from the store.
    if (lock.tryLock()) {
      try {
        if (session == held) {
          deposed(fenced);
        }
      } finally {
        lock.unlock();
      }
    }
    throw fenced;
  }

  public void resign() {
    lock.lock();
    try {
      requireOpen();
      Leadership leader = leadership;
      if (leader != null) {
        leader.session().resign();
        follow("it gave the lease back");
      }
    } catch (StorageException.Fenced e) {
      // what was to be given back is another's already
      deposed(e);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Decides a command where it is decided now. One that the leader alone may give is fenced with
   * its leader; any other goes to the inbox then: it was certainly not committed.
   */
  public <R extends Result> R execute(Command<R> command, Tick tick) {
    CommandKind<?, R> kind = command.kind();
    return kind.isLeadersOwn()
        ? asLeader(leader -> leader.execute(command, tick))
        : ask(
            leader -> leader.execute(command, tick),
            () -> kind.answer(store.inbox().submit(command, tick)));
  }

  /** Sets a worker's status; of one that is to leave it says at once what it holds. */
  public Leaving.StatusSet setStatus(Command.SetStatus command, Tick tick) {
    lock.lock();
    try {
      Result.Answer answer = execute(command, tick);
      boolean leaves = answer.isAccepted() && command.status() == WorkerStatus.LEAVING;
      return new Leaving.StatusSet(
          answer.code(),
          answer.reasons(),
          leaves ? leavingNow(command.worker(), tick) : Optional.empty());
    } finally {
      lock.unlock();
    }
  }

  /** The status is durable: what fails from here on is told as a failure of its own. */
  private Optional<Leaving> leavingNow(WorkerId worker, Tick tick) {
    try {
      return leaving(worker, tick);
    } catch (StorageException e) {
      listener.failed(e);
      return Optional.empty();
    }
  }

  public Optional<Leaving> leaving(WorkerId worker, Tick tick) {
    return ask(leader -> leader.foresight().leaving(worker, tick), () -> store.leaving(worker));
  }

  /** A visibility cycle whose windows begin at the tick of its commit. */
  public Result.Published publish(Tick tick) {
    return asLeader(leader -> leader.publish(commitTicks, tick));
  }

  /** Takes in a sample that was measured at a tick, not after now. */
  public Result.Answer observe(PressureSnapshot sample, Tick measured, Tick now) {
    return asLeader(leader -> {
      Result.Answer answer = Observations.take(leader, sample, measured, now);
      if (answer.isAccepted()) {
        tally.sampled(sample);
      }
      return answer;
    });
  }

  /** Counts and tells what a governor made of chunks that it did not simply let in. */
  public void heldUp(EnvelopeAdmission.Answer answer, int chunks) {
    lock.lock();
    try {
      listener.admission(answer, chunks);
    } finally {
      lock.unlock();
    }
  }

  public Result.Scheduled preview(Tick tick) {
    return asLeader(leader -> leader.foresight().previewCycle(tick));
  }

  public FleetView view() {
    requireOpen();
    Leadership leader = leadership;
    return leader == null ? store.view() : leader.view();
  }

  public List<ChunkStatus> status(List<ChunkKey> chunks) {
    return ask(
        leader -> chunks.stream().map(leader.mirror()::status).toList(),
        () -> store.status(chunks));
  }

  public Head head(DatasetId dataset) {
    return ask(leader -> leader.mirror().head(dataset), () -> store.head(dataset));
  }

  public LifecycleSnapshot snapshot() {
    return asLeader(leader -> leader.mirror().snapshot());
  }

  public EvidenceLog evidence() {
    return asLeader(leader -> leader.trail().log());
  }

  /** Answers a question about the mirror; {@code asked} must not change it. */
  public <T> T ask(Function<Leadership, T> asked) {
    return asLeader(asked);
  }

  public List<Explained> explain(Subject subject) {
    return asLeader(leader -> leader.trail().log().explain(subject, EngineRecords.ALL.catalog()));
  }

  /** What leaders have set aside, as the store keeps it. */
  public List<QuarantinedNews> quarantine(long afterMark, int most) {
    requireOpen();
    return store.quarantine(afterMark, most);
  }

  public StowageStats stats() {
    return ask(
        leader ->
            tally.stats(
                leader.mirror(),
                leader.session().lease().epoch(),
                leader.time().slow().behindTicks()),
        () -> tally.stats(null, 0, 0));
  }

  /** Returns how long ago the lease was claimed or renewed last; -1 without one. */
  public long leaseAgeNanos() {
    return held == null ? -1 : Math.max(0, Stopwatch.nanos() - leasedAtNanos);
  }

  /** The last scheduling cycle that was not refused. */
  public Optional<Result.Scheduled> lastCycle() {
    lock.lock();
    try {
      return leadership == null ? Optional.empty() : watch.lastCycle();
    } finally {
      lock.unlock();
    }
  }

  /** Returns how long each stage of the work took so far. */
  public List<StageTimes> times() {
    lock.lock();
    try {
      return watch.times();
    } finally {
      lock.unlock();
    }
  }

  /** What is not well with this facade, though it goes on. Harmless after {@link #close}. */
  public Standing standing() {
    lock.lock();
    try {
      Leadership leader = leadership;
      long setAside = tally.setAside();
      Optional<QuarantinedNews> last = Optional.ofNullable(tally.lastSetAside());
      return leader == null
          ? new Standing(Optional.empty(), Optional.empty(), 0, setAside, last, 0)
          : new Standing(
              leader.time().slow().inWords(),
              leader.trail().refusal(),
              leader.trail().log().stats().waitingRecords(),
              setAside,
              last,
              leader.time().patienceNanos());
    } finally {
      lock.unlock();
    }
  }

  /** What the recorder or the listener threw last, after something was durable. */
  public Optional<Throwable> lastHostFailure() {
    lock.lock();
    try {
      return Optional.ofNullable(tally.lastHostFailure());
    } finally {
      lock.unlock();
    }
  }

  /** Counts and tells what host code threw outside of commands. */
  public void hostFailed(Throwable failure) {
    lock.lock();
    try {
      listener.failed(failure);
    } finally {
      lock.unlock();
    }
  }

  public void close() {
    lock.lock();
    try {
      closed = true;
      follow("it was closed; the lease runs on until it expires");
    } finally {
      lock.unlock();
    }
  }

  private <T> T asLeader(Function<Leadership, T> work) {
    lock.lock();
    try {
      requireOpen();
      return trusting(leader(), work);
    } catch (StorageException.Fenced e) {
      deposed(e);
      throw e;
    } finally {
      lock.unlock();
    }
  }

  /**
   * What the mirror answers while this process leads, and who else knows as soon as it does not.
   */
  public <T> T ask(Function<Leadership, T> mirrored, Supplier<T> otherwise) {
    lock.lock();
    try {
      requireOpen();
      Leadership leader = leadership;
      if (leader != null) {
        try {
          return trusting(leader, mirrored);
        } catch (StorageException.Fenced e) {
          deposed(e);
          LOG.warn("goes on as a follower, with what was asked too: {}", e.getMessage());
        }
      }
      return otherwise.get();
    } finally {
      lock.unlock();
    }
  }

  /** An error may have come anywhere: the mirror that was at work is not trusted after it. */
  private static <T> T trusting(Leadership leader, Function<Leadership, T> work) {
    try {
      return work.apply(leader);
    } catch (Error e) {
      leader.distrust();
      throw e;
    }
  }

  private Leadership leader() {
    Leadership leader = leadership;
    if (leader == null) {
      throw notLeading();
    }
    return leader;
  }

  private StowageException notLeading() {
    return new StowageException(
        StowageException.Reason.NOT_LEADING, "this process does not lead" + whoDoes());
  }

  private String whoDoes() {
    try {
      return store
          .lease()
          .map(it -> "; " + it.inWords() + ": call the process of that name")
          .orElse("; nobody holds the lease, so claim it first");
    } catch (StorageException e) {
      return "; the store does not say who does: " + e.getMessage();
    }
  }

  /** Somebody else leads, as the store said. */
  private void deposed(StorageException.Fenced fenced) {
    tally.fenced();
    watch.log().fenced(String.valueOf(fenced.getMessage()));
    follow(String.valueOf(fenced.getMessage()));
  }

  private void follow(String reason) {
    Leadership leader = leadership;
    if (leader != null) {
      leadership = null;
      held = null;
      leader.session().close();
      watch.log().following(reason);
      listener.following(reason);
      leader.trail().hand(listener::failed);
    }
  }

  public boolean isClosed() {
    return closed;
  }

  /**
   * That the facade was not closed.
   *
   * @throws StowageException if it was
   */
  public void requireOpen() {
    if (closed) {
      throw new StowageException(StowageException.Reason.CLOSED, "the facade was closed");
    }
  }
}
