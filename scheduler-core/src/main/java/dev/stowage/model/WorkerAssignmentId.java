package dev.stowage.model;

import dev.stowage.shape.Form;
import dev.stowage.shape.Forms;

/** The number of a published worker assignment; 0 is the empty one before the first. */
public record WorkerAssignmentId(long value) implements Comparable<WorkerAssignmentId> {
  static final Form<WorkerAssignmentId> FORM =
      Forms.number(WorkerAssignmentId::of, WorkerAssignmentId::value);

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
