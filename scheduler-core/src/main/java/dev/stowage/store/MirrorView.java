package dev.stowage.store;

import dev.stowage.lifecycle.LifecycleState;
import dev.stowage.lifecycle.documents.PortalAssignment;
import dev.stowage.lifecycle.documents.PortalDelta;
import dev.stowage.lifecycle.documents.SliceDelta;
import dev.stowage.lifecycle.documents.WorkerAssignment;
import dev.stowage.lifecycle.documents.WorkerSlice;
import dev.stowage.model.Lineage;
import dev.stowage.model.PortalAssignmentId;
import dev.stowage.model.WorkerAssignmentId;
import dev.stowage.model.WorkerId;
import java.util.List;
import java.util.Optional;

/** The assignments that a mirror has published; they share what did not change with older ones. */
final class MirrorView implements FleetView {
  private final WorkerAssignment workers;
  private final PortalAssignment portals;
  private final List<WorkerAssignment> olderWorkers;
  private final List<PortalAssignment> olderPortals;

  MirrorView(LifecycleState state) {
    workers = state.workerAssignment();
    portals = state.portalAssignment();
    olderWorkers = state.retainedWorkerAssignments();
    olderPortals = state.retainedPortalAssignments();
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
  public Optional<WorkerSlice> slice(WorkerId worker) {
    return workers.slice(worker);
  }

  @Override
  public Optional<SliceDelta> sliceSince(
      WorkerId worker, Lineage lineage, WorkerAssignmentId known) {
    for (WorkerAssignment older : olderWorkers) {
      if (older.id().equals(known) && older.lineage().equals(lineage)) {
        return workers.deltaSince(older, worker);
      }
    }
    return workers
        .slice(worker)
        .map(slice -> new SliceDelta(Optional.empty(), slice, List.of(), slice.entries()));
  }

  @Override
  public PortalAssignment portalAssignment() {
    return portals;
  }

  @Override
  public PortalDelta portalSince(Lineage lineage, PortalAssignmentId known) {
    for (PortalAssignment older : olderPortals) {
      if (older.id().equals(known) && older.lineage().equals(lineage)) {
        return portals.deltaSince(older);
      }
    }
    return portals.full();
  }
}
