package dev.stowage.lifecycle.documents;

import java.util.List;

/** The assignments for deltas, oldest first, the newest last (section 7). Immutable. */
public record RetainedAssignments(List<WorkerAssignment> workers, List<PortalAssignment> portals) {
  /** No assignments. */
  public static final RetainedAssignments NONE = new RetainedAssignments(List.of(), List.of());

  /** Copies the lists; throws {@code NullPointerException} for nulls. */
  public RetainedAssignments {
    workers = List.copyOf(workers);
    portals = List.copyOf(portals);
  }

  boolean endsWith(WorkerAssignment worker, PortalAssignment portal) {
    if (workers.isEmpty() || portals.isEmpty()) {
      return false;
    }
    WorkerAssignment lastWorker = workers.get(workers.size() - 1);
    PortalAssignment lastPortal = portals.get(portals.size() - 1);
    return lastWorker.id().equals(worker.id())
        && lastWorker.lineage().equals(worker.lineage())
        && lastPortal.id().equals(portal.id())
        && lastPortal.lineage().equals(portal.lineage());
  }
}
