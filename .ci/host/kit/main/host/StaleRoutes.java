package host;

import dev.stowage.config.LifecycleConfig;
import dev.stowage.lifecycle.documents.PortalAssignment.PortalDelta;
import dev.stowage.lifecycle.documents.PortalAssignment;
import dev.stowage.lifecycle.documents.WorkerSlice.SliceDelta;
import dev.stowage.lifecycle.documents.WorkerSlice;
import dev.stowage.model.Lineage;
import dev.stowage.model.PortalAssignmentId;
import dev.stowage.model.Tick;
import dev.stowage.model.WorkerAssignmentId;
import dev.stowage.model.WorkerId;
import dev.stowage.store.FleetView.AssignmentIds;
import dev.stowage.store.FleetView;
import java.util.Optional;

/** The newest view, but with the portal assignment of the one before. */
final class StaleRoutes implements FleetView {
  private final PortalAssignment before;
  private final FleetView after;

  StaleRoutes(FleetView before, FleetView after) {
    this.before = before.portalAssignment();
    this.after = after;
  }

  @Override
  public AssignmentIds ids() {
    return after.ids();
  }

  @Override
  public Lineage lineage() {
    return after.lineage();
  }

  @Override
  public Tick tick() {
    return after.tick();
  }

  @Override
  public LifecycleConfig config() {
    return after.config();
  }

  @Override
  public Optional<WorkerSlice> slice(WorkerId worker) {
    return after.slice(worker);
  }

  @Override
  public Optional<SliceDelta> sliceSince(
      WorkerId worker, Lineage lineage, WorkerAssignmentId known) {
    return after.sliceSince(worker, lineage, known);
  }

  @Override
  public PortalAssignment portalAssignment() {
    return before;
  }

  @Override
  public PortalDelta portalSince(Lineage lineage, PortalAssignmentId known) {
    return after.portalSince(lineage, known);
  }
}
