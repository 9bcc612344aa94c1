package dev.stowage.store;

import dev.stowage.lifecycle.LifecycleConfig;
import dev.stowage.lifecycle.LifecycleState;
import dev.stowage.lifecycle.documents.PortalAssignment;
import dev.stowage.lifecycle.documents.PortalDelta;
import dev.stowage.lifecycle.documents.SliceDelta;
import dev.stowage.lifecycle.documents.WorkerSlice;
import dev.stowage.model.Lineage;
import dev.stowage.model.PortalAssignmentId;
import dev.stowage.model.Tick;
import dev.stowage.model.WorkerAssignmentId;
import dev.stowage.model.WorkerId;
import java.util.Optional;

/**
 * Both assignments at one moment. Immutable, and safe to read from any thread while the writer goes
 * on; a reader that wants newer ones takes another view.
 */
public interface FleetView {
  /** The view of a mirror, as of the last command that was executed on it. */
  static FleetView of(LifecycleState state) {
    return new MirrorView(state);
  }

  /** The newest assignments. */
  AssignmentIds ids();

  /** The lineage in which they were made. */
  Lineage lineage();

  /** Returns the largest tick that a cycle has worked with. */
  Tick tick();

  /** Returns the configuration of the fleet. */
  LifecycleConfig config();

  /**
   * What a worker must hold; empty if it is unknown or has departed.
   *
   * @throws StorageException.Corrupt naming the worker, if what is to be served does not add up to
   *     the checksum that is kept with it: a worker deletes what its slice does not name
   */
  Optional<WorkerSlice> slice(WorkerId worker);

  /**
   * What changed for a worker since an assignment that it knows; a full document where that one is
   * no longer retained, or is of another lineage.
   *
   * @param worker who asks
   * @param lineage the lineage of the assignment that it knows: lost commits may have used its id
   * @param known the assignment that it knows
   * @return empty if the worker is unknown or has departed
   * @throws StorageException.Corrupt as {@link #slice} does
   */
  Optional<SliceDelta> sliceSince(WorkerId worker, Lineage lineage, WorkerAssignmentId known);

  /** What portals route by. */
  PortalAssignment portalAssignment();

  /**
   * What changed for portals since an assignment that they know; a full document where that one is
   * no longer retained, or is of another lineage.
   *
   * @param lineage the lineage of the assignment that they know: lost commits may have used its id
   * @param known the assignment that they know
   */
  PortalDelta portalSince(Lineage lineage, PortalAssignmentId known);
}
