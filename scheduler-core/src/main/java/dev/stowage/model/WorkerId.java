package dev.stowage.model;

import dev.stowage.columns.Utf8Order;
import dev.stowage.shape.Form;
import dev.stowage.shape.Forms;
import org.jspecify.annotations.Nullable;

/** A worker's id: 1 to 512 well-formed characters, no control characters, in UTF-8 order. */
public record WorkerId(String value) implements Comparable<WorkerId> {
  /** The form of an id: its text. */
  static final Form<WorkerId> FORM = Forms.text(WorkerId::of, WorkerId::value);

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

  // As generated, without its chain of method handles: a hot key of maps.
  @Override
  public boolean equals(@Nullable Object other) {
    return this == other || (other instanceof WorkerId it && value.equals(it.value));
  }

  @Override
  public int hashCode() {
    return value.hashCode();
  }

  @Override
  public String toString() {
    return value;
  }
}
