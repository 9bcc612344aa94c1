package dev.stowage.store;

import dev.stowage.config.LifecycleConfig;
import dev.stowage.lifecycle.LifecycleView;
import dev.stowage.lifecycle.documents.PortalAssignment;
import dev.stowage.lifecycle.documents.RetainedAssignments;
import dev.stowage.lifecycle.documents.RoutesDocument;
import dev.stowage.lifecycle.documents.SliceDocument;
import dev.stowage.lifecycle.documents.WorkerAssignment;
import dev.stowage.lifecycle.documents.WorkerSlice;
import dev.stowage.model.Lineage;
import dev.stowage.model.PortalAssignmentId;
import dev.stowage.model.Tick;
import dev.stowage.model.WorkerAssignmentId;
import dev.stowage.model.WorkerId;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Both assignments at one moment, sharing unchanged parts with older views. Immutable, safe to read
 * from any thread as the writer goes on.
 */
public class FleetView {
  private final WorkerAssignment workers;
  private final PortalAssignment portals;
  private final RetainedAssignments retained;
  private final List<WorkerId> strained;
  private final LifecycleConfig config;
  private final long portalWindow;
  private final Tick tick;
  private final Optional<Tick> windowTick;

  /** Creates the view of a state as of its last command, or of a snapshot. */
  @SuppressWarnings("exports") // states are for our own stores
  public FleetView(LifecycleView state) {
    workers = state.workerAssignment();
    portals = state.portalAssignment();
    retained = state.retainedAssignments();
    strained = state.strainedWorkers();
    config = state.config();
    portalWindow = state.portalWindowTicks();
    tick = state.largestTick();
    windowTick = Optional.empty();
  }

  /** Creates an equal view, whose methods a test overrides. */
  protected FleetView(FleetView other) {
    this(other, other.tick, other.windowTick);
  }

  private FleetView(FleetView other, Tick tick, Optional<Tick> windowTick) {
    workers = other.workers;
    portals = other.portals;
    retained = other.retained;
    strained = other.strained;
    config = other.config;
    portalWindow = other.portalWindow;
    this.tick = tick;
    this.windowTick = windowTick;
  }

  /** Returns the view at the tick of a later cycle, which changed nothing else. */
  public FleetView at(Tick later) {
    Objects.requireNonNull(later, "later");
    return tick.equals(later) ? this : new FleetView(this, later, windowTick);
  }

  /** Returns the view whose routes a cycle under way may end, with windows from a tick on. */
  public FleetView publishing(Tick from) {
    return new FleetView(this, tick, Optional.of(Objects.requireNonNull(from, "from")));
  }

  /** Returns the newest assignments. */
  public AssignmentIds ids() {
    return new AssignmentIds(workers.id(), portals.id());
  }

  /** Returns the lineage of the assignments. */
  public Lineage lineage() {
    return workers.lineage();
  }

  /** Returns the largest tick that a cycle has worked with, whether or not it changed anything. */
  public Tick tick() {
    return tick;
  }

  /** Returns the configuration of the fleet. */
  public LifecycleConfig config() {
    return config;
  }

  /**
   * Returns what a worker must hold; empty if it is unknown or has departed. Throws {@link
   * StorageException.Corrupt} if the checksum differs, as a worker deletes unnamed chunks.
   */
  public Optional<WorkerSlice> slice(WorkerId worker) {
    return workers.slice(worker).map(FleetView::checked);
  }

  /**
   * Returns a worker's changes since a known assignment, or a full document if that is not retained
   * or of another lineage, whose ids lost commits may repeat; empty if the worker is unknown or
   * departed. Throws {@link StorageException.Corrupt} as {@link #slice}.
   */
  public Optional<SliceDocument> sliceSince(
      WorkerId worker, Lineage lineage, WorkerAssignmentId known) {
    Objects.requireNonNull(worker, "worker");
    Objects.requireNonNull(lineage, "lineage");
    Objects.requireNonNull(known, "known");
    for (WorkerAssignment older : retained.workers()) {
      if (older.id().equals(known) && older.lineage().equals(lineage)) {
        return deltaSince(older, worker);
      }
    }
    return slice(worker).map(SliceDocument::of);
  }

  private Optional<SliceDocument> deltaSince(WorkerAssignment older, WorkerId worker) {
    Optional<WorkerSlice> now = workers.slice(worker);
    Optional<WorkerSlice> then = older.slice(worker);
    if (now.isPresent() && then.isPresent() && older.lineage().equals(workers.lineage())) {
      require(now.get().addsUpSince(then.get()), worker);
    } else {
      now.ifPresent(FleetView::checked);
    }
    return workers.deltaSince(older, worker);
  }

  private static WorkerSlice checked(WorkerSlice slice) {
    require(slice.addsUp(), slice.worker());
    return slice;
  }

  private static void require(boolean addsUp, WorkerId worker) {
    if (!addsUp) {
      throw new StorageException.Corrupt(
          "the slice of worker "
              + worker
              + " does not add up to the checksum in its row; nothing is served to it: run audit,"
              + " then restore a backup",
          null);
    }
  }

  /** Returns the assignment that portals route by. */
  public PortalAssignment portalAssignment() {
    return portals;
  }

  /**
   * Returns the workers that last reported {@code HIGH} or {@code CRITICAL} pressure, in the order
   * of ids: a hint for {@link dev.stowage.lifecycle.documents.Route#workersFor}, part of no
   * assignment. Empty where it is not known.
   */
  public List<WorkerId> strainedWorkers() {
    return strained;
  }

  /**
   * Returns the ticks for which a portal may use routes that it asks for now: the drain window,
   * less the allowed skew unless it is known that the store has no clock.
   */
  public long portalWindowTicks() {
    return portalWindow;
  }

  /**
   * Returns the tick of the host from which {@link #portalWindowTicks} count, since a cycle that is
   * being committed may end routes of this view; empty if they count from the request.
   */
  public Optional<Tick> windowTick() {
    return windowTick;
  }

  /**
   * Returns the portals' changes since a known assignment, or a full document if that is not
   * retained or of another lineage, whose ids lost commits may repeat.
   */
  public RoutesDocument portalSince(Lineage lineage, PortalAssignmentId known) {
    Objects.requireNonNull(lineage, "lineage");
    Objects.requireNonNull(known, "known");
    for (PortalAssignment older : retained.portals()) {
      if (older.id().equals(known) && older.lineage().equals(lineage)) {
        return portals.deltaSince(older);
      }
    }
    return portals.full();
  }

  /** The newest worker and portal assignments of a mirror or of the store. */
  public record AssignmentIds(WorkerAssignmentId worker, PortalAssignmentId portal) {}
}
