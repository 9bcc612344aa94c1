package dev.stowage.store;

import dev.stowage.model.PortalAssignmentId;
import dev.stowage.model.WorkerAssignmentId;
import java.util.Objects;

/** The newest worker and portal assignments of a mirror or of the store. */
public record AssignmentIds(WorkerAssignmentId worker, PortalAssignmentId portal) {
  /** Throws {@link NullPointerException} if a component is null. */
  public AssignmentIds {
    Objects.requireNonNull(worker, "worker");
    Objects.requireNonNull(portal, "portal");
  }
}
