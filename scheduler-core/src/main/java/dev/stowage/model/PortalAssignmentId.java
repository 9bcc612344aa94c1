package dev.stowage.model;

/**
 * The number of a published portal assignment; 0 is the empty one before the first. Never compared
 * with a {@link WorkerAssignmentId}.
 *
 * @param value at least 0
 */
public record PortalAssignmentId(long value) implements Comparable<PortalAssignmentId> {
  /** Refuses a value below 0 with {@link IllegalArgumentException}. */
  public PortalAssignmentId {
    Names.atLeast(value, 0, "portal assignment id");
  }

  /** The portal assignment id with this value. */
  public static PortalAssignmentId of(long value) {
    return new PortalAssignmentId(value);
  }

  @Override
  public int compareTo(PortalAssignmentId other) {
    return Long.compare(value, other.value);
  }

  @Override
  public String toString() {
    return Long.toString(value);
  }
}
