package dev.stowage.store;

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
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Both assignments at one moment. Immutable, safe to read from any thread as the writer goes on.
 */
public interface FleetView {
  /** Returns the newest assignments. */
  AssignmentIds ids();

  /** Returns the lineage of the assignments. */
  Lineage lineage();

  /** Returns the largest tick that a cycle has worked with, whether or not it changed anything. */
  Tick tick();

  /** Returns the configuration of the fleet. */
  LifecycleConfig config();

  /**
   * Returns what a worker must hold; empty if it is unknown or has departed. Throws {@link
   * StorageException.Corrupt} if the checksum differs, as a worker deletes unnamed chunks.
   */
  Optional<WorkerSlice> slice(WorkerId worker);

  /**
   * Returns a worker's changes since a known assignment, or a full document if that is not retained
   * or of another lineage, whose ids lost commits may repeat; empty if the worker is unknown or
   * departed. Throws {@link StorageException.Corrupt} as {@link #slice}.
   */
  Optional<SliceDelta> sliceSince(WorkerId worker, Lineage lineage, WorkerAssignmentId known);

  /** Returns the assignment that portals route by. */
  PortalAssignment portalAssignment();

  /**
   * Returns the workers that last reported {@code HIGH} or {@code CRITICAL} pressure, in the order
   * of ids: a hint for {@link dev.stowage.lifecycle.documents.Route#workersFor}, part of no
   * assignment. Empty where it is not known.
   */
  default List<WorkerId> strainedWorkers() {
    return List.of();
  }

  /**
   * Returns the ticks for which a portal may use routes that it asks for now: the drain window,
   * less the allowed skew unless it is known that the store has no clock.
   */
  default long portalWindowTicks() {
    return Math.max(0, config().drainWindowTicks() - config().trust().allowedSkewTicks());
  }

  /**
   * Returns the tick of the host from which {@link #portalWindowTicks} count, since a cycle that is
   * being committed may end routes of this view; empty if they count from the request.
   */
  default Optional<Tick> windowTick() {
    return Optional.empty();
  }

  /**
   * Returns the portals' changes since a known assignment, or a full document if that is not
   * retained or of another lineage, whose ids lost commits may repeat.
   */
  PortalDelta portalSince(Lineage lineage, PortalAssignmentId known);

  /** The newest worker and portal assignments of a mirror or of the store. */
  public record AssignmentIds(WorkerAssignmentId worker, PortalAssignmentId portal) {
    /** Throws {@link NullPointerException} if a component is null. */
    public AssignmentIds {
      Objects.requireNonNull(worker, "worker");
      Objects.requireNonNull(portal, "portal");
    }
  }
}
