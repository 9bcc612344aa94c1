package dev.stowage.model;

/**
 * The status of a worker. Portals are routed to <i>present</i> workers, gates and deletions rely on
 * <i>counted</i> ones, new replicas go to <i>placeable</i> ones. Source: lifecycle design, section
 * 1.
 */
public enum WorkerStatus {
  /** In full service. */
  ACTIVE(true, true, true),
  /** Keeps its replicas, takes no new ones. */
  CORDONED(true, true, false),
  /** Is being emptied. */
  LEAVING(true, true, false),
  /** Silent for a while: still routed to, no longer relied on. */
  SUSPECT(true, false, false),
  /** Gone. */
  DEPARTED(false, false, false),
  /**
   * Announced to go and come back, or gone since then: keeps its replicas, takes no new ones, and
   * is relied on by nothing. Routes name it only where too few copies stand elsewhere.
   */
  AWAY(true, false, false);

  private final boolean present;
  private final boolean counted;
  private final boolean placeable;

  WorkerStatus(boolean present, boolean counted, boolean placeable) {
    this.present = present;
    this.counted = counted;
    this.placeable = placeable;
  }

  /** Reports whether portals may be routed to the worker. */
  public boolean isPresent() {
    return present;
  }

  /** Reports whether its replicas count for gates and for the deletion rule. */
  public boolean isCounted() {
    return counted;
  }

  /** Reports whether the worker may be given new replicas. */
  public boolean isPlaceable() {
    return placeable;
  }
}
