package dev.stowage.model;

/**
 * What a worker's status allows. Source: lifecycle design, section 1.
 *
 * <p><i>Present</i> workers are routed to, <i>counted</i> ones stand for gates and deletions,
 * <i>placeable</i> ones take new replicas.
 */
public enum WorkerStatus {
  /** In full service. */
  ACTIVE(true, true, true),
  /** Keeps what it has, takes nothing new. */
  CORDONED(true, true, false),
  /** To be emptied. */
  LEAVING(true, true, false),
  /** Silent for a while; still routed to, no longer relied on. */
  SUSPECT(true, false, false),
  /** Gone. */
  DEPARTED(false, false, false);

  private final boolean present;
  private final boolean counted;
  private final boolean placeable;

  WorkerStatus(boolean present, boolean counted, boolean placeable) {
    this.present = present;
    this.counted = counted;
    this.placeable = placeable;
  }

  /** Whether portals may be routed to the worker. */
  public boolean isPresent() {
    return present;
  }

  /** Whether its replicas count for gates and for the deletion rule. */
  public boolean isCounted() {
    return counted;
  }

  /** Whether it may be given new replicas. */
  public boolean isPlaceable() {
    return placeable;
  }
}
