package dev.stowage.transfers;

import dev.stowage.answer.Avoided;
import dev.stowage.columns.Nanos;
import dev.stowage.command.Command;
import dev.stowage.content.ByteRate;
import dev.stowage.content.ContentItem;
import dev.stowage.content.ContentItem.ItemDetails;
import dev.stowage.content.ContentQueue;
import dev.stowage.content.ContentQueue.ScheduleOutcome;
import dev.stowage.engine.ChangeNotes;
import dev.stowage.engine.LeaderTerm;
import dev.stowage.lifecycle.LifecycleView;
import dev.stowage.lifecycle.ReplicaState;
import dev.stowage.lifecycle.documents.SliceDocument;
import dev.stowage.lifecycle.documents.SliceEntry;
import dev.stowage.lifecycle.documents.WorkerSlice;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.ChunkNumber;
import dev.stowage.model.DatasetId;
import dev.stowage.model.Lineage;
import dev.stowage.model.Worker;
import dev.stowage.model.WorkerAssignmentId;
import dev.stowage.model.WorkerId;
import dev.stowage.store.FleetView;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Queues, reclassifies and cancels transfers as assignments and reports ask for it. */
public final class FollowedTransfers {
  private static final double LEAST_SECONDS = 1e-9;

  private static final double MOST_SECONDS = 1e9;

  // After this many refusals the queue counts as full until the next follow.
  private static final int MOST_REFUSALS = 100;

  private static final long NO_LOOK = 0;

  // At least a chunk; what a link brings in a second may be less.
  private static final long LEAST_BURST = 8 << 20;

  /** The host of the transfers. */
  public interface Host {
    /** Returns the expected seconds of a transfer. */
    double seconds(WorkerId worker, long bytes);

    /** Reports whether the record of one more transfer has room; one without room is owed. */
    boolean hasRoom();

    /** Hears that a transfer was given up. */
    void givenUp(TransferTask transfer, Why why);

    /** Hears that the queue lost an item that is no transfer. */
    void foreignLost(long id);
  }

  /** Keeps new replicas off a worker for a while. */
  public interface Avoiding {
    void avoid(WorkerId worker, String reason, Duration lasts, long nowNanos);
  }

  /** The cause that ended a transfer. */
  public enum Why {
    FAILED,
    LOST,
    NO_ROOM,
    NOT_LEADING
  }

  private final ContentQueue scheduler;
  private final Host host;
  private final TransfersUnderWay underWay = new TransfersUnderWay();
  private final OwedTransfers owed = new OwedTransfers();
  private final PeerBook peers;
  private final @Nullable Avoiding planner;
  private final SourceRanking ranking;
  private final Map<DatasetId, Long> lastBlocks = new HashMap<>();

  private double burstSeconds = 1;

  // Their windows hold more than they can run twice, because turns are slower than they.
  private final Set<WorkerTransfers> deepened = new LinkedHashSet<>();

  // Nothing goes to them before the next turn.
  private final List<WorkerId> held = new ArrayList<>();

  private long givenUpCount;
  private @Nullable LeaderTerm followed;
  private ChangeNotes notes = new ChangeNotes();
  private long configVersion;
  private long look;

  private @Nullable WorkerAssignmentId lookedAt;

  private @Nullable Lineage lookedIn;
  private boolean isWithSlices = true;

  public FollowedTransfers(
      ContentQueue scheduler, PeerBook peers, @Nullable Avoiding planner, Host host) {
    this.scheduler = scheduler;
    this.host = host;
    this.peers = peers;
    this.planner = planner;
    ranking = new SourceRanking(peers, underWay);
    scheduler.onLoss(this::lost);
  }

  public void leaveOutSlices() {
    isWithSlices = false;
  }

  public void room(WorkerId worker, int transfers) {
    WorkerTransfers work = underWay.to(worker);
    if (work != null && work.room != transfers) {
      work.room = transfers;
      limit(work);
    }
  }

  /** Hears that a worker could run more than it was given. */
  public void idles(WorkerId worker) {
    WorkerTransfers work = underWay.to(worker);
    if (work != null && scheduler.isAwaited(worker.value()) && work.deepen()) {
      limit(work);
      deepened.add(work);
    }
  }

  private void settle() {
    for (WorkerTransfers work : deepened) {
      if (work.settle() && underWay.to(work.id()) == work) {
        limit(work);
      }
    }
    deepened.removeIf(work -> !work.isDeep());
  }

  /** Paces each worker by its described downlink, in bursts of so many seconds at least. */
  public void pace(double seconds) {
    burstSeconds = seconds;
  }

  private void pace(WorkerTransfers work, long bytesPerSecond) {
    if (work.downlink != bytesPerSecond) {
      work.downlink = bytesPerSecond;
      limit(work);
    }
  }

  private void limit(WorkerTransfers work) {
    long rate = work.downlink;
    double burst = Math.max(LEAST_BURST, rate * burstSeconds);
    scheduler.limit(
        work.id().value(),
        work.window(),
        rate == Worker.UNBOUNDED ? null : new ByteRate(rate, (long) burst));
  }

  public void hold(WorkerId worker) {
    scheduler.limit(worker.value(), 0, null);
    held.add(worker);
  }

  public void release() {
    for (WorkerId worker : held) {
      WorkerTransfers work = underWay.to(worker);
      if (work == null) {
        scheduler.limit(worker.value(), 1, null);
      } else {
        limit(work);
      }
    }
    held.clear();
  }

  public long givenUpCount() {
    return givenUpCount;
  }

  public int owedCount() {
    return owed.count();
  }

  public @Nullable TransferTask task(long id) {
    return underWay.task(id);
  }

  public void forgetFollowed() {
    lookedAt = null;
    underWay.followAll();
    underWay.forgetArrivals();
  }

  public int follow(LeaderTerm leader, long nowNanos) {
    watch(leader);
    settle();
    int queued = visit(leader.mirror(), leader.view(), nowNanos);
    Set<ChunkNumber> urgent = reclassify(leader.mirror());
    int again = queueAgain(leader, urgent, nowNanos);
    tellPlanner(leader, nowNanos);
    return queued + again;
  }

  public List<String> whyLacking(LifecycleView state, ChunkKey key, WorkerId worker) {
    int chunk = state.chunkPosition(key);
    int at = state.workerPosition(worker);
    int slot = chunk < 0 || at < 0 ? LifecycleView.NONE : state.findReplica(chunk, at);
    if (slot == LifecycleView.NONE) {
      return List.of("no assignment gives it to " + worker);
    }
    if (!isLacking(state, slot)) {
      return List.of();
    }
    ChunkNumber number = Objects.requireNonNull(state.chunkNumber(chunk), "number");
    WorkerTransfers work = underWay.to(worker);
    WorkerCopy copy = work == null ? null : underWay.copy(number, work);
    TransferTask task = copy == null ? null : copy.task;
    if (task == null && copy != null && copy.hasArrived(state.since(slot))) {
      return List.of("it has arrived, and " + worker + " has not reported it");
    }
    if (task == null) {
      boolean isOwed =
          owed.owes(number)
              && owed.copiesOf(number).stream().anyMatch(it -> it.worker().equals(worker));
      return List.of(
          isOwed
              ? "its transfer was given up or found no room; the next follow queues it again"
              : "no follow has seen this assignment");
    }
    List<String> reasons = new ArrayList<>();
    if (scheduler.isInFlight(task.id())) {
      reasons.add("it is on its way as transfer " + task.id());
    }
    scheduler.waiting(task.id()).ifPresent(it -> reasons.add(it.inWords()));
    int sources = SourceRanking.count(state, number);
    reasons.add(
        sources == 0
            ? "no worker possesses it, so that it comes from its origin"
            : sources + " workers possess it");
    return reasons;
  }

  public boolean isKnown(WorkerId worker) {
    return underWay.to(worker) != null;
  }

  public List<WorkerId> sources(LifecycleView state, TransferTask task, long nowNanos) {
    underWay.triesAgain(task);
    List<WorkerId> sources = ranking.of(state, task, nowNanos);
    if (!sources.isEmpty()) {
      underWay.send(task.id(), sources.get(0));
    }
    return sources;
  }

  public boolean sentBy(long id, WorkerId source) {
    boolean isSent = underWay.isSent(id);
    if (isSent) {
      underWay.send(id, source);
    }
    return isSent;
  }

  public long goodBytes(TransferTask task) {
    WorkerTransfers work = underWay.to(task.worker());
    return work == null || task.entry() == null
        ? 0
        : underWay.goodBytes(task.entry().number(), work);
  }

  public void keepPart(TransferTask task, long goodBytes) {
    WorkerTransfers work = underWay.to(task.worker());
    if (work != null && task.entry() != null) {
      underWay.keepPart(task.entry().number(), work, goodBytes);
    }
  }

  public void arrived(long id) {
    TransferTask task = underWay.task(id);
    if (task != null && !scheduler.isPending(id)) {
      underWay.arrive(task);
    }
  }

  public void failed(long id) {
    underWay.stop(id);
    TransferTask task = underWay.task(id);
    if (task == null) {
      return;
    }
    underWay.noteFailure(task);
    if (scheduler.isPending(id)) {
      task.chunk().ifPresent(entry -> underWay.touched().add(entry.number()));
    } else {
      giveUp(task, Why.FAILED);
    }
  }

  public void takeBack(TransferTask task) {
    scheduler.cancel(task.id());
    if (scheduler.isInFlight(task.id())) {
      scheduler.complete(task.id());
    }
    giveUp(task, Why.NOT_LEADING);
  }

  public void takeBackWaiting() {
    underWay.tasks().stream().filter(it -> scheduler.isPending(it.id())).forEach(this::takeBack);
  }

  @SuppressWarnings("ReferenceEquality")
  private void watch(LeaderTerm leader) {
    if (leader != followed) {
      followed = leader;
      notes = leader.watch();
    }
    if (notes.isEverything()) {
      forgetFollowed();
    }
    notes.reports().forEach(this::hear);
  }

  private void hear(Command<?> report) {
    if (report instanceof Command.Lost it) {
      underWay.lacks(it.header().worker(), it.chunks());
    } else if (report instanceof Command.Applied it) {
      underWay.lacks(it.header().worker(), it.missing());
    } else if (report instanceof Command.Inventory it) {
      underWay.forgetArrivals(it.header().worker());
    } else if (report instanceof Command.InventoryPart it) {
      underWay.forgetArrivals(it.header().worker());
    }
  }

  private int visit(LifecycleView state, FleetView view, long nowNanos) {
    int queued = 0;
    if (isLookedAt(state, view)) {
      boolean isUnseen = false;
      for (int at = notes.workers().nextSetBit(0);
          at >= 0;
          at = notes.workers().nextSetBit(at + 1)) {
        queued += visit(state, view, at, nowNanos);
        WorkerTransfers work = underWay.at(at);
        isUnseen |= work != null && !work.isSeen(look);
      }
      if (isUnseen) {
        underWay.unseen().forEach(this::cancelAll);
      }
      return queued;
    }
    lookedAt = null;
    look = underWay.look();
    for (int worker = 0; worker < state.workerLimit(); worker++) {
      queued += state.isWorker(worker) ? visit(state, view, worker, nowNanos) : 0;
    }
    underWay.unseen().forEach(this::cancelAll);
    lookedAt = view.ids().worker();
    lookedIn = view.lineage();
    return queued;
  }

  private boolean isLookedAt(LifecycleView state, FleetView view) {
    return !notes.isEverything()
        && view.ids().worker().equals(lookedAt)
        && view.lineage().equals(lookedIn)
        && notes.workers().stream().allMatch(worker -> isMet(state, worker));
  }

  private boolean isMet(LifecycleView state, int worker) {
    WorkerTransfers work = underWay.at(worker);
    return work != null
        && worker < state.workerLimit()
        && state.isWorker(worker)
        && work.id().equals(state.workerId(worker));
  }

  private int visit(LifecycleView state, FleetView view, int worker, long nowNanos) {
    WorkerId id = state.workerId(worker);
    WorkerTransfers work = underWay.meet(id, worker);
    boolean isAnother = underWay.place(work, worker, state.incarnation(worker));
    pace(work, state.worker(worker).description().downlinkBytesPerSecond());
    work.takeReported(state.lastApplied(worker), underWay.touched());
    if (work.count(state.isCounted(worker)) || isAnother) {
      touchHeld(state, worker);
    }
    if (!state.isPresent(worker)) {
      work.see(NO_LOOK);
      return 0;
    }
    if (work.isUpTo(view.ids().worker(), view.lineage())) {
      work.see(look);
      return 0;
    }
    SliceDocument delta = view.sliceSince(id, work.lineage(), work.known()).orElse(null);
    if (delta == null) {
      work.see(NO_LOOK);
      return 0;
    }
    work.see(look);
    int queued = visit(state, work, delta, nowNanos);
    work.followed(view.ids().worker(), view.lineage());
    return queued;
  }

  private int visit(LifecycleView state, WorkerTransfers work, SliceDocument delta, long nowNanos) {
    for (ChunkNumber removed : delta.removed()) {
      WorkerCopy copy = underWay.copy(removed, work);
      if (copy != null) {
        if (copy.task != null) {
          cancel(copy.task);
        }
        underWay.forget(copy);
      }
    }
    if (delta.isFull() || work.isFollowedAnew()) {
      Set<ChunkNumber> named = new HashSet<>();
      delta.put().forEach(entry -> named.add(entry.number()));
      for (TransferTask task : work.tasks()) {
        if (task.chunk().filter(entry -> named.contains(entry.number())).isEmpty()) {
          cancel(task);
        }
      }
    }
    WorkerId worker = delta.header().worker();
    int queued = 0;
    for (SliceEntry entry : delta.put()) {
      queued += wants(state, work, entry, worker) ? queueCopy(state, work, entry, nowNanos) : 0;
    }
    boolean isNews = isWithSlices && (!delta.removed().isEmpty() || !delta.put().isEmpty());
    return queued + (isNews ? queueSlice(work, worker, delta.documentBytes(), nowNanos) : 0);
  }

  private void touchHeld(LifecycleView state, int worker) {
    for (int slot = state.firstReplicaOn(worker);
        slot != LifecycleView.NONE;
        slot = state.nextReplicaOn(slot)) {
      ChunkNumber number = state.chunkNumber(state.replicaChunk(slot));
      if (number != null && (underWay.has(number) || owed.owes(number))) {
        underWay.touched().add(number);
      }
    }
  }

  private boolean wants(
      LifecycleView state, WorkerTransfers work, SliceEntry entry, WorkerId worker) {
    int chunk = state.chunkPosition(entry.number());
    int slot =
        chunk < 0 ? LifecycleView.NONE : state.findReplica(chunk, state.workerPosition(worker));
    WorkerCopy copy = underWay.copy(entry.number(), work);
    if (!isLacking(state, slot)) {
      cancelNeedless(copy);
      return false;
    }
    TransferTask task = copy == null ? null : copy.task;
    if (task == null) {
      return copy == null || !copy.hasArrived(state.since(slot));
    }
    if (isAlive(task)) {
      return false;
    }
    underWay.end(task);
    return true;
  }

  private static boolean isLacking(LifecycleView state, int slot) {
    return slot != LifecycleView.NONE
        && state.replicaState(slot) == ReplicaState.ASSIGNED
        && !state.possessed(slot);
  }

  private boolean isAlive(TransferTask task) {
    return scheduler.isPending(task.id()) || scheduler.isInFlight(task.id());
  }

  private Set<ChunkNumber> reclassify(LifecycleView state) {
    if (notes.isEverything() || configVersion != state.configVersion()) {
      underWay.touched().addAll(underWay.chunks());
    }
    notes.chunks().stream().forEach(chunk -> touch(state, chunk));
    state.forEachSlid(lastBlocks, chunk -> touch(state, chunk));
    Set<ChunkNumber> urgent = underWay.takeTouched();
    for (ChunkNumber number : urgent) {
      settleWithReports(state, number);
      reclassify(state, number);
    }
    configVersion = state.configVersion();
    notes.clear();
    return urgent;
  }

  private void touch(LifecycleView state, int chunk) {
    boolean isThere = state.isChunk(chunk) && (state.isLive(chunk) || state.isMarked(chunk));
    ChunkNumber number = isThere ? state.chunkNumber(chunk) : null;
    if (number != null) {
      underWay.touched().add(number);
    }
  }

  private void settleWithReports(LifecycleView state, ChunkNumber number) {
    int chunk = state.chunkPosition(number);
    int first = chunk < 0 ? LifecycleView.NONE : state.firstReplica(chunk);
    List<WorkerCopy> copies = underWay.copies(number);
    for (int slot = first; slot != LifecycleView.NONE; slot = state.nextReplica(slot)) {
      WorkerTransfers work = underWay.at(state.replicaWorker(slot));
      WorkerCopy copy = work == null ? null : TransfersUnderWay.in(copies, work);
      if (work != null && !isLacking(state, slot)) {
        cancelNeedless(copy);
      } else if (work != null
          && (copy == null || (copy.task == null && !copy.hasArrived(state.since(slot))))) {
        ChunkKey key = state.chunkKey(chunk);
        long bytes = state.chunkSizeBytes(chunk);
        SliceEntry entry = new SliceEntry(key, number, bytes, state.since(slot));
        owed.owe(new TransferTask(0, work.id(), entry, 0));
      }
    }
  }

  private void reclassify(LifecycleView state, ChunkNumber number) {
    int chunk = state.chunkPosition(number);
    int before = 0;
    for (TransferTask task : underWay.of(number)) {
      if (chunk < 0 || !isAlive(task)) {
        giveUp(task, Why.LOST);
      } else if (isKept(task, CopyUrgency.of(state, chunk, before, task.seconds()))) {
        before++;
      } else {
        // Its new class is full: queued as a new item, it may shed another.
        scheduler.cancel(task.id());
        giveUp(task, Why.NO_ROOM);
      }
    }
  }

  private boolean isKept(TransferTask task, CopyUrgency now) {
    return scheduler
        .reclassify(task.id(), now.priority(), now.utility(), Long.MAX_VALUE)
        .map(ScheduleOutcome::isAccepted)
        .orElse(true);
  }

  // Half the workers unreachable means that the cause is elsewhere.
  private void tellPlanner(LeaderTerm leader, long nowNanos) {
    List<Avoided> found = peers.unreachable(nowNanos);
    List<Avoided> unreachable = 2 * found.size() < underWay.workerCount() ? found : List.of();
    List<WorkerId> workers = unreachable.stream().map(Avoided::worker).toList();
    Avoiding moves = planner;
    leader.cycles().hearOfTransfers(moves == null ? workers : List.of(), underWay.failedBytes());
    if (moves != null) {
      for (Avoided it : unreachable) {
        moves.avoid(
            it.worker(),
            it.failures() + " transfers in a row failed",
            Duration.ofNanos(Nanos.between(nowNanos, it.untilNanos())),
            nowNanos);
      }
    }
  }

  private int queueAgain(LeaderTerm leader, Set<ChunkNumber> urgent, long nowNanos) {
    int queued = 0;
    for (WorkerId worker : owed.slices()) {
      queued += queueSliceAgain(leader.view(), worker, nowNanos);
    }
    LifecycleView state = leader.mirror();
    int rest = owed.chunkCount();
    int refused = 0;
    for (ChunkNumber number : urgent) {
      rest -= owed.owes(number) ? 1 : 0;
      queued += queueAgain(state, number, nowNanos);
    }
    for (; rest > 0 && refused < MOST_REFUSALS; rest--) {
      ChunkNumber number = owed.first();
      queued += queueAgain(state, number, nowNanos);
      refused += owed.copiesOf(number).size();
    }
    return queued;
  }

  // A refused copy stays owed, behind all others.
  private int queueAgain(LifecycleView state, ChunkNumber number, long nowNanos) {
    int queued = 0;
    for (TransferTask task : owed.copiesOf(number)) {
      WorkerTransfers work = underWay.to(task.worker());
      SliceEntry entry = task.chunk().orElseThrow();
      if (work != null && wants(state, work, entry, task.worker())) {
        queued += queueCopy(state, work, entry, nowNanos);
      } else {
        underWay.triesAgain(task);
        owed.settle(task);
      }
    }
    return queued;
  }

  private int queueSliceAgain(FleetView view, WorkerId worker, long nowNanos) {
    WorkerTransfers work = underWay.to(worker);
    Optional<WorkerSlice> slice =
        work == null || !isWithSlices ? Optional.empty() : view.slice(worker);
    if (work == null || slice.isEmpty() || work.slice != null) {
      owed.settleSlice(worker);
      return 0;
    }
    return queueSlice(work, worker, slice.get().documentBytes(), nowNanos);
  }

  private int queueCopy(
      LifecycleView state, WorkerTransfers work, SliceEntry entry, long nowNanos) {
    int chunk = state.chunkPosition(entry.number());
    int before = underWay.count(entry.number(), this::isAlive);
    WorkerId worker = state.workerId(work.position());
    long bytes = entry.sizeBytes() - underWay.goodBytes(entry.number(), work);
    double seconds = bounded(peers.seconds(worker, bytes, seconds(worker, bytes)));
    TransferTask task = new TransferTask(nextId(), worker, entry, seconds);
    CopyUrgency urgency = CopyUrgency.of(state, chunk, before, seconds);
    return queue(work, task, urgency, bytes, nowNanos);
  }

  private int queueSlice(WorkerTransfers work, WorkerId worker, long bytes, long nowNanos) {
    TransferTask before = work.slice;
    if (before != null) {
      cancel(before);
    }
    TransferTask task = new TransferTask(nextId(), worker, null, seconds(worker, bytes));
    return queue(work, task, CopyUrgency.OF_SLICE, bytes, nowNanos);
  }

  private long nextId() {
    return Objects.requireNonNull(followed, "no leader was followed").nextTransferId();
  }

  private double seconds(WorkerId worker, long bytes) {
    double seconds = host.seconds(worker, bytes);
    if (!(seconds >= 0) || Double.isInfinite(seconds)) {
      throw new IllegalArgumentException(
          "sending "
              + bytes
              + " bytes to "
              + worker
              + " costs "
              + seconds
              + " seconds; it must be finite and at least 0");
    }
    return bounded(seconds);
  }

  private static double bounded(double seconds) {
    return Math.min(Math.max(seconds, LEAST_SECONDS), MOST_SECONDS);
  }

  private int queue(
      WorkerTransfers work, TransferTask task, CopyUrgency urgency, long bytes, long nowNanos) {
    owed.owe(task);
    ItemDetails to = ItemDetails.NONE.withDestination(task.worker().value());
    ContentItem item =
        ContentItem.of(task.id(), urgency.priority(), bytes, task.seconds(), urgency.utility())
            .inStream(work.position())
            .with(task.chunk().map(it -> to.withChunk(it.key())).orElse(to));
    if (!host.hasRoom() || !scheduler.schedule(item, nowNanos).isAccepted()) {
      return 0;
    }
    owed.settle(task);
    underWay.begin(task, work);
    return 1;
  }

  private void lost(long id) {
    TransferTask task = underWay.task(id);
    if (task == null) {
      host.foreignLost(id);
    } else {
      giveUp(task, Why.LOST);
    }
  }

  private void giveUp(TransferTask task, Why why) {
    underWay.end(task);
    owed.owe(task);
    givenUpCount++;
    host.givenUp(task, why);
  }

  private void cancelNeedless(@Nullable WorkerCopy copy) {
    if (copy != null) {
      TransferTask task = copy.task;
      if (task != null && scheduler.isPending(task.id())) {
        cancel(task);
      }
      underWay.forget(copy);
    }
  }

  private void cancelAll(WorkerTransfers work) {
    work.tasks().forEach(this::cancel);
    TransferTask slice = work.slice;
    if (slice != null) {
      cancel(slice);
    }
    underWay.part(work);
    peers.forget(work.id());
    scheduler.limit(work.id().value(), 1, null);
  }

  private void cancel(TransferTask task) {
    scheduler.cancel(task.id());
    underWay.triesAgain(task);
    underWay.end(task);
  }
}
