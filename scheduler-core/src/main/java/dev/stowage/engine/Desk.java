package dev.stowage.engine;

import dev.stowage.LeaseAnswer;
import dev.stowage.StowageConfig;
import dev.stowage.StowageException;
import dev.stowage.StowageListener;
import dev.stowage.StowageStats;
import dev.stowage.evidence.EvidenceException;
import dev.stowage.evidence.EvidenceLog;
import dev.stowage.evidence.EvidenceLog.Explained;
import dev.stowage.evidence.Subject;
import dev.stowage.lifecycle.ChunkStatus;
import dev.stowage.lifecycle.Command;
import dev.stowage.lifecycle.CommandKind;
import dev.stowage.lifecycle.Head;
import dev.stowage.lifecycle.LifecycleSnapshot;
import dev.stowage.lifecycle.Result;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.DatasetId;
import dev.stowage.model.Tick;
import dev.stowage.store.ChunkStore;
import dev.stowage.store.Claim;
import dev.stowage.store.FleetView;
import dev.stowage.store.Lease.LeaseRequest;
import dev.stowage.store.StorageException;
import java.util.List;
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
 * order of the log. Readers of assignments do not take it.
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
  private volatile @Nullable Leadership leadership;
  private volatile boolean closed;

  public Desk(Seams seams, LongSupplier commitTicks) {
    this.seams = seams;
    this.store = seams.store();
    this.config = seams.config();
    this.commitTicks = commitTicks;
    this.listener = seams.listener();
  }

  public LeaseAnswer claim(Tick tick) {
    lock.lock();
    try {
      requireOpen();
      follow("claiming anew");
      Claim claim =
          store.claim(new LeaseRequest(config.lease().holder(), config.lease().duration()));
      if (claim instanceof Claim.Held held) {
        return new LeaseAnswer(false, held.lease());
      }
      Claim.Granted granted = (Claim.Granted) claim;
      Leadership begun = new Leadership(seams.heardBy(tally.alsoTo(listener)), granted.session());
      leadership = begun;
      settleLineage(begun, tick);
      listener.leading(granted.session().lease().epoch());
      return new LeaseAnswer(true, granted.session().lease());
    } finally {
      lock.unlock();
    }
  }

  /** Whoever leads has begun the lineage of its lease, or does not lead. */
  private void settleLineage(Leadership begun, Tick tick) {
    try {
      begun.settleLineage(tick);
    } catch (RuntimeException | Error e) {
      followAfter(e, "the lineage of the lease has not begun");
      throw e;
    }
  }

  public boolean isLeading() {
    return leadership != null;
  }

  public void renew() {
    asLeader(leader -> leader.session().renew(config.lease().duration()));
  }

  public void resign() {
    lock.lock();
    try {
      requireOpen();
      Leadership leader = leadership;
      if (leader != null) {
        leader.session().resign();
        follow("resigned");
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

  /** A visibility cycle whose windows begin at the tick of its commit. */
  public Result.Published publish(Tick tick) {
    return asLeader(leader -> leader.publish(commitTicks, tick));
  }

  public Result.Scheduled preview(Tick tick) {
    return asLeader(leader -> leader.preview(new Command.Schedule(), tick));
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
    return asLeader(leader -> leader.trail().log().explain(subject, EngineCatalog.CATALOG));
  }

  public StowageStats stats() {
    return ask(
        leader -> tally.stats(leader.mirror(), leader.session().lease().epoch()),
        () -> tally.stats(null, 0));
  }

  public void close() {
    lock.lock();
    try {
      closed = true;
      follow("closed");
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
          LOG.warn("goes on as a follower, with what was asked too", e);
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
      throw new StowageException(
          StowageException.Reason.NOT_LEADING, "this process does not lead; claim first");
    }
    return leader;
  }

  /** Somebody else leads, as the store said. */
  private void deposed(StorageException.Fenced fenced) {
    tally.fenced();
    followAfter(fenced, String.valueOf(fenced.getMessage()));
  }

  private void followAfter(Throwable failure, String reason) {
    try {
      follow(reason);
    } catch (EvidenceException recorder) {
      failure.addSuppressed(recorder);
    }
  }

  private void follow(String reason) {
    Leadership leader = leadership;
    if (leader != null) {
      leadership = null;
      leader.session().close();
      listener.following(reason);
      leader.trail().log().flush();
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
