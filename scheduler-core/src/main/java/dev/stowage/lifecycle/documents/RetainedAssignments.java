package dev.stowage.lifecycle.documents;

import java.util.List;

/**
 * The assignments from which deltas can be given, oldest first; the last of each kind is the newest
 * of its fleet. A store that keeps them lets its fleet go on with deltas after a crash or a
 * takeover; one that does not costs every consumer one full document (lifecycle design, section 7).
 * Immutable.
 *
 * @param workers worker assignments
 * @param portals portal assignments
 */
public record RetainedAssignments(List<WorkerAssignment> workers, List<PortalAssignment> portals) {
  /** Nothing is retained. */
  public static final RetainedAssignments NONE = new RetainedAssignments(List.of(), List.of());

  /** Copies the lists. */
  public RetainedAssignments {
    workers = List.copyOf(workers);
    portals = List.copyOf(portals);
  }

  /** Whether these are the assignments of a fleet that stands at these two. */
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
