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
import dev.stowage.model.ChunkNumber;
import dev.stowage.model.Lineage;
import dev.stowage.model.WorkerAssignmentId;
import dev.stowage.model.WorkerId;
import dev.stowage.store.FleetView;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
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
 *       one counted worker or by fewer than half its floor;
 *   <li>Data, if the floor of a chunk that nobody possessed yet lacks the copy;
 *   <li>Repair, if the floor of another chunk lacks it;
 *   <li>Prefetch, if the floor is met without it, though it may replace a copy.
 * </ul>
 *
 * <p>{@link #follow} gives a copy that waits another class when another copy arrives or is lost, a
 * holder departs or a floor changes. What was given up, or had no room in the queue, is queued
 * again by the next {@link #follow}. What the scheduler sheds, and what a worker reports as lost,
 * changes no slice: {@link #reconcile} queues it again. What a worker holds is known from its own
 * reports alone: an arrival that is told here ends a transfer, no more. Nothing here is stored;
 * after a change of leader, a fresh one reconciles. Belongs to one thread at a time; commands may
 * go on in others.
 */
public final class Transfers {
  /** The smallest id of a transfer: a host's own items in the same scheduler have smaller ones. */
  public static final long FIRST_ID = 1L << 62;

  /**
   * How much more a copy of a chunk at risk is worth for each copy that its chunk has not: more
   * than copies differ in the time that they take.
   */
  private static final double PER_COPY_LACKING = 1e9;

  private static final int MOST_COPIES_COUNTED = 3;

  /** After so many refusals the queue is full, and the rest waits for the next {@link #follow}. */
  private static final int MOST_REFUSALS = 100;

  private final Desk desk;
  private final ContentScheduler scheduler;
  private final PathCost cost;
  private final Map<WorkerId, Work> works = new TreeMap<>();
  private final Map<Long, Task> tasks = new HashMap<>();

  /** Copies on the way by chunk, in the order in which they were queued. */
  private final Map<ChunkNumber, List<Task>> coming = new HashMap<>();

  /** What was given up, shed or refused, for the next {@link #follow} to queue again. */
  private final ArrayDeque<Task> givenUp = new ArrayDeque<>();

  /** Chunks of which a copy went out of the queue since the last {@link #follow}. */
  private final Set<ChunkNumber> left = new HashSet<>();

  private @Nullable Leadership followed;
  private ChangeNotes notes = new ChangeNotes();
  private long configVersion;
  private long nextId = FIRST_ID;
  private boolean isWithSlices = true;

  /** What is known of one worker: up to which assignment, and what is on the way. */
  private static final class Work {
    private final Map<ChunkNumber, Task> byChunk = new LinkedHashMap<>();
    private @Nullable Task manifest;
    private Lineage lineage = Lineage.of(0);
    private WorkerAssignmentId known = WorkerAssignmentId.of(0);
    private int position;
  }

  /** A transfer; without a chunk it is the slice. */
  private record Task(long id, WorkerId worker, @Nullable SliceEntry entry) {}

  private record Urgency(PriorityClass priority, double utility) {
    static final Urgency OF_SLICE = new Urgency(PriorityClass.MANIFEST, 1);
  }

  /** What a transfer takes. */
  @FunctionalInterface
  public interface PathCost {
    /**
     * The seconds that sending is expected to take; finite and at least 0.
     *
     * @param worker where it goes
     * @param bytes how much
     */
    double seconds(WorkerId worker, long bytes);
  }

  /** What goes next, or why nothing does. */
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
   * what it asks no longer, queues again what was given up, and gives copies that wait the class
   * that their chunk has now. Costs in proportion to what changed; a changed configuration concerns
   * every copy that waits.
   *
   * @return how many transfers were queued
   * @throws StowageException if this process does not lead
   */
  public int follow(long nowNanos) {
    return desk.ask(leader -> {
      int queued = visit(leader.mirror(), leader.view(), nowNanos);
      reclassify(leader);
      return queued + queueAgain(leader.mirror(), nowNanos);
    });
  }

  /**
   * The same over all that is assigned, whatever was followed before: what was dropped on the way,
   * or was lost by a worker that is still to hold it, is queued again. Costs in proportion to all
   * replicas.
   *
   * @return how many transfers were queued
   * @throws StowageException if this process does not lead
   */
  public int reconcile(long nowNanos) {
    works.values().forEach(work -> work.known = WorkerAssignmentId.of(0));
    return follow(nowNanos);
  }

  /** Returns what goes next, or why nothing does; an item that it names has left the queue. */
  public Next next(long nowNanos) {
    desk.requireOpen();
    Decision decision = scheduler.decide(nowNanos);
    if (decision instanceof Decision.Throttled throttled) {
      return new Throttled(throttled);
    }
    if (decision instanceof Decision.Selected selected) {
      Task task = tasks.get(selected.item().id());
      return task == null
          ? new Foreign(selected)
          : new Transfer(
              task.id, task.worker, Optional.ofNullable(task.entry), sources(task), selected);
    }
    return new Idle((Decision.Idle) decision);
  }

  /** A transfer has arrived; whether it was on the way. */
  public boolean arrived(long id) {
    desk.requireOpen();
    boolean known = scheduler.complete(id);
    Task task = tasks.get(id);
    if (known && task != null) {
      forget(task);
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
    if (task != null && !(outcome instanceof FailureOutcome.Retry)) {
      giveUp(task);
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

  private int queueAgain(LifecycleView state, long nowNanos) {
    int queued = 0;
    int refused = 0;
    for (int rest = givenUp.size(); rest > 0 && refused < MOST_REFUSALS; rest--) {
      Task task = givenUp.remove();
      Work work = works.get(task.worker);
      SliceEntry entry = task.entry;
      if (work != null
          && entry != null
          && isAssigned(state, task.worker, entry.number())
          && wants(state, work, entry, task.worker)) {
        int added = queueChunk(state, work, entry, nowNanos);
        queued += added;
        refused += 1 - added;
      }
    }
    return queued;
  }

  private static boolean isAssigned(LifecycleView state, WorkerId worker, ChunkNumber number) {
    int chunk = state.chunkPosition(number);
    int position = state.workerPosition(worker);
    int slot = chunk < 0 || position < 0 ? LifecycleView.NONE : state.findReplica(chunk, position);
    return slot != LifecycleView.NONE && state.replicaState(slot) == ReplicaState.ASSIGNED;
  }

  @SuppressWarnings("ReferenceEquality")
  private void reclassify(Leadership leader) {
    LifecycleView state = leader.mirror();
    if (leader != followed) {
      followed = leader;
      notes = leader.watch();
    }
    if (notes.isEverything() || configVersion != state.configVersion()) {
      List.copyOf(coming.keySet()).forEach(number -> reclassify(state, number));
    } else {
      notes.chunks().stream()
          .filter(state::isLive)
          .mapToObj(state::chunkNumber)
          .filter(Objects::nonNull)
          .forEach(left::add);
      List.copyOf(left).forEach(number -> reclassify(state, number));
    }
    left.clear();
    configVersion = state.configVersion();
    notes.clear();
  }

  private void reclassify(LifecycleView state, ChunkNumber number) {
    int chunk = state.chunkPosition(number);
    int before = 0;
    for (Task task : List.copyOf(coming.getOrDefault(number, List.of()))) {
      if (chunk < 0 || !isAlive(task)) {
        giveUp(task);
      } else if (isKept(task, urgency(state, chunk, before))) {
        before++;
      } else {
        // Its new class is full: it is queued as new items are, which may shed another.
        scheduler.cancel(task.id);
        giveUp(task);
      }
    }
  }

  private boolean isKept(Task task, Urgency now) {
    return scheduler
        .reclassify(task.id, now.priority, now.utility, Long.MAX_VALUE)
        .map(ScheduleOutcome::isAccepted)
        .orElse(true);
  }

  /** Whether it waits, for whatever, or is being sent. */
  private boolean isAlive(Task task) {
    return scheduler.isPending(task.id) || scheduler.token(task.id).isPresent();
  }

  /** A slice is made anew by the visit that comes next. */
  private void giveUp(Task task) {
    forget(task);
    Work work = works.get(task.worker);
    if (task.entry != null) {
      givenUp.add(task);
    } else if (work != null) {
      work.known = WorkerAssignmentId.of(0);
    }
  }

  private int visit(LifecycleView state, Work work, SliceDelta delta, long nowNanos) {
    for (ChunkNumber removed : delta.removed()) {
      Task task = work.byChunk.get(removed);
      if (task != null) {
        cancel(task);
      }
    }
    if (delta.from().isEmpty()) {
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
    return queued + (isNews ? queueSlice(work, delta, nowNanos) : 0);
  }

  /** Whether a pair needs a transfer that is neither waiting nor under way. */
  private boolean wants(LifecycleView state, Work work, SliceEntry entry, WorkerId worker) {
    int chunk = state.chunkPosition(entry.number());
    int slot =
        chunk < 0 ? LifecycleView.NONE : state.findReplica(chunk, state.workerPosition(worker));
    Task task = work.byChunk.get(entry.number());
    if (slot == LifecycleView.NONE || state.possessed(slot)) {
      if (task != null && scheduler.isPending(task.id)) {
        cancel(task);
      }
      return false;
    }
    if (task == null) {
      return true;
    }
    if (isAlive(task)) {
      return false;
    }
    forget(task);
    return true;
  }

  private int queueChunk(LifecycleView state, Work work, SliceEntry entry, long nowNanos) {
    int chunk = state.chunkPosition(entry.number());
    List<Task> others = coming.getOrDefault(entry.number(), List.of());
    int before = (int) others.stream().filter(this::isAlive).count();
    Task task = new Task(nextId++, state.workerId(work.position), entry);
    Urgency urgency = urgency(state, chunk, before);
    if (!queue(work, task, urgency, entry.sizeBytes(), nowNanos)) {
      givenUp.add(task);
      return 0;
    }
    work.byChunk.put(entry.number(), task);
    coming.computeIfAbsent(entry.number(), key -> new ArrayList<>()).add(task);
    return 1;
  }

  /** The urgency of a copy of a chunk, behind so many that were queued before it. */
  private static Urgency urgency(LifecycleView state, int chunk, int queuedBefore) {
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
    if (!isLacking) {
      return new Urgency(PriorityClass.PREFETCH, utility);
    }
    if (!state.isOncePossessed(chunk)) {
      return new Urgency(PriorityClass.DATA, utility);
    }
    boolean isAtRisk = possessed <= 1 || 2 * possessed < floor;
    int lacking = 1 + MOST_COPIES_COUNTED - Math.min(possessed, MOST_COPIES_COUNTED);
    return isAtRisk
        ? new Urgency(PriorityClass.DATA, utility * Math.pow(PER_COPY_LACKING, lacking))
        : new Urgency(PriorityClass.REPAIR, utility);
  }

  private int queueSlice(Work work, SliceDelta delta, long nowNanos) {
    if (work.manifest != null) {
      cancel(work.manifest);
    }
    Task task = new Task(nextId++, delta.slice().worker(), null);
    if (!queue(work, task, Urgency.OF_SLICE, delta.documentBytes(), nowNanos)) {
      return 0;
    }
    work.manifest = task;
    return 1;
  }

  private boolean queue(Work work, Task task, Urgency urgency, long bytes, long nowNanos) {
    double seconds = cost.seconds(task.worker, bytes);
    ContentItem item =
        ContentItem.of(task.id, urgency.priority, bytes, seconds, urgency.utility)
            .inStream(work.position)
            .to(task.worker.value());
    if (!scheduler.schedule(item, nowNanos).isAccepted()) {
      return false;
    }
    tasks.put(task.id, task);
    return true;
  }

  /** Who possesses what a transfer sends, in the order of their positions. */
  private List<WorkerId> sources(Task task) {
    SliceEntry entry = task.entry;
    if (entry == null) {
      return List.of();
    }
    return desk.ask(leader -> {
      LifecycleView state = leader.mirror();
      int chunk = state.chunkPosition(entry.number());
      List<WorkerId> sources = new ArrayList<>();
      int first = chunk < 0 ? LifecycleView.NONE : state.firstReplica(chunk);
      for (int slot = first; slot != LifecycleView.NONE; slot = state.nextReplica(slot)) {
        if (state.possessed(slot)) {
          sources.add(state.workerId(state.replicaWorker(slot)));
        }
      }
      return sources;
    });
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
      work.byChunk.remove(entry.number());
    }
    List<Task> others = coming.get(entry.number());
    if (others != null && others.remove(task)) {
      left.add(entry.number());
      if (others.isEmpty()) {
        coming.remove(entry.number());
      }
    }
  }
}
