package dev.stowage;

import dev.stowage.answer.Avoided;
import dev.stowage.answer.Explanation;
import dev.stowage.columns.Nanos;
import dev.stowage.content.ContentItem;
import dev.stowage.content.ContentQueue;
import dev.stowage.content.ContentQueue.FailureOutcome;
import dev.stowage.content.ContentScheduler;
import dev.stowage.content.ContentStats.ClassStats;
import dev.stowage.content.Decision;
import dev.stowage.content.PriorityClass;
import dev.stowage.engine.Engine;
import dev.stowage.engine.LeaderTerm;
import dev.stowage.engine.PartRecordings.PartRecording;
import dev.stowage.lifecycle.documents.SliceEntry;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.WorkerId;
import dev.stowage.transfers.FollowedTransfers;
import dev.stowage.transfers.Mending;
import dev.stowage.transfers.PeerBook;
import dev.stowage.transfers.TransferTask;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Transfers that turn worker assignments into bytes on disks, for a host whose transport pushes.
 * Belongs to one thread at a time; commands may run on others meanwhile. After each cycle {@link
 * #follow} queues what the new assignment asks and cancels the rest; the transport takes {@link
 * #next} and reports ends. Destination and flow are the worker. A slice goes as Manifest, a copy
 * as:
 *
 * <ul>
 *   <li>Data, fewest copies first and ahead of its worker's others, if readers could lose the
 *       chunk: once possessed, and now below its floor by at most one counted worker or fewer than
 *       half its floor. At equal copies, chunks below the floor go first;
 *   <li>Data, if the floor of a chunk that was never possessed lacks the copy;
 *   <li>Repair, if the floor of another chunk lacks it, the former floor while it is raised;
 *   <li>Prefetch, if the floor is met without it, though it may replace a copy.
 * </ul>
 *
 * <p>{@link #follow} reclassifies waiting copies as copies, holders and floors change, and queues
 * again what was given up, shed, refused or reported lost. Only a worker's own reports say what it
 * holds. Nothing is stored; after a change of leader a new instance reconciles. Sources are ranked
 * by {@link #observed}, zones and load; failing paths are avoided. {@link
 * dev.stowage.content.SelectionPolicy#efficiency} orders a class; a preference for small items
 * precedes urgency, except for chunks at risk.
 */
public final class Transfers {
  /** The smallest id of a transfer, unique in the fleet; a host's own items have smaller ids. */
  public static final long FIRST_ID = LeaderTerm.FIRST_TRANSFER;

  private final Engine engine;
  private final ContentQueue scheduler;
  private final FollowedTransfers followed;
  private final PeerBook peers = new PeerBook();
  private @Nullable PartRecording recorded;
  private Listener listener = new Listener() {};
  private long observedCount;
  private long ignoredCount;

  /** The part to send of a copy that came in part. */
  public enum Mend {
    /** All of it: the received part is not worth keeping. */
    WHOLE,
    /** The missing part. */
    REST
  }

  /** The answer to a copy that came in part: a retry, and the part it sends, or giving up. */
  public record Damaged(FailureOutcome outcome, Mend mend) {}

  /** The end of a transfer from a source. */
  public enum Outcome {
    /** All bytes came and were correct. */
    ARRIVED,
    /** Ended by an error; says nothing of the rate. */
    FAILED,
    /** Ended for being too slow. */
    STALLED,
    /** The received bytes were wrong; says nothing of the rate. */
    DAMAGED
  }

  /** The result of an observation. */
  public enum Observed {
    /** Counted. */
    COUNTED,
    /** Ignored: the source was in no followed fleet or is gone. */
    UNKNOWN_SOURCE,
    /** Ignored: the worker was in no followed fleet or is gone. */
    UNKNOWN_WORKER
  }

  /** The cost of a transfer. */
  @FunctionalInterface
  public interface PathCost {
    /** Returns the expected seconds of a transfer; finite, at least 0, clamped to 1e-9 to 1e9. */
    double seconds(WorkerId worker, long bytes);
  }

  /** Hears of losses as they happen; must call neither transfers nor scheduler. */
  public interface Listener {
    /** Hears that a transfer was given up; {@link #follow} queues it again if still wanted. */
    default void givenUp(GivenUp transfer) {}

    /** Hears that the scheduler shed a host's item, let it expire or forgot it in flight. */
    default void foreignLost(long id) {}
  }

  /** A transfer that was given up; {@code chunk} is empty for the worker's slice. */
  public record GivenUp(long id, WorkerId worker, Optional<SliceEntry> chunk, Why why) {
    /** The cause that ended a transfer. */
    public enum Why {
      /** It failed too often, or had no room to wait for another attempt. */
      FAILED,
      /** The scheduler shed it, or forgot it in flight. */
      LOST,
      /** Its new class is full. */
      NO_ROOM,
      /** This process does not lead. */
      NOT_LEADING
    }
  }

  /** The next thing to send, or the reason why there is none. */
  public sealed interface Next {
    /** Returns the scheduler's decision, with its evidence. */
    Decision decision();

    /** Returns the transfer to send; empty unless this is a {@link Transfer}. */
    default Optional<Transfer> transfer() {
      return Optional.empty();
    }
  }

  /** Something to send, a transfer or an item of the host; it has left the queue. */
  public sealed interface ToSend extends Next {
    /** Returns the id by which the host reports its end. */
    long id();
  }

  /**
   * A transfer to send now.
   *
   * @param id the id by which the host reports its end
   * @param worker the receiver
   * @param chunk the chunk; empty for the worker's slice
   * @param sources the possessing workers, best first; empty if the chunk comes from its origin
   * @param decision the scheduler's decision
   */
  public record Transfer(
      long id,
      WorkerId worker,
      Optional<SliceEntry> chunk,
      List<WorkerId> sources,
      Decision.Selected decision)
      implements ToSend {
    /** Copies {@code sources}. */
    public Transfer {
      sources = List.copyOf(sources);
    }

    @Override
    public Optional<Transfer> transfer() {
      return Optional.of(this);
    }
  }

  /** An item that the host queued, which it sends and reports like a transfer. */
  public record Foreign(Decision.Selected decision) implements ToSend {
    @Override
    public long id() {
      return item().id();
    }

    /** Returns the host's item. */
    public ContentItem item() {
      return decision.item();
    }
  }

  /** Nothing may go now; {@code decision} tells the cause and its end. */
  public record Throttled(Decision.Throttled decision) implements Next {}

  /** Nothing waits. */
  public record Idle(Decision.Idle decision) implements Next {}

  /** Takes the transfers to workers: the host's transport. Called by the thread of the turn. */
  @FunctionalInterface
  public interface Sender {
    /**
     * Begins to send without waiting. The host {@link StowageService#submit}s the end of each item
     * once, else it is never sent again; the scheduler's {@code destination_window} and {@code
     * in_flight_limit} bound how many have no end yet. An exception fails the item, holds back its
     * worker until the next turn, and counts as a failure of the host.
     */
    void send(Transfers.ToSend item);
  }

  /** The number of waiting items of a class, the host's own included, and their bytes. */
  public record Waiting(long items, long bytes) {}

  /**
   * Creates the transfers of the assignments, queued from the first {@link #follow} on. {@code
   * queue} must be empty; the host's items have ids below {@link #FIRST_ID}. Of lanes use one per
   * worker: transfers to a worker without one wait.
   */
  public static Transfers of(Stowage stowage, ContentQueue queue, PathCost cost) {
    Objects.requireNonNull(queue, "queue");
    Objects.requireNonNull(cost, "cost");
    return new Transfers(stowage.openEngine(), queue, cost, stowage.rebalancer());
  }

  /**
   * Follows and sends these transfers in each leading turn; the host uses them only in {@link
   * StowageService#submit} afterwards. Throws {@link IllegalArgumentException} if they are of
   * another facade, {@link IllegalStateException} at a second call.
   */
  public void send(StowageService service, Sender sender) {
    Objects.requireNonNull(service, "service");
    service.deliveries().transfer(this, Objects.requireNonNull(sender, "sender"));
    burst(service.longestBurstNanos());
  }

  /**
   * Returns the waiting items of a class, of the transfers of a service, as of the turn after the
   * last call, or zero. Never waits.
   */
  public static Waiting waiting(StowageService service, PriorityClass each) {
    return service.deliveries().waiting(Objects.requireNonNull(each, "each"));
  }

  Transfers(
      Engine engine, ContentQueue scheduler, PathCost cost, @Nullable Rebalancing rebalancing) {
    this.engine = engine;
    this.scheduler = scheduler;
    if (scheduler.pendingCount() > 0) {
      throw new IllegalArgumentException(
          "the scheduler holds " + scheduler.pendingCount() + " items; it must be empty");
    }
    followed =
        new FollowedTransfers(
            scheduler, peers, rebalancing == null ? null : rebalancing::avoid, hostOf(cost));
    recorded =
        scheduler.isRecording()
            ? null
            : engine.parts().begin(scheduler::header, scheduler.isUnused()).orElse(null);
    if (recorded != null) {
      scheduler.record(recorded.log());
    }
  }

  private FollowedTransfers.Host hostOf(PathCost cost) {
    return new FollowedTransfers.Host() {
      @Override
      public double seconds(WorkerId worker, long bytes) {
        return cost.seconds(worker, bytes);
      }

      @Override
      public boolean hasRoom() {
        return isRoomToRecord();
      }

      @Override
      public void givenUp(TransferTask task, FollowedTransfers.Why why) {
        GivenUp.Why cause = GivenUp.Why.valueOf(why.name());
        listener.givenUp(new GivenUp(task.id(), task.worker(), task.chunk(), cause));
      }

      @Override
      public void foreignLost(long id) {
        listener.foreignLost(id);
      }
    };
  }

  /**
   * Hands what was decided to the next commit; between two calls only. If records were lost, the
   * scheduler begins anew as another part as soon as it is idle, so that replays repeat it again.
   */
  void handOver() {
    PartRecording before = recorded;
    if (before == null) {
      return;
    }
    before.log().flush();
    if (before.isToBeginAnew() && scheduler.isIdle()) {
      recorded = engine.parts().begin(scheduler::header, true).orElseThrow();
      engine.parts().end(before);
      scheduler.beginAnew(recorded.log());
    }
  }

  Map<PriorityClass, ClassStats> classes() {
    return scheduler.stats().byClass();
  }

  @SuppressWarnings("ReferenceEquality")
  boolean belongTo(Engine other) {
    return engine == other;
  }

  /** Replaces the listener, takes the scheduler's {@link ContentScheduler#onLoss}, returns this. */
  public Transfers listen(Listener listener) {
    engine.requireOpen();
    this.listener = Objects.requireNonNull(listener, "listener");
    return this;
  }

  /** Returns the number of transfers given up so far. */
  public long givenUpCount() {
    engine.requireOpen();
    return followed.givenUpCount();
  }

  /** Returns the number of transfers that wait for {@link #follow}: given up, or refused. */
  public int owedCount() {
    engine.requireOpen();
    return followed.owedCount();
  }

  /** Leaves slices to another carrier and returns this. Call it first: waiting slices still go. */
  public Transfers copiesOnly() {
    engine.requireOpen();
    followed.leaveOutSlices();
    return this;
  }

  /**
   * Queues what the newest assignment adds, what was given up or reported lost, cancels what it
   * dropped, reclassifies, and returns the number queued. Costs in proportion to the change: each
   * chunk of a worker that starts or stops counting, each waiting copy after a new configuration,
   * everything after a change of leader. Leader only, else {@link StowageException}.
   *
   * <p>Plans use the last findings: nothing new goes to an {@link Avoided#isUnreachable
   * unreachable} worker, unless half of the workers are, and waiting failed copies reduce the
   * movement budget by their bytes.
   */
  public int follow(long nowNanos) {
    int queued = 0;
    int more;
    do {
      handOver();
      more =
          engine.ask(leader -> {
            leader.writeParts();
            return followed.follow(leader, nowNanos);
          });
      queued += more;
    } while (more > 0 && !isRoomToRecord());
    handOver();
    return queued;
  }

  private boolean isRoomToRecord() {
    return recorded == null || engine.parts().haveRoom();
  }

  /**
   * Queues all that is assigned and not reported, whatever was followed before, and returns the
   * number queued. Costs in proportion to all replicas. Leader only, else {@link StowageException}.
   */
  public int reconcile(long nowNanos) {
    followed.forgetFollowed();
    return follow(nowNanos);
  }

  /**
   * Returns the next thing to send, or why there is none. A follower gives up waiting transfers.
   */
  public Next next(long nowNanos) {
    engine.requireOpen();
    Decision decision = scheduler.decide(nowNanos);
    if (decision instanceof Decision.Throttled throttled) {
      handOver();
      return new Throttled(throttled);
    }
    if (!(decision instanceof Decision.Selected selected)) {
      handOver();
      return new Idle((Decision.Idle) decision);
    }
    TransferTask task = followed.task(selected.item().id());
    if (task == null) {
      return new Foreign(selected);
    }
    Optional<Transfer> transfer = transfer(task, selected, nowNanos);
    return transfer.isPresent() ? transfer.get() : next(nowNanos);
  }

  /**
   * Takes in how many transfers a worker can run at once, at least 1, unless the worker is unknown.
   * Twice as many may be on the way to it, so that each that ends is followed at once; at least the
   * scheduler's {@code destination_window}, and at most 1,024.
   */
  public void room(WorkerId worker, int transfers) {
    Objects.requireNonNull(worker, "worker");
    engine.requireOpen();
    if (transfers < 1) {
      throw new IllegalArgumentException("transfers is " + transfers + "; at least 1 is accepted");
    }
    followed.room(worker, transfers);
  }

  /**
   * Hears that a worker could run more transfers than it was given. If some wait for it, up to four
   * times as many as before may be on the way, 1,024 at most, and half as many after 16 {@link
   * #follow}s in which it did not idle: turns may be slower than the worker.
   */
  public void idles(WorkerId worker) {
    Objects.requireNonNull(worker, "worker");
    engine.requireOpen();
    followed.idles(worker);
  }

  /** Lets a worker take at once what its described downlink carries in this time. */
  void burst(long nanos) {
    followed.pace((double) nanos / Nanos.PER_SECOND);
  }

  /** Holds everything back from the worker of an item, until {@link #release}. */
  void hold(ToSend item) {
    if (item instanceof Transfer transfer) {
      followed.hold(transfer.worker());
    }
  }

  /** Releases the held workers. */
  void release() {
    followed.release();
  }

  private Optional<Transfer> transfer(
      TransferTask task, Decision.Selected selected, long nowNanos) {
    Optional<List<WorkerId>> sources = sources(task, nowNanos);
    if (sources.isEmpty()) {
      followed.takeBack(task);
      followed.takeBackWaiting();
    }
    return sources.map(it -> new Transfer(task.id(), task.worker(), task.chunk(), it, selected));
  }

  /**
   * Explains why a worker lacks a chunk that it is to hold: what its transfer waits for, in which
   * class, behind how many, and whether a worker can send it. No reason if it does not lack it.
   * Leader only, else {@link StowageException}.
   */
  public Explanation whyLacking(ChunkKey chunk, WorkerId worker) {
    Objects.requireNonNull(chunk, "chunk");
    Objects.requireNonNull(worker, "worker");
    return engine.ask(leader ->
        new Explanation(
            "Why does " + worker + " lack " + chunk + "?",
            followed.whyLacking(leader.mirror(), chunk, worker)));
  }

  /** Reports whether a transfer was queued and has neither ended nor been taken back. */
  public boolean isUnderWay(long id) {
    engine.requireOpen();
    return followed.task(id) != null;
  }

  /** Ends an arrived transfer and reports whether it was in flight. */
  public boolean arrived(long id) {
    engine.requireOpen();
    boolean known = scheduler.complete(id);
    followed.arrived(id);
    return known;
  }

  /**
   * Ends a failed attempt: the transfer waits for a retry, or is given up until {@link #follow}.
   */
  public FailureOutcome failed(long id, String reason, long nowNanos) {
    Objects.requireNonNull(reason, "reason");
    engine.requireOpen();
    FailureOutcome outcome = scheduler.fail(id, reason, nowNanos);
    followed.failed(id);
    return outcome;
  }

  /**
   * Ends an attempt whose copy came in part or damaged, as {@link #failed} does. Its {@code
   * goodBytes} are kept if that is worth it, which a retry or a copy queued anew then saves. Throws
   * {@link IllegalArgumentException} unless they are 0, or positive and below the size of a copy.
   */
  public Damaged damaged(long id, long goodBytes, String reason, long nowNanos) {
    Objects.requireNonNull(reason, "reason");
    engine.requireOpen();
    TransferTask task = followed.task(id);
    long size = task == null || task.entry() == null ? 0 : task.entry().sizeBytes();
    if (goodBytes < 0 || goodBytes > Math.max(0, size - 1)) {
      throw new IllegalArgumentException(
          "goodBytes is " + goodBytes + "; 0 to " + Math.max(0, size - 1) + " is accepted");
    }
    FailureOutcome outcome = failed(id, reason, nowNanos);
    if (task == null || outcome instanceof FailureOutcome.Unknown) {
      return new Damaged(outcome, Mend.WHOLE);
    }
    boolean keeps =
        goodBytes > 0
            && Mending.isWorthwhile(task.seconds(), size, goodBytes, scheduler.pressure().latest());
    followed.keepPart(task, keeps ? goodBytes : 0);
    return new Damaged(outcome, keeps ? Mend.REST : Mend.WHOLE);
  }

  /** Returns the bytes of a copy in flight that the worker has already; 0 for any other id. */
  public long goodBytes(long id) {
    engine.requireOpen();
    TransferTask task = followed.task(id);
    return task == null ? 0 : followed.goodBytes(task);
  }

  /**
   * Takes in the result of a transfer between workers, for ranking sources and estimating times;
   * ends no transfer. Arrivals of at most 64 KiB measure latency, larger or stalled ones rate;
   * other ends count against the path.
   *
   * @param bytes the number of bytes received; at least 0
   * @param nanos the duration; at least 0, and above 0 for an arrival
   * @throws IllegalArgumentException if a figure is out of range, or the source is the worker
   */
  public Observed observed(
      WorkerId source, WorkerId worker, long bytes, long nanos, Outcome outcome, long nowNanos) {
    Objects.requireNonNull(source, "source");
    requireObservation(worker, bytes, nanos, outcome);
    if (source.equals(worker)) {
      throw new IllegalArgumentException(
          "source and worker are both " + worker + "; two workers are accepted");
    }
    if (!followed.isKnown(source)) {
      ignoredCount++;
      return Observed.UNKNOWN_SOURCE;
    }
    return observe(source, worker, bytes, nanos, outcome, nowNanos);
  }

  /** Takes in a transfer from an origin as {@link #observed} does; all origins are one source. */
  public Observed observedFromOrigin(
      WorkerId worker, long bytes, long nanos, Outcome outcome, long nowNanos) {
    requireObservation(worker, bytes, nanos, outcome);
    return observe(null, worker, bytes, nanos, outcome, nowNanos);
  }

  private void requireObservation(WorkerId worker, long bytes, long nanos, Outcome outcome) {
    Objects.requireNonNull(worker, "worker");
    Objects.requireNonNull(outcome, "outcome");
    engine.requireOpen();
    if (bytes < 0) {
      throw new IllegalArgumentException("bytes is " + bytes + "; at least 0 is accepted");
    }
    int least = outcome == Outcome.ARRIVED ? 1 : 0;
    if (nanos < least) {
      throw new IllegalArgumentException(
          "nanos is " + nanos + "; at least " + least + " is accepted for " + outcome);
    }
  }

  private Observed observe(
      @Nullable WorkerId source,
      WorkerId worker,
      long bytes,
      long nanos,
      Outcome outcome,
      long nowNanos) {
    if (!followed.isKnown(worker)) {
      ignoredCount++;
      return Observed.UNKNOWN_WORKER;
    }
    PeerBook.End end =
        switch (outcome) {
          case ARRIVED -> PeerBook.End.ARRIVED;
          case STALLED -> PeerBook.End.STALLED;
          case FAILED, DAMAGED -> PeerBook.End.FAILED;
        };
    peers.observe(source, worker, bytes, nanos, end, nowNanos);
    observedCount++;
    return Observed.COUNTED;
  }

  /** Returns the number of observations counted so far. */
  public long observedCount() {
    engine.requireOpen();
    return observedCount;
  }

  /** Returns the number of observations ignored for an unknown source or worker. */
  public long ignoredCount() {
    engine.requireOpen();
    return ignoredCount;
  }

  /** Corrects the source of a transfer and reports whether it is in flight from a worker. */
  public boolean sentBy(long id, WorkerId source) {
    Objects.requireNonNull(source, "source");
    engine.requireOpen();
    return followed.sentBy(id, source);
  }

  /** Returns the unreachable workers, by id, then the avoided paths, by worker and source. */
  public List<Avoided> avoided(long nowNanos) {
    engine.requireOpen();
    List<Avoided> all = peers.unreachable(nowNanos);
    all.addAll(peers.avoidedPaths(nowNanos));
    return List.copyOf(all);
  }

  private Optional<List<WorkerId>> sources(TransferTask task, long nowNanos) {
    try {
      return engine.ask(
          leader -> Optional.of(followed.sources(leader.mirror(), task, nowNanos)),
          Optional::empty);
    } catch (RuntimeException e) {
      followed.takeBack(task);
      throw e;
    }
  }
}
