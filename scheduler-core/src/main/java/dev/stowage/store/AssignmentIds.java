package dev.stowage.store;

import dev.stowage.model.PortalAssignmentId;
import dev.stowage.model.WorkerAssignmentId;
import java.util.Objects;

/**
 * The newest assignments of a mirror or of the store.
 *
 * @param worker the newest worker assignment
 * @param portal the newest portal assignment
 */
public record AssignmentIds(WorkerAssignmentId worker, PortalAssignmentId portal) {
  /** Refuses nulls. */
  public AssignmentIds {
    Objects.requireNonNull(worker, "worker");
    Objects.requireNonNull(portal, "portal");
  }
}
