package dev.stowage;

import dev.stowage.content.ContentItem;
import dev.stowage.content.ContentScheduler;
import dev.stowage.content.ContentStats.ClassStats;
import dev.stowage.content.Decision;
import dev.stowage.content.FailureOutcome;
import dev.stowage.content.PriorityClass;
import dev.stowage.content.RepairConfig;
import dev.stowage.engine.CopyRepair;
import dev.stowage.engine.Desk;
import dev.stowage.engine.SourceRanking;
import dev.stowage.engine.TransferTask;
import dev.stowage.lifecycle.documents.SliceEntry;
import dev.stowage.model.ChunkNumber;
import dev.stowage.model.WorkerId;
import dev.stowage.pressure.Nanos;
import dev.stowage.pressure.PressureSnapshot;
import dev.stowage.transfer.PeerBook;
import dev.stowage.transfer.RepairPolicy;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The transfers that turn worker assignments into bytes on disks, for a host whose transport
 * pushes.
 *
 * <p>After each cycle {@link #follow} queues what the new assignment asks of each worker and
 * cancels what it no longer asks; the transport takes {@link #next} and says what became of it. The
 * destination and the flow are the worker, so that workers share and each can be paced.
 *
 * <p>The slice itself goes as Manifest. The class of a copy follows what is at stake for its chunk:
 *
 * <ul>
 *   <li>Data, ahead of every other copy for the same worker and fewest copies first, if readers
 *       could lose the chunk: it was possessed once, and is possessed below its floor by at most
 *       one counted worker or by fewer than half its floor. Of chunks with equally many copies,
 *       those that the floor lacks precede those above it;
 *   <li>Data, if the floor of a chunk that nobody possessed yet lacks the copy;
 *   <li>Repair, if the floor of another chunk lacks it;
 *   <li>Prefetch, if the floor is met without it, though it may replace a copy.
 * </ul>
 *
 * <p>{@link #follow} gives a copy that waits another class when another copy arrives or is lost, a
 * holder departs or falls silent, or a floor changes. What was given up or shed, had no room in the
 * queue, or is reported as lost by a worker is queued again by the next {@link #follow}; {@link
 * Listener} and {@link #givenUpCount} tell what was given up. What a worker holds is known from its
 * own reports alone: an arrival that is told here ends a transfer, no more. Nothing here is stored;
 * after a change of leader, a fresh one reconciles. Belongs to one thread at a time; commands may
 * go on in others.
 *
 * <p>The sources of a copy are ranked by what the host tells {@link #observed} of transfers, by the
 * zones of the workers and by what each sends. A path that fails repeatedly is avoided for a while
 * ({@link AvoidPolicy}), and plans are told of a worker that nothing reaches.
 *
 * <p>The order within a class is that of {@link dev.stowage.content.SelectionPolicy#efficiency}; a
 * policy that prefers small items in a band puts size before urgency there, but for copies of
 * chunks that readers could lose.
 */
public final class Transfers {
  /**
   * The smallest id of a transfer: a host's own items in the same scheduler have smaller ones. No
   * two transfers of a fleet have one id, whichever process leads it.
   */
  public static final long FIRST_ID = 1L << 62;

  private final Desk desk;
  private final TransferOutbox scheduler;
  private final FollowedTransfers followed;
  private final PeerBook peers = AvoidPolicy.DEFAULT.book();
  private RepairPolicy repair = new RepairPolicy();
  private long observedCount;
  private long ignoredCount;

  /**
   * When a path from a source to a worker is avoided, that is, ranked behind every other.
   *
   * @param failures how many of its transfers in a row fail before it is; at least 1
   * @param first for how long at first; above zero. Each failure after that time doubles it
   * @param longest for how long at most; at least {@code first}, at most 292 years
   */
  public record AvoidPolicy(int failures, Duration first, Duration longest) {
    /** After three failures, for half a minute at first and for ten minutes at most. */
    public static final AvoidPolicy DEFAULT =
        new AvoidPolicy(3, Duration.ofSeconds(30), Duration.ofMinutes(10));

    /** Refuses nulls, and what is out of range with {@link IllegalArgumentException}. */
    public AvoidPolicy {
      if (failures < 1) {
        throw new IllegalArgumentException("failures is " + failures + "; at least 1 is accepted");
      }
      long firstNanos = Nanos.of(first, "first");
      if (firstNanos == 0 || Nanos.of(longest, "longest") < firstNanos) {
        throw new IllegalArgumentException(
            "first is "
                + first
                + ", longest "
                + longest
                + "; above zero, and at least first, are accepted");
      }
    }

    PeerBook book() {
      return new PeerBook(failures, first.toNanos(), longest.toNanos());
    }
  }

  /** Says what is avoided, why, and until when. */
  public sealed interface Avoided {
    /** Returns the receiver. */
    WorkerId worker();

    /** Returns how many transfers failed in a row. */
    int failures();

    /** Returns the first time at which it is avoided no longer, on the host's clock. */
    long untilNanos();
  }

  /**
   * A path that is ranked behind every other.
   *
   * @param source who sent; empty for the origin of chunks
   * @param worker the receiver
   * @param failures how many of its transfers failed in a row
   * @param untilNanos the first time at which it is avoided no longer
   */
  public record AvoidedPath(
      Optional<WorkerId> source, WorkerId worker, int failures, long untilNanos)
      implements Avoided {
    /** Refuses nulls. */
    public AvoidedPath {
      Objects.requireNonNull(source, "source");
      Objects.requireNonNull(worker, "worker");
    }
  }

  /**
   * A worker that nothing reaches: at least two paths to it are avoided, and nothing has arrived
   * since. With one path alone it is the source that may be the cause.
   *
   * @param worker the receiver
   * @param failures how many transfers to it failed in a row, whatever their source
   * @param untilNanos the first time at which fewer than two paths are avoided
   */
  public record UnreachableWorker(WorkerId worker, int failures, long untilNanos)
      implements Avoided {
    /** Refuses null. */
    public UnreachableWorker {
      Objects.requireNonNull(worker, "worker");
    }
  }

  /** Names what is sent of a copy that came in part. */
  public enum Mend {
    /** All of it: what came is not worth keeping. */
    WHOLE,
    /** What is missing. */
    REST,
    /**
     * What is missing, best in parts from several sources: the path is bad and much is at stake.
     */
    REST_FROM_SEVERAL
  }

  /**
   * The answer to a copy that came in part.
   *
   * @param outcome whether it goes again or was given up
   * @param mend what is sent when it goes again
   */
  public record Damaged(FailureOutcome outcome, Mend mend) {
    /** Refuses nulls. */
    public Damaged {
      Objects.requireNonNull(outcome, "outcome");
      Objects.requireNonNull(mend, "mend");
    }
  }

  /** Names how a transfer from a source ended. */
  public enum Outcome {
    /** All bytes came, and were what they should be. */
    ARRIVED,
    /** It ended by an error; says nothing of the rate. */
    FAILED,
    /** It was too slow, and was ended because of that. */
    STALLED,
    /** The bytes that came were not what they should be; says nothing of the rate. */
    DAMAGED
  }

  /** Names what became of an observation. */
  public enum Observed {
    /** It counts from now on. */
    COUNTED,
    /** The source was in no fleet that was followed, or is gone; nothing was taken in. */
    UNKNOWN_SOURCE,
    /** The worker was in no fleet that was followed, or is gone; nothing was taken in. */
    UNKNOWN_WORKER
  }

  /** What a transfer takes. */
  @FunctionalInterface
  public interface PathCost {
    /**
     * Returns the seconds that sending is expected to take; finite and at least 0. Less than a
     * nanosecond counts as one, and more than 10^9 seconds as 10^9.
     *
     * @param worker where it goes
     * @param bytes how much
     */
    double seconds(WorkerId worker, long bytes);
  }

  /** Is told what was lost, while it happens; must call neither transfers nor scheduler. */
  public interface Listener {
    /** A transfer was given up; the next {@link #follow} queues it again if it is wanted still. */
    default void givenUp(GivenUp transfer) {}

    /** The scheduler shed an item of the host, let it expire, or forgot it in flight. */
    default void foreignLost(long id) {}
  }

  /**
   * A transfer that was given up.
   *
   * @param id by which it was to be answered for
   * @param worker where it was to go
   * @param chunk what was to go; empty for the worker's slice
   * @param why what ended it
   */
  public record GivenUp(long id, WorkerId worker, Optional<SliceEntry> chunk, Why why) {
    /** Names what ended a transfer. */
    public enum Why {
      /** It failed too often, or had no room to wait for another attempt. */
      FAILED,
      /** The scheduler shed it, or forgot it in flight. */
      LOST,
      /** It has another urgency now, and its new class is full. */
      NO_ROOM,
      /** This process does not lead. */
      NOT_LEADING
    }

    /** Refuses nulls. */
    public GivenUp {
      Objects.requireNonNull(worker, "worker");
      Objects.requireNonNull(chunk, "chunk");
      Objects.requireNonNull(why, "why");
    }
  }

  /** Says what goes next, or why nothing does. */
  public sealed interface Next {
    /** Returns the scheduler's decision, with its evidence. */
    Decision decision();

    /** Returns what to send; empty unless this is a {@link Transfer}. */
    default Optional<Transfer> transfer() {
      return Optional.empty();
    }
  }

  /** Says what goes next: a transfer, or an item of the host. Has left the queue. */
  public sealed interface ToSend extends Next {
    /** Returns the id by which it is answered for. */
    long id();
  }

  /**
   * Something to send now.
   *
   * @param id by which it is answered for
   * @param worker where it goes
   * @param chunk what goes; empty for the worker's slice
   * @param sources who possesses the chunk, the best source for the worker first; empty while
   *     nobody does: it comes from its origin
   * @param decision why it goes now
   */
  public record Transfer(
      long id,
      WorkerId worker,
      Optional<SliceEntry> chunk,
      List<WorkerId> sources,
      Decision.Selected decision)
      implements ToSend {
    /** Copies the list. */
    public Transfer {
      Objects.requireNonNull(worker, "worker");
      Objects.requireNonNull(chunk, "chunk");
      sources = List.copyOf(sources);
      Objects.requireNonNull(decision, "decision");
    }

    @Override
    public Optional<Transfer> transfer() {
      return Optional.of(this);
    }
  }

  /**
   * An item that the host queued itself: the host sends it. {@link #arrived} and {@link #failed}
   * take its id, as the methods of the scheduler do.
   *
   * @param decision why it goes now
   */
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

  /**
   * Nothing may go now.
   *
   * @param decision what holds it back, and until when
   */
  public record Throttled(Decision.Throttled decision) implements Next {}

  /**
   * Nothing waits.
   *
   * @param decision the scheduler's
   */
  public record Idle(Decision.Idle decision) implements Next {}

  Transfers(Desk desk, TransferOutbox scheduler, PathCost cost, @Nullable Rebalancing rebalancing) {
    this.desk = desk;
    this.scheduler = scheduler;
    if (scheduler.pendingCount() > 0) {
      throw new IllegalArgumentException(
          "the scheduler holds " + scheduler.pendingCount() + " items; it must be empty");
    }
    followed = new FollowedTransfers(scheduler, cost, peers, rebalancing);
  }

  /** Returns what waits of each class, items of the host included. */
  Map<PriorityClass, ClassStats> classes() {
    return scheduler.classes();
  }

  /** Reports whether these transfers follow what a facade assigns. */
  @SuppressWarnings("ReferenceEquality")
  boolean belongTo(Desk other) {
    return desk == other;
  }

  /**
   * Tells a listener, in place of the one before, of what is given up or lost from now on. The
   * {@link ContentScheduler#onLoss} of the scheduler, or of its lanes, belongs to these transfers.
   *
   * @return this
   */
  public Transfers listen(Listener listener) {
    desk.requireOpen();
    followed.listen(Objects.requireNonNull(listener, "listener"));
    return this;
  }

  /** Returns how many transfers were given up since these transfers were made. */
  public long givenUpCount() {
    desk.requireOpen();
    return followed.givenUpCount();
  }

  /** Returns how many transfers wait for {@link #follow} to queue them: given up, or refused. */
  public int owedCount() {
    desk.requireOpen();
    return followed.owedCount();
  }

  /**
   * Leaves the slices to whoever brings them otherwise, such as {@link
   * dev.stowage.propagation.AssignmentPropagation}: from now on only copies are queued. To be
   * called before the first {@link #follow}; a slice that waits already still goes.
   *
   * @return this
   */
  public Transfers copiesOnly() {
    desk.requireOpen();
    followed.leaveOutSlices();
    return this;
  }

  /**
   * Queues what the newest assignment asks of workers and the one followed before did not, cancels
   * what it asks no longer, queues again what was given up and what a worker reported as lost, and
   * gives copies that wait the class that their chunk has now. Costs in proportion to what changed:
   * a worker that is counted on no longer, or again, concerns every chunk that it possesses, a
   * changed configuration every copy that waits, and a change of leader everything.
   *
   * <p>Plans are told of what was found by the last call: they put nothing new on a worker that
   * nothing reaches ({@link UnreachableWorker}), unless half of the workers or more are
   * unreachable, because then the cause is elsewhere; and the movement budget is less by the bytes
   * of copies that failed and wait ({@link dev.stowage.lifecycle.BudgetInForce}). A rebalancer has
   * such a worker on its list of avoided workers for as long as it is unreachable.
   *
   * @return how many transfers were queued
   * @throws StowageException if this process does not lead
   */
  public int follow(long nowNanos) {
    return desk.ask(leader -> followed.follow(leader, nowNanos));
  }

  /**
   * Does the same over all that is assigned, whatever was followed before; what has arrived and was
   * never reported is queued again, too. Costs in proportion to all replicas.
   *
   * @return how many transfers were queued
   * @throws StowageException if this process does not lead
   */
  public int reconcile(long nowNanos) {
    followed.forgetFollowed();
    return follow(nowNanos);
  }

  /**
   * Returns what goes next, or why nothing does; an item that it names has left the queue. While
   * this process does not lead, transfers that wait are given up, and items of the host go.
   */
  public Next next(long nowNanos) {
    desk.requireOpen();
    Decision decision = scheduler.decide(nowNanos);
    if (decision instanceof Decision.Throttled throttled) {
      return new Throttled(throttled);
    }
    if (!(decision instanceof Decision.Selected selected)) {
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
   * Returns what a transport had no room for, as it is to be sent now; empty if it is not wanted
   * any more, or if this process does not lead.
   */
  Optional<Next> again(ToSend item, long nowNanos) {
    TransferTask task = followed.task(item.id());
    if (task != null && item instanceof Transfer before) {
      return transfer(task, before.decision(), nowNanos).map(it -> it);
    }
    boolean isWanted = item instanceof Foreign && scheduler.isInFlight(item.id());
    if (!isWanted) {
      scheduler.complete(item.id());
    }
    return isWanted ? Optional.of(item) : Optional.empty();
  }

  /** Returns the transfer of a task; without the lead, takes back all that wait. */
  private Optional<Transfer> transfer(
      TransferTask task, Decision.Selected selected, long nowNanos) {
    Optional<List<WorkerId>> sources = sources(task, nowNanos);
    if (sources.isEmpty()) {
      followed.takeBack(task);
      followed.takeBackWaiting();
    }
    return sources.map(it -> new Transfer(task.id(), task.worker(), task.chunk(), it, selected));
  }

  /** Reports whether a transfer was queued, and has neither ended nor been taken back since. */
  public boolean isUnderWay(long id) {
    desk.requireOpen();
    return followed.task(id) != null;
  }

  /**
   * Ends a transfer that has arrived, and reports whether it was on the way. {@link #follow} waits
   * for the worker to report the copy, and {@link #reconcile} does not.
   */
  public boolean arrived(long id) {
    desk.requireOpen();
    boolean known = scheduler.complete(id);
    followed.arrived(id);
    return known;
  }

  /**
   * A transfer has failed: it waits and goes again, or it is given up. Then its place is free, and
   * the next {@link #follow} queues it anew if it is wanted still.
   */
  public FailureOutcome failed(long id, String reason, long nowNanos) {
    Objects.requireNonNull(reason, "reason");
    desk.requireOpen();
    FailureOutcome outcome = scheduler.fail(id, reason, nowNanos);
    followed.failed(id);
    return outcome;
  }

  /**
   * A copy came in part, or with damage: it fails as with {@link #failed}, and a policy says
   * whether what is good of it is kept. If it is, {@link #goodBytes} tells how much when the copy
   * goes again, and a copy that is queued anew counts with what is missing of it alone. It is kept
   * until the copy arrives, is not wanted any more, or comes in part again.
   *
   * @param goodBytes how many bytes the worker has that need not be sent again; at least 0 and less
   *     than the size of the copy. 0 for what is no copy
   * @throws IllegalArgumentException if {@code goodBytes} is out of range
   */
  public Damaged damaged(long id, long goodBytes, String reason, long nowNanos) {
    Objects.requireNonNull(reason, "reason");
    desk.requireOpen();
    TransferTask task = followed.task(id);
    long size = task == null || task.entry() == null ? 0 : task.entry().sizeBytes();
    if (goodBytes < 0 || goodBytes > Math.max(0, size - 1)) {
      throw new IllegalArgumentException(
          "goodBytes is " + goodBytes + "; 0 to " + Math.max(0, size - 1) + " is accepted");
    }
    Mend mend = task == null || goodBytes == 0 ? Mend.WHOLE : mend(task, size, goodBytes);
    FailureOutcome outcome = failed(id, reason, nowNanos);
    if (task == null || outcome instanceof FailureOutcome.Unknown) {
      return new Damaged(outcome, Mend.WHOLE);
    }
    followed.keepPart(task, mend == Mend.WHOLE ? 0 : goodBytes);
    return new Damaged(outcome, mend);
  }

  private Mend mend(TransferTask task, long size, long goodBytes) {
    ChunkNumber number = Objects.requireNonNull(task.entry()).number();
    int sources = desk.ask(leader -> SourceRanking.count(leader.mirror(), number), () -> 1);
    PressureSnapshot pressure = scheduler.pressure();
    return switch (CopyRepair.of(repair, task, size, goodBytes, sources, peers, pressure)) {
      case OFF -> Mend.WHOLE;
      case MULTI_PEER -> Mend.REST_FROM_SEVERAL;
      case EXACT_RETRANSMIT, PARITY_TRICKLE, BURST_REPAIR, RELAY_REPAIR -> Mend.REST;
    };
  }

  /**
   * Returns how many bytes of a copy the worker has from before, which need not be sent; 0 for what
   * is no copy on the way.
   */
  public long goodBytes(long id) {
    desk.requireOpen();
    TransferTask task = followed.task(id);
    return task == null ? 0 : followed.goodBytes(task);
  }

  /**
   * Takes in what a transfer from a source to a worker achieved. An arrival of at most 64 KiB
   * measures the latency of the path, a larger one and one that stalled its rate; whatever did not
   * arrive counts against the path. {@link Transfer#sources} are ranked by it from the next {@link
   * #next} on, and copies that are queued from now on are expected to take as long as those before
   * them took to the worker. Ends no transfer: {@link #arrived} and {@link #failed} do.
   *
   * @param bytes how many came; at least 0
   * @param nanos how long it took; at least 0, and above 0 for what arrived
   * @return whether it counts
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

  /**
   * Takes in what a transfer from the origin of a chunk to a worker achieved, as {@link #observed}
   * does. All origins count as one source, which is never ranked.
   *
   * @param bytes how many came; at least 0
   * @param nanos how long it took; at least 0, and above 0 for what arrived
   * @return whether it counts
   * @throws IllegalArgumentException if a figure is out of range
   */
  public Observed observedFromOrigin(
      WorkerId worker, long bytes, long nanos, Outcome outcome, long nowNanos) {
    requireObservation(worker, bytes, nanos, outcome);
    return observe(null, worker, bytes, nanos, outcome, nowNanos);
  }

  private void requireObservation(WorkerId worker, long bytes, long nanos, Outcome outcome) {
    Objects.requireNonNull(worker, "worker");
    Objects.requireNonNull(outcome, "outcome");
    desk.requireOpen();
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

  /** Returns how many observations counted since these transfers were made. */
  public long observedCount() {
    desk.requireOpen();
    return observedCount;
  }

  /** Returns how many observations named a source or a worker that is unknown. */
  public long ignoredCount() {
    desk.requireOpen();
    return ignoredCount;
  }

  /**
   * Tells that a transfer comes from another source than the first of {@link Transfer#sources}, so
   * that what each source sends is counted right.
   *
   * @return whether the transfer is on the way from some worker
   */
  public boolean sentBy(long id, WorkerId source) {
    Objects.requireNonNull(source, "source");
    desk.requireOpen();
    return followed.sentBy(id, source);
  }

  /**
   * Changes when paths are avoided from now on; those that are avoided already stay so.
   *
   * @return this
   */
  public Transfers avoid(AvoidPolicy policy) {
    Objects.requireNonNull(policy, "policy");
    desk.requireOpen();
    peers.avoidAfter(policy.failures(), policy.first().toNanos(), policy.longest().toNanos());
    return this;
  }

  /**
   * Changes how {@link #damaged} chooses between the rest of a copy and all of it from now on.
   *
   * @return this
   */
  public Transfers repair(RepairConfig bounds) {
    Objects.requireNonNull(bounds, "bounds");
    desk.requireOpen();
    repair = new RepairPolicy(bounds);
    return this;
  }

  /**
   * Returns the workers that nothing reaches, by id, and behind them the paths that are avoided, by
   * worker and source.
   */
  public List<Avoided> avoided(long nowNanos) {
    desk.requireOpen();
    return Stream.concat(
            peers.unreachable(nowNanos).stream()
                .<Avoided>map(
                    it -> new UnreachableWorker(it.worker(), it.failures(), it.untilNanos())),
            peers.avoidedPaths(nowNanos).stream()
                .<Avoided>map(it ->
                    new AvoidedPath(it.source(), it.worker(), it.failures(), it.untilNanos())))
        .toList();
  }

  /**
   * Returns who possesses what a transfer sends, best first; empty if this process does not lead.
   * Whatever hinders the answer, the transfer is not lost.
   */
  private Optional<List<WorkerId>> sources(TransferTask task, long nowNanos) {
    try {
      return desk.ask(
          leader -> Optional.of(followed.sources(leader.mirror(), task, nowNanos)),
          Optional::empty);
    } catch (RuntimeException e) {
      followed.takeBack(task);
      throw e;
    }
  }
}
