package dev.stowage.model;

import dev.stowage.columns.Utf8Order;

/**
 * A worker: a node that stores replicas.
 *
 * @param value 1 to 512 characters, well-formed, no control characters; compared by UTF-8 bytes
 */
public record WorkerId(String value) implements Comparable<WorkerId> {
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
