package dev.stowage.store.spi;

import dev.stowage.config.LifecycleConfig;
import dev.stowage.lifecycle.LifecycleView;
import dev.stowage.lifecycle.documents.PortalAssignment;
import dev.stowage.lifecycle.documents.PortalAssignment.PortalDelta;
import dev.stowage.lifecycle.documents.RetainedAssignments;
import dev.stowage.lifecycle.documents.WorkerAssignment;
import dev.stowage.lifecycle.documents.WorkerSlice;
import dev.stowage.lifecycle.documents.WorkerSlice.SliceDelta;
import dev.stowage.model.Lineage;
import dev.stowage.model.PortalAssignmentId;
import dev.stowage.model.Tick;
import dev.stowage.model.WorkerAssignmentId;
import dev.stowage.model.WorkerId;
import dev.stowage.store.FleetView;
import dev.stowage.store.FleetView.AssignmentIds;
import dev.stowage.store.StorageException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** The published assignments of a mirror, sharing unchanged parts with older ones. */
@SuppressWarnings("exports") // states are for our own stores
public final class MirrorView implements FleetView {
  private final WorkerAssignment workers;
  private final PortalAssignment portals;
  private final List<WorkerAssignment> olderWorkers;
  private final List<PortalAssignment> olderPortals;
  private final List<WorkerId> strained;
  private final Tick tick;
  private final LifecycleConfig config;
  private final long portalWindow;

  private MirrorView(LifecycleView state) {
    workers = state.workerAssignment();
    portals = state.portalAssignment();
    RetainedAssignments retained = state.retainedAssignments();
    olderWorkers = retained.workers();
    olderPortals = retained.portals();
    strained = state.strainedWorkers();
    tick = state.largestTick();
    config = state.config();
    portalWindow = state.portalWindowTicks();
  }

  /** Returns the view of a mirror as of its last command, or of a snapshot. */
  public static FleetView of(LifecycleView state) {
    return new MirrorView(state);
  }

  @Override
  public AssignmentIds ids() {
    return new AssignmentIds(workers.id(), portals.id());
  }

  @Override
  public Lineage lineage() {
    return workers.lineage();
  }

  @Override
  public Tick tick() {
    return tick;
  }

  @Override
  public LifecycleConfig config() {
    return config;
  }

  @Override
  public Optional<WorkerSlice> slice(WorkerId worker) {
    return workers.slice(Objects.requireNonNull(worker, "worker")).map(MirrorView::checked);
  }

  @Override
  public Optional<SliceDelta> sliceSince(
      WorkerId worker, Lineage lineage, WorkerAssignmentId known) {
    Objects.requireNonNull(worker, "worker");
    Objects.requireNonNull(lineage, "lineage");
    Objects.requireNonNull(known, "known");
    for (WorkerAssignment older : olderWorkers) {
      if (older.id().equals(known) && older.lineage().equals(lineage)) {
        return deltaSince(older, worker);
      }
    }
    return slice(worker)
        .map(slice -> new SliceDelta(Optional.empty(), slice, List.of(), slice.entries()));
  }

  private Optional<SliceDelta> deltaSince(WorkerAssignment older, WorkerId worker) {
    Optional<WorkerSlice> now = workers.slice(worker);
    Optional<WorkerSlice> then = older.slice(worker);
    if (now.isPresent() && then.isPresent() && older.lineage().equals(workers.lineage())) {
      require(now.get().addsUpSince(then.get()), worker);
    } else {
      now.ifPresent(MirrorView::checked);
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

  @Override
  public PortalAssignment portalAssignment() {
    return portals;
  }

  @Override
  public List<WorkerId> strainedWorkers() {
    return strained;
  }

  @Override
  public long portalWindowTicks() {
    return portalWindow;
  }

  @Override
  public PortalDelta portalSince(Lineage lineage, PortalAssignmentId known) {
    Objects.requireNonNull(lineage, "lineage");
    Objects.requireNonNull(known, "known");
    for (PortalAssignment older : olderPortals) {
      if (older.id().equals(known) && older.lineage().equals(lineage)) {
        return portals.deltaSince(older);
      }
    }
    return portals.full();
  }
}
