package dev.stowage.store.spi;

import dev.stowage.config.LifecycleConfig;
import dev.stowage.lifecycle.documents.PortalAssignment;
import dev.stowage.lifecycle.documents.PortalAssignment.PortalDelta;
import dev.stowage.lifecycle.documents.WorkerSlice;
import dev.stowage.lifecycle.documents.WorkerSlice.SliceDelta;
import dev.stowage.model.Lineage;
import dev.stowage.model.PortalAssignmentId;
import dev.stowage.model.Tick;
import dev.stowage.model.WorkerAssignmentId;
import dev.stowage.model.WorkerId;
import dev.stowage.store.FleetView;
import dev.stowage.store.FleetView.AssignmentIds;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** A view at the tick of a later cycle, or with a window that a cycle under way began. */
public record LaterView(FleetView view, Tick tick, Optional<Tick> windowTick) implements FleetView {
  /** Throws {@code NullPointerException} if a component is null. */
  public LaterView {
    Objects.requireNonNull(view, "view");
    Objects.requireNonNull(tick, "tick");
    Objects.requireNonNull(windowTick, "windowTick");
  }

  /** Returns a view with the tick of a later cycle, which changed nothing else. */
  public static FleetView at(FleetView view, Tick tick) {
    return view.tick().equals(tick) ? view : new LaterView(base(view), tick, view.windowTick());
  }

  /** Returns a view whose routes a cycle under way may end, with windows from a tick on. */
  public static FleetView publishing(FleetView view, Tick windowTick) {
    return new LaterView(base(view), view.tick(), Optional.of(windowTick));
  }

  private static FleetView base(FleetView view) {
    return view instanceof LaterView later ? later.view() : view;
  }

  @Override
  public AssignmentIds ids() {
    return view.ids();
  }

  @Override
  public Lineage lineage() {
    return view.lineage();
  }

  @Override
  public LifecycleConfig config() {
    return view.config();
  }

  @Override
  public Optional<WorkerSlice> slice(WorkerId worker) {
    return view.slice(worker);
  }

  @Override
  public Optional<SliceDelta> sliceSince(
      WorkerId worker, Lineage lineage, WorkerAssignmentId known) {
    return view.sliceSince(worker, lineage, known);
  }

  @Override
  public PortalAssignment portalAssignment() {
    return view.portalAssignment();
  }

  @Override
  public List<WorkerId> strainedWorkers() {
    return view.strainedWorkers();
  }

  @Override
  public long portalWindowTicks() {
    return view.portalWindowTicks();
  }

  @Override
  public PortalDelta portalSince(Lineage lineage, PortalAssignmentId known) {
    return view.portalSince(lineage, known);
  }
}
