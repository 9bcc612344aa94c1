package dev.stowage.model;

import dev.stowage.columns.Utf8Order;
import dev.stowage.shape.Form;
import dev.stowage.shape.Forms;

/**
 * A worker: a node that stores replicas.
 *
 * @param value 1 to 512 characters, well-formed, no control characters; compared by UTF-8 bytes
 */
public record WorkerId(String value) implements Comparable<WorkerId> {
  /** The form of an id: its text. */
  public static final Form<WorkerId> FORM = Forms.text(WorkerId::of, WorkerId::value);

  /** Refuses what cannot be a name with {@link IllegalArgumentException}. */
  public WorkerId {
    Names.checked(value, "worker id");
  }

  /** The id that {@code value} names. */
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
