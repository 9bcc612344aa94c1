package dev.stowage;

import dev.stowage.content.ContentItem;
import dev.stowage.content.ContentScheduler;
import dev.stowage.content.Decision;
import dev.stowage.content.FailureOutcome;
import dev.stowage.content.PriorityClass;
import dev.stowage.content.ScheduleOutcome;
import dev.stowage.engine.ChangeNotes;
import dev.stowage.engine.Desk;
import dev.stowage.engine.Leadership;
import dev.stowage.lifecycle.LifecycleView;
import dev.stowage.lifecycle.ReplicaState;
import dev.stowage.lifecycle.documents.SliceDelta;
import dev.stowage.lifecycle.documents.SliceEntry;
import dev.stowage.lifecycle.documents.WorkerSlice;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.ChunkNumber;
import dev.stowage.model.Incarnation;
import dev.stowage.model.Lineage;
import dev.stowage.model.WorkerAssignmentId;
import dev.stowage.model.WorkerId;
import dev.stowage.store.FleetView;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
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
 * <p>The order within a class is that of {@link dev.stowage.content.SelectionPolicy#efficiency}; a
 * policy that prefers small items in a band puts size before urgency there.
 */
public final class Transfers {
  /** The smallest id of a transfer: a host's own items in the same scheduler have smaller ones. */
  public static final long FIRST_ID = 1L << 62;

  /** Bounds of the seconds that a transfer takes, so that no copy is infinitely efficient. */
  private static final double LEAST_SECONDS = 1e-9;

  private static final double MOST_SECONDS = 1e9;

  /**
   * Less than the utility per second of a copy of any chunk at risk, and more than that of any
   * other: weights are below 2^31, so theirs is below 2^61.
   */
  private static final double AT_RISK = 0x1p100;

  /** No tick of a missing copy: those begin at -1, which says that it is not missing. */
  private static final long NEVER = Long.MIN_VALUE;

  /** Copies of chunks at risk are told apart by so many ranks, four times apart each. */
  private static final int RANKS = 64;

  /** After so many refusals the queue is full, and the rest waits for the next {@link #follow}. */
  private static final int MOST_REFUSALS = 100;

  private final Desk desk;
  private final ContentScheduler scheduler;
  private final PathCost cost;
  private final Map<WorkerId, Work> works = new TreeMap<>();
  private final Map<Long, Task> tasks = new HashMap<>();

  /** Copies on the way by chunk, in the order in which they were queued. */
  private final Map<ChunkNumber, List<Task>> coming = new HashMap<>();

  /** Copies given up, shed or refused, by chunk, those that were tried last come last. */
  private final LinkedHashMap<ChunkNumber, Map<WorkerId, Task>> owed = new LinkedHashMap<>();

  /** Workers whose slice was given up, shed or refused. */
  private final Set<WorkerId> owedSlices = new TreeSet<>();

  /** Chunks whose copies that wait may have another urgency than at the last {@link #follow}. */
  private final Set<ChunkNumber> touched = new LinkedHashSet<>();

  private Listener listener = new Listener() {};
  private long givenUpCount;
  private int owedCopies;
  private @Nullable Leadership followed;
  private ChangeNotes notes = new ChangeNotes();
  private long configVersion;
  private long nextId = FIRST_ID;
  private boolean isWithSlices = true;

  /** What is known of one worker: up to which assignment, and what is on the way. */
  private static final class Work {
    private final Map<ChunkNumber, Task> byChunk = new LinkedHashMap<>();

    /** Holds what arrived and was not reported yet, with the tick since which it was missing. */
    private final Map<ChunkNumber, Long> arrived = new HashMap<>();

    /** Chunks to be reported, by the assignment in which they first appeared; may be too many. */
    private final TreeMap<Long, Set<ChunkNumber>> awaited = new TreeMap<>();

    private @Nullable Task manifest;
    private Lineage lineage = Lineage.of(0);
    private WorkerAssignmentId known = WorkerAssignmentId.of(0);
    private int position;
    private Incarnation incarnation = Incarnation.of(0);
    private boolean isCounted;
    private long lastApplied = -1;
  }

  /** A transfer; without a chunk it is the slice. */
  private record Task(
      long id, WorkerId worker, @Nullable SliceEntry entry, double seconds, long missingSince) {}

  private record Urgency(PriorityClass priority, double utility) {
    static final Urgency OF_SLICE = new Urgency(PriorityClass.MANIFEST, 1);
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

  /**
   * Something to send now.
   *
   * @param id by which it is answered for
   * @param worker where it goes
   * @param chunk what goes; empty for the worker's slice
   * @param sources who possesses the chunk; empty while nobody does: it comes from its origin
   * @param decision why it goes now
   */
  public record Transfer(
      long id,
      WorkerId worker,
      Optional<SliceEntry> chunk,
      List<WorkerId> sources,
      Decision.Selected decision)
      implements Next {
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
  public record Foreign(Decision.Selected decision) implements Next {
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

  Transfers(Desk desk, ContentScheduler scheduler, PathCost cost) {
    this.desk = desk;
    this.scheduler = Objects.requireNonNull(scheduler, "scheduler");
    this.cost = Objects.requireNonNull(cost, "cost");
    if (scheduler.hasPendingContent()) {
      throw new IllegalArgumentException(
          "the scheduler holds " + scheduler.pendingCount() + " items; it must be empty");
    }
    scheduler.onLoss(this::lost);
  }

  /**
   * Tells a listener, in place of the one before, of what is given up or lost from now on. The
   * scheduler's own {@link ContentScheduler#onLoss} belongs to these transfers.
   *
   * @return this
   */
  public Transfers listen(Listener listener) {
    desk.requireOpen();
    this.listener = Objects.requireNonNull(listener, "listener");
    return this;
  }

  /** Returns how many transfers were given up since these transfers were made. */
  public long givenUpCount() {
    desk.requireOpen();
    return givenUpCount;
  }

  /** Returns how many transfers wait for {@link #follow} to queue them: given up, or refused. */
  public int owedCount() {
    desk.requireOpen();
    return owedSlices.size() + owedCopies;
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
    isWithSlices = false;
    return this;
  }

  /**
   * Queues what the newest assignment asks of workers and the one followed before did not, cancels
   * what it asks no longer, queues again what was given up and what a worker reported as lost, and
   * gives copies that wait the class that their chunk has now. Costs in proportion to what changed:
   * a worker that is counted on no longer, or again, concerns every chunk that it possesses, a
   * changed configuration every copy that waits, and a change of leader everything.
   *
   * @return how many transfers were queued
   * @throws StowageException if this process does not lead
   */
  public int follow(long nowNanos) {
    return desk.ask(leader -> {
      watch(leader);
      int queued = visit(leader.mirror(), leader.view(), nowNanos);
      Set<ChunkNumber> urgent = reclassify(leader);
      return queued + queueAgain(leader, urgent, nowNanos);
    });
  }

  /**
   * Does the same over all that is assigned, whatever was followed before; what has arrived and was
   * never reported is queued again, too. Costs in proportion to all replicas.
   *
   * @return how many transfers were queued
   * @throws StowageException if this process does not lead
   */
  public int reconcile(long nowNanos) {
    works
        .values()
        .forEach(work -> {
          work.known = WorkerAssignmentId.of(0);
          work.arrived.clear();
        });
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
    Task task = tasks.get(selected.item().id());
    if (task == null) {
      return new Foreign(selected);
    }
    Optional<List<WorkerId>> sources = sources(task);
    if (sources.isPresent()) {
      return new Transfer(
          task.id, task.worker, Optional.ofNullable(task.entry), sources.get(), selected);
    }
    takeBack(task);
    List.copyOf(tasks.values()).stream()
        .filter(it -> scheduler.isPending(it.id))
        .forEach(this::takeBack);
    return next(nowNanos);
  }

  /**
   * Ends a transfer that has arrived, and reports whether it was on the way. {@link #follow} waits
   * for the worker to report the copy, and {@link #reconcile} does not.
   */
  public boolean arrived(long id) {
    desk.requireOpen();
    boolean known = scheduler.complete(id);
    Task task = tasks.get(id);
    if (task != null && !scheduler.isPending(id)) {
      forget(task);
      Work work = works.get(task.worker);
      if (work != null && task.entry != null) {
        work.arrived.put(task.entry.number(), task.missingSince);
      }
    }
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
    Task task = tasks.get(id);
    if (task != null && !scheduler.isPending(id)) {
      giveUp(task, GivenUp.Why.FAILED);
    }
    return outcome;
  }

  private int visit(LifecycleView state, FleetView view, long nowNanos) {
    int[] queued = new int[1];
    Set<WorkerId> present = new HashSet<>();
    for (int worker = 0; worker < state.workerLimit(); worker++) {
      if (state.isWorker(worker)) {
        WorkerId id = state.workerId(worker);
        Work work = works.computeIfAbsent(id, key -> new Work());
        work.position = worker;
        if (!work.incarnation.equals(state.incarnation(worker))) {
          work.incarnation = state.incarnation(worker);
          work.arrived.clear();
          work.known = WorkerAssignmentId.of(0);
        }
        SortedMap<Long, Set<ChunkNumber>> applied =
            work.awaited.headMap(state.lastApplied(worker) + 1);
        applied.values().forEach(touched::addAll);
        applied.clear();
        boolean isForgotten = state.lastApplied(worker) < work.lastApplied;
        if (isForgotten || work.isCounted != state.isCounted(worker)) {
          work.isCounted = state.isCounted(worker);
          touchHeld(state, worker);
        }
        if (isForgotten) {
          work.arrived.clear();
          work.known = WorkerAssignmentId.of(0);
        }
        work.lastApplied = state.lastApplied(worker);
        if (work.known.equals(view.ids().worker()) && work.lineage.equals(view.lineage())) {
          present.add(id);
          continue;
        }
        view.sliceSince(id, work.lineage, work.known)
            .ifPresent(delta -> {
              present.add(id);
              queued[0] += visit(state, work, delta, nowNanos);
              work.known = view.ids().worker();
              work.lineage = view.lineage();
            });
      }
    }
    for (WorkerId id : List.copyOf(works.keySet())) {
      if (!present.contains(id)) {
        cancelAll(Objects.requireNonNull(works.remove(id)));
      }
    }
    return queued[0];
  }

  /** A worker counts for the floors of what it possesses, or does so no longer. */
  private void touchHeld(LifecycleView state, int worker) {
    for (int slot = state.firstReplicaOn(worker);
        slot != LifecycleView.NONE;
        slot = state.nextReplicaOn(slot)) {
      ChunkNumber number = state.chunkNumber(state.replicaChunk(slot));
      if (number != null && (coming.containsKey(number) || owed.containsKey(number))) {
        touched.add(number);
      }
    }
  }

  private int queueAgain(Leadership leader, Set<ChunkNumber> urgent, long nowNanos) {
    int queued = 0;
    for (WorkerId worker : List.copyOf(owedSlices)) {
      queued += queueSliceAgain(leader.view(), worker, nowNanos);
    }
    LifecycleView state = leader.mirror();
    int rest = owed.size();
    int refused = 0;
    for (ChunkNumber number : urgent) {
      rest -= owed.containsKey(number) ? 1 : 0;
      queued += queueAgain(state, number, nowNanos);
    }
    for (; rest > 0 && refused < MOST_REFUSALS; rest--) {
      ChunkNumber number = owed.keySet().iterator().next();
      queued += queueAgain(state, number, nowNanos);
      refused += owed.getOrDefault(number, Map.of()).size();
    }
    return queued;
  }

  /** Leaves owed, behind all others, what is refused. */
  private int queueAgain(LifecycleView state, ChunkNumber number, long nowNanos) {
    int queued = 0;
    for (Task task : List.copyOf(owed.getOrDefault(number, Map.of()).values())) {
      Work work = works.get(task.worker);
      SliceEntry entry = Objects.requireNonNull(task.entry);
      if (work != null && wants(state, work, entry, task.worker)) {
        queued += queueChunk(state, work, entry, nowNanos);
      } else {
        settle(task);
      }
    }
    return queued;
  }

  private int queueSliceAgain(FleetView view, WorkerId worker, long nowNanos) {
    Work work = works.get(worker);
    Optional<WorkerSlice> slice =
        work == null || !isWithSlices ? Optional.empty() : view.slice(worker);
    if (work == null || slice.isEmpty() || work.manifest != null) {
      owedSlices.remove(worker);
      return 0;
    }
    return queueSlice(work, worker, slice.get().documentBytes(), nowNanos);
  }

  private static boolean isLacking(LifecycleView state, int slot) {
    return slot != LifecycleView.NONE
        && state.replicaState(slot) == ReplicaState.ASSIGNED
        && !state.possessed(slot);
  }

  /** Forgets what was followed where the leader may have changed anything unwatched. */
  @SuppressWarnings("ReferenceEquality")
  private void watch(Leadership leader) {
    if (leader != followed) {
      followed = leader;
      notes = leader.watch();
    }
    if (notes.isEverything()) {
      works.values().forEach(work -> work.known = WorkerAssignmentId.of(0));
    }
  }

  /** Returns the chunks of which a copy that is owed may be more urgent than it was. */
  private Set<ChunkNumber> reclassify(Leadership leader) {
    LifecycleView state = leader.mirror();
    if (notes.isEverything() || configVersion != state.configVersion()) {
      touched.addAll(coming.keySet());
    }
    for (int chunk = notes.chunks().nextSetBit(0);
        chunk >= 0;
        chunk = notes.chunks().nextSetBit(chunk + 1)) {
      boolean isThere =
          state.isChunk(chunk) && (state.isLive(chunk) || state.isMarked(chunk));
      ChunkNumber number = isThere ? state.chunkNumber(chunk) : null;
      if (number != null) {
        touched.add(number);
      }
    }
    Set<ChunkNumber> urgent = new LinkedHashSet<>(touched);
    for (ChunkNumber number : urgent) {
      settleWithReports(state, number);
      reclassify(state, number);
    }
    touched.clear();
    configVersion = state.configVersion();
    notes.clear();
    return urgent;
  }

  /**
   * Owes the copies that workers lack and that are not on the way, cancels those that they have.
   */
  private void settleWithReports(LifecycleView state, ChunkNumber number) {
    int chunk = state.chunkPosition(number);
    int first = chunk < 0 ? LifecycleView.NONE : state.firstReplica(chunk);
    for (int slot = first; slot != LifecycleView.NONE; slot = state.nextReplica(slot)) {
      WorkerId worker = state.workerId(state.replicaWorker(slot));
      Work work = works.get(worker);
      if (work != null && !isLacking(state, slot)) {
        cancelNeedless(work, number);
      } else if (work != null
          && !work.byChunk.containsKey(number)
          && work.arrived.getOrDefault(number, NEVER) != state.missingSince(slot)) {
        ChunkKey key = state.chunkKey(chunk);
        long bytes = state.chunkSizeBytes(chunk);
        work.arrived.remove(number);
        owe(new Task(0, worker, new SliceEntry(key, number, bytes, state.since(slot)), 0, NEVER));
      }
    }
  }

  private void reclassify(LifecycleView state, ChunkNumber number) {
    int chunk = state.chunkPosition(number);
    int before = 0;
    for (Task task : List.copyOf(coming.getOrDefault(number, List.of()))) {
      if (chunk < 0 || !isAlive(task)) {
        giveUp(task, GivenUp.Why.LOST);
      } else if (isKept(task, urgency(state, chunk, before, task.seconds))) {
        before++;
      } else {
        // Its new class is full: it is queued as new items are, which may shed another.
        scheduler.cancel(task.id);
        giveUp(task, GivenUp.Why.NO_ROOM);
      }
    }
  }

  private boolean isKept(Task task, Urgency now) {
    return scheduler
        .reclassify(task.id, now.priority, now.utility, Long.MAX_VALUE)
        .map(ScheduleOutcome::isAccepted)
        .orElse(true);
  }

  private boolean isAlive(Task task) {
    return scheduler.isPending(task.id) || scheduler.token(task.id).isPresent();
  }

  /** The scheduler forgets an item by itself. */
  private void lost(long id) {
    Task task = tasks.get(id);
    if (task == null) {
      listener.foreignLost(id);
    } else {
      giveUp(task, GivenUp.Why.LOST);
    }
  }

  private void takeBack(Task task) {
    scheduler.cancel(task.id);
    if (scheduler.token(task.id).isPresent()) {
      scheduler.complete(task.id);
    }
    giveUp(task, GivenUp.Why.NOT_LEADING);
  }

  private void giveUp(Task task, GivenUp.Why why) {
    forget(task);
    owe(task);
    givenUpCount++;
    listener.givenUp(new GivenUp(task.id, task.worker, Optional.ofNullable(task.entry), why));
  }

  /** A copy comes behind all that are owed. */
  private void owe(Task task) {
    SliceEntry entry = task.entry;
    if (entry == null) {
      owedSlices.add(task.worker);
    } else {
      Map<WorkerId, Task> others = owed.remove(entry.number());
      Map<WorkerId, Task> all = others == null ? new LinkedHashMap<>() : others;
      owedCopies += all.put(task.worker, task) == null ? 1 : 0;
      owed.put(entry.number(), all);
    }
  }

  private void settle(Task task) {
    SliceEntry entry = task.entry;
    if (entry == null) {
      owedSlices.remove(task.worker);
      return;
    }
    Map<WorkerId, Task> others = owed.get(entry.number());
    if (others != null && others.remove(task.worker) != null) {
      owedCopies--;
      if (others.isEmpty()) {
        owed.remove(entry.number());
      }
    }
  }

  private int visit(LifecycleView state, Work work, SliceDelta delta, long nowNanos) {
    for (ChunkNumber removed : delta.removed()) {
      work.arrived.remove(removed);
      Task task = work.byChunk.get(removed);
      if (task != null) {
        cancel(task);
      }
    }
    if (delta.from().isEmpty() || work.known.equals(WorkerAssignmentId.of(0))) {
      Set<ChunkNumber> named = new HashSet<>();
      delta.put().forEach(entry -> named.add(entry.number()));
      for (Task task : List.copyOf(work.byChunk.values())) {
        if (!named.contains(Objects.requireNonNull(task.entry).number())) {
          cancel(task);
        }
      }
    }
    WorkerId worker = delta.slice().worker();
    int queued = 0;
    for (SliceEntry entry : delta.put()) {
      queued += wants(state, work, entry, worker) ? queueChunk(state, work, entry, nowNanos) : 0;
    }
    boolean isNews = isWithSlices && (!delta.removed().isEmpty() || !delta.put().isEmpty());
    return queued + (isNews ? queueSlice(work, worker, delta.documentBytes(), nowNanos) : 0);
  }

  /** Whether a pair needs a transfer that is neither waiting nor under way. */
  private boolean wants(LifecycleView state, Work work, SliceEntry entry, WorkerId worker) {
    int chunk = state.chunkPosition(entry.number());
    int slot =
        chunk < 0 ? LifecycleView.NONE : state.findReplica(chunk, state.workerPosition(worker));
    Task task = work.byChunk.get(entry.number());
    if (!isLacking(state, slot)) {
      cancelNeedless(work, entry.number());
      return false;
    }
    if (task == null) {
      return work.arrived.getOrDefault(entry.number(), NEVER) != state.missingSince(slot);
    }
    if (isAlive(task)) {
      return false;
    }
    forget(task);
    return true;
  }

  /** The worker has the copy, or is not to have it: what is being sent ends by itself. */
  private void cancelNeedless(Work work, ChunkNumber number) {
    Task task = work.byChunk.get(number);
    if (task != null && scheduler.isPending(task.id)) {
      cancel(task);
    }
    work.arrived.remove(number);
  }

  private int queueChunk(LifecycleView state, Work work, SliceEntry entry, long nowNanos) {
    int chunk = state.chunkPosition(entry.number());
    List<Task> others = coming.getOrDefault(entry.number(), List.of());
    int before = (int) others.stream().filter(this::isAlive).count();
    WorkerId worker = state.workerId(work.position);
    double seconds = seconds(worker, entry.sizeBytes());
    int slot = state.findReplica(chunk, work.position);
    Task task = new Task(nextId++, worker, entry, seconds, state.missingSince(slot));
    Urgency urgency = urgency(state, chunk, before, seconds);
    if (!queue(work, task, urgency, entry.sizeBytes(), nowNanos)) {
      return 0;
    }
    work.byChunk.put(entry.number(), task);
    work.awaited.computeIfAbsent(entry.since(), key -> new HashSet<>()).add(entry.number());
    coming.computeIfAbsent(entry.number(), key -> new ArrayList<>()).add(task);
    return 1;
  }

  /** The urgency of a copy of a chunk, behind so many that were queued before it. */
  private static Urgency urgency(LifecycleView state, int chunk, int queuedBefore, double seconds) {
    int possessed = 0;
    for (int slot = state.firstReplica(chunk);
        slot != LifecycleView.NONE;
        slot = state.nextReplica(slot)) {
      boolean isCounted = state.possessed(slot) && state.isCounted(state.replicaWorker(slot));
      possessed += isCounted ? 1 : 0;
    }
    int floor = state.floor(chunk);
    double utility = (double) Math.max(1, state.weight(chunk)) / (1 + possessed);
    boolean isLacking = possessed + queuedBefore < floor;
    boolean isOld = state.isOncePossessed(chunk);
    if (isOld && possessed < floor && (possessed <= 1 || 2 * possessed < floor)) {
      return atRisk(2 * possessed + (isLacking ? 0 : 1), utility / seconds, seconds);
    }
    if (!isLacking) {
      return new Urgency(PriorityClass.PREFETCH, utility);
    }
    return new Urgency(isOld ? PriorityClass.REPAIR : PriorityClass.DATA, utility);
  }

  /** The lower rank goes first, then what is more useful per second. */
  private static Urgency atRisk(int rank, double perSecond, double seconds) {
    double share = 1 + perSecond / (1 + perSecond);
    double efficiency = Math.scalb(AT_RISK * share, 2 * (RANKS - Math.min(rank, RANKS)));
    return new Urgency(PriorityClass.DATA, efficiency * seconds);
  }

  private int queueSlice(Work work, WorkerId worker, long bytes, long nowNanos) {
    if (work.manifest != null) {
      cancel(work.manifest);
    }
    Task task = new Task(nextId++, worker, null, seconds(worker, bytes), NEVER);
    if (!queue(work, task, Urgency.OF_SLICE, bytes, nowNanos)) {
      return 0;
    }
    work.manifest = task;
    return 1;
  }

  private double seconds(WorkerId worker, long bytes) {
    double seconds = cost.seconds(worker, bytes);
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
    return Math.min(Math.max(seconds, LEAST_SECONDS), MOST_SECONDS);
  }

  /** Owes it for as long as the scheduler has not taken it. */
  private boolean queue(Work work, Task task, Urgency urgency, long bytes, long nowNanos) {
    owe(task);
    ContentItem item =
        ContentItem.of(task.id, urgency.priority, bytes, task.seconds, urgency.utility)
            .inStream(work.position)
            .to(task.worker.value());
    if (!scheduler.schedule(item, nowNanos).isAccepted()) {
      return false;
    }
    settle(task);
    tasks.put(task.id, task);
    return true;
  }

  /**
   * Returns who possesses what a transfer sends, in the order of positions; empty if this process
   * does not lead. Whatever hinders the answer, the transfer is not lost.
   */
  private Optional<List<WorkerId>> sources(Task task) {
    SliceEntry entry = task.entry;
    try {
      return desk.ask(
          leader ->
              Optional.of(entry == null ? List.of() : holders(leader.mirror(), entry.number())),
          Optional::empty);
    } catch (RuntimeException e) {
      takeBack(task);
      throw e;
    }
  }

  private static List<WorkerId> holders(LifecycleView state, ChunkNumber number) {
    int chunk = state.chunkPosition(number);
    List<WorkerId> holders = new ArrayList<>();
    int first = chunk < 0 ? LifecycleView.NONE : state.firstReplica(chunk);
    for (int slot = first; slot != LifecycleView.NONE; slot = state.nextReplica(slot)) {
      if (state.possessed(slot)) {
        holders.add(state.workerId(state.replicaWorker(slot)));
      }
    }
    return holders;
  }

  private void cancelAll(Work work) {
    List.copyOf(work.byChunk.values()).forEach(this::cancel);
    if (work.manifest != null) {
      cancel(work.manifest);
    }
  }

  private void cancel(Task task) {
    scheduler.cancel(task.id);
    forget(task);
  }

  private void forget(Task task) {
    tasks.remove(task.id);
    Work work = works.get(task.worker);
    SliceEntry entry = task.entry;
    if (entry == null) {
      if (work != null && task.equals(work.manifest)) {
        work.manifest = null;
      }
      return;
    }
    if (work != null) {
      work.byChunk.remove(entry.number(), task);
    }
    List<Task> others = coming.get(entry.number());
    if (others != null && others.remove(task)) {
      touched.add(entry.number());
      if (others.isEmpty()) {
        coming.remove(entry.number());
      }
    }
  }
}
