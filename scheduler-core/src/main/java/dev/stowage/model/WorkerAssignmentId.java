package dev.stowage.model;

/**
 * The number of a published worker assignment; 0 is the empty one before the first. Never compared
 * with a {@link PortalAssignmentId}.
 *
 * @param value at least 0
 */
public record WorkerAssignmentId(long value) implements Comparable<WorkerAssignmentId> {
  /** Refuses a value below 0 with {@link IllegalArgumentException}. */
  public WorkerAssignmentId {
    Names.atLeast(value, 0, "worker assignment id");
  }

  /** The worker assignment id with this value. */
  public static WorkerAssignmentId of(long value) {
    return new WorkerAssignmentId(value);
  }

  @Override
  public int compareTo(WorkerAssignmentId other) {
    return Long.compare(value, other.value);
  }

  @Override
  public String toString() {
    return Long.toString(value);
  }
}
