package dev.stowage;

import dev.stowage.content.ContentItem;
import dev.stowage.content.ContentScheduler;
import dev.stowage.content.Decision;
import dev.stowage.content.FailureOutcome;
import dev.stowage.content.PriorityClass;
import dev.stowage.engine.Desk;
import dev.stowage.lifecycle.LifecycleView;
import dev.stowage.lifecycle.ReplicaState;
import dev.stowage.lifecycle.documents.SliceDelta;
import dev.stowage.lifecycle.documents.SliceEntry;
import dev.stowage.model.ChunkNumber;
import dev.stowage.model.Lineage;
import dev.stowage.model.WorkerAssignmentId;
import dev.stowage.model.WorkerId;
import dev.stowage.store.FleetView;
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
 * <p>After a scheduling cycle {@link #follow} queues what the new assignment asks of each worker
 * and cancels what it no longer asks; the transport takes {@link #next} and says what became of it.
 * The slice itself goes as Manifest; a chunk as Data where its floor lacks a copy, as Repair where
 * it lacks one although it had been possessed before, and as Prefetch above the floor. The
 * destination and the flow are the worker, so that workers share and each can be paced.
 *
 * <p>What the scheduler drops (sheds, gives up) and what a worker reports as lost changes no slice:
 * {@link #reconcile} queues it again. What a worker holds is known from its own reports alone: an
 * arrival that is told here ends a transfer, no more. Nothing here is stored; after a change of
 * leader, a fresh one reconciles. Belongs to one thread at a time; commands may go on in others.
 */
public final class Transfers {
  private final Desk desk;
  private final ContentScheduler scheduler;
  private final PathCost cost;
  private final Map<WorkerId, Work> works = new TreeMap<>();
  private final Map<Long, Task> tasks = new HashMap<>();

  /** Floor copies on the way, by chunk. */
  private final Map<ChunkNumber, Integer> floorsComing = new HashMap<>();

  private long nextId = 1;

  /** What is known of one worker: up to which assignment, and what is on the way. */
  private static final class Work {
    private final Map<ChunkNumber, Task> byChunk = new LinkedHashMap<>();
    private @Nullable Task manifest;
    private Lineage lineage = Lineage.of(0);
    private WorkerAssignmentId known = WorkerAssignmentId.of(0);
    private int position;
  }

  /** A transfer, of a floor copy or not; without a chunk it is the slice. */
  private record Task(long id, WorkerId worker, @Nullable SliceEntry entry, boolean isFloor) {}

  private record Content(PriorityClass priority, long bytes, double utility) {}

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

  /**
   * Something to send now.
   *
   * @param id by which it is answered for
   * @param worker where it goes
   * @param chunk what goes; empty for the worker's slice
   * @param sources who possesses the chunk; empty while nobody does: it comes from its origin
   */
  public record Transfer(
      long id, WorkerId worker, Optional<SliceEntry> chunk, List<WorkerId> sources) {
    /** Copies the list. */
    public Transfer {
      Objects.requireNonNull(worker, "worker");
      Objects.requireNonNull(chunk, "chunk");
      sources = List.copyOf(sources);
    }
  }

  /**
   * What goes next, or why nothing does.
   *
   * @param decision the scheduler's, with its evidence
   * @param transfer what to send, if the decision selected something
   */
  public record Next(Decision decision, Optional<Transfer> transfer) {}

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
   * Queues what the newest assignment asks of workers and the one followed before did not, and
   * cancels what it asks no longer.
   *
   * @return how many transfers were queued
   * @throws StowageException if this process does not lead
   */
  public int follow(long nowNanos) {
    return desk.ask(leader -> visit(leader.mirror(), leader.view(), nowNanos));
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

  /** What goes next. */
  public Next next(long nowNanos) {
    desk.requireOpen();
    Decision decision = scheduler.decide(nowNanos);
    Optional<Task> task = decision.selected().map(selected -> task(selected.item().id()));
    return new Next(
        decision,
        task.map(t -> new Transfer(t.id, t.worker, Optional.ofNullable(t.entry), sources(t))));
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

  /** A transfer has failed: it waits and goes again, or not. */
  public FailureOutcome failed(long id, String reason, long nowNanos) {
    Objects.requireNonNull(reason, "reason");
    desk.requireOpen();
    FailureOutcome outcome = scheduler.fail(id, reason, nowNanos);
    Task task = tasks.get(id);
    if (task != null && !(outcome instanceof FailureOutcome.Retry)) {
      forget(task);
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
    boolean isNews = !delta.removed().isEmpty() || !delta.put().isEmpty();
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
    if (scheduler.isPending(task.id) || scheduler.token(task.id).isPresent()) {
      return false;
    }
    forget(task);
    return true;
  }

  private int queueChunk(LifecycleView state, Work work, SliceEntry entry, long nowNanos) {
    int chunk = state.chunkPosition(entry.number());
    int planned = 0;
    int anywhere = 0;
    for (int slot = state.firstReplica(chunk);
        slot != LifecycleView.NONE;
        slot = state.nextReplica(slot)) {
      boolean possessed = state.possessed(slot);
      anywhere += possessed ? 1 : 0;
      planned += possessed && state.replicaState(slot) == ReplicaState.ASSIGNED ? 1 : 0;
    }
    int floor = state.floor(chunk);
    int coming = floorsComing.getOrDefault(entry.number(), 0);
    boolean isFloor = planned + coming < floor;
    boolean isLost = state.isOncePossessed(chunk) && anywhere + coming < floor;
    PriorityClass priority =
        !isFloor ? PriorityClass.PREFETCH : isLost ? PriorityClass.REPAIR : PriorityClass.DATA;
    WorkerId worker = state.workerId(work.position);
    double utility = (double) Math.max(1, state.weight(chunk)) / (1 + anywhere);
    Task task = new Task(nextId++, worker, entry, isFloor);
    if (!queue(work, task, new Content(priority, entry.sizeBytes(), utility), nowNanos)) {
      return 0;
    }
    work.byChunk.put(entry.number(), task);
    if (isFloor) {
      floorsComing.merge(entry.number(), 1, Integer::sum);
    }
    return 1;
  }

  private int queueSlice(Work work, SliceDelta delta, long nowNanos) {
    if (work.manifest != null) {
      cancel(work.manifest);
    }
    Task task = new Task(nextId++, delta.slice().worker(), null, false);
    if (!queue(
        work, task, new Content(PriorityClass.MANIFEST, delta.documentBytes(), 1), nowNanos)) {
      return 0;
    }
    work.manifest = task;
    return 1;
  }

  private boolean queue(Work work, Task task, Content what, long nowNanos) {
    double seconds = cost.seconds(task.worker, what.bytes);
    ContentItem item =
        ContentItem.of(task.id, what.priority, what.bytes, seconds, what.utility)
            .inStream(work.position)
            .to(task.worker.value());
    if (!scheduler.schedule(item, nowNanos).isAccepted()) {
      return false;
    }
    tasks.put(task.id, task);
    return true;
  }

  private Task task(long id) {
    Task task = tasks.get(id);
    if (task == null) {
      throw new IllegalStateException("item " + id + " was not queued here");
    }
    return task;
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
    if (task.isFloor) {
      floorsComing.merge(entry.number(), -1, Integer::sum);
      floorsComing.remove(entry.number(), 0);
    }
  }
}
