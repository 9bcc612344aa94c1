package dev.stowage.model;

import dev.stowage.columns.Utf8Order;
import dev.stowage.shape.Form;
import dev.stowage.shape.Forms;

/** A worker's id: 1 to 512 well-formed characters, no control characters, in UTF-8 order. */
public record WorkerId(String value) implements Comparable<WorkerId> {
  /** The form of an id: its text. */
  public static final Form<WorkerId> FORM = Forms.text(WorkerId::of, WorkerId::value);

  /** Throws {@link IllegalArgumentException} if {@code value} cannot be a name. */
  public WorkerId {
    Names.checked(value, "worker id");
  }

  /** Returns the id with this text. */
  public static WorkerId of(String value) {
    return new WorkerId(value);
  }

  @Override
  public int compareTo(WorkerId other) {
    return Utf8Order.compare(value, other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
