package dev.stowage.model;

/** The number of a published worker assignment; 0 is the empty one before the first. */
public record WorkerAssignmentId(long value) implements Comparable<WorkerAssignmentId> {
  /** Throws {@link IllegalArgumentException} for a value below 0. */
  public WorkerAssignmentId {
    Names.atLeast(value, 0, "worker assignment id");
  }

  /** Returns the id with this value. */
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
