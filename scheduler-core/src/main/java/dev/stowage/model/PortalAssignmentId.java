package dev.stowage.model;

import dev.stowage.shape.Form;
import dev.stowage.shape.Forms;

/** The number of a published portal assignment; 0 is the empty one before the first. */
public record PortalAssignmentId(long value) implements Comparable<PortalAssignmentId> {
  static final Form<PortalAssignmentId> FORM =
      Forms.number(PortalAssignmentId::of, PortalAssignmentId::value);

  /** Throws {@link IllegalArgumentException} for a value below 0. */
  public PortalAssignmentId {
    Names.atLeast(value, 0, "portal assignment id");
  }

  /** Returns the id with this value. */
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
