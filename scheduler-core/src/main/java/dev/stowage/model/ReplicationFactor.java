package dev.stowage.model;

/**
 * How many replicas a chunk should have.
 *
 * @param replicas at least 0; 0 where no worker may hold the chunk
 */
public record ReplicationFactor(int replicas) implements Comparable<ReplicationFactor> {
  /** Refuses a negative count with {@link IllegalArgumentException}. */
  public ReplicationFactor {
    Names.atLeast(replicas, 0, "replication factor");
  }

  /** The factor of this many replicas. */
  public static ReplicationFactor of(int replicas) {
    return new ReplicationFactor(replicas);
  }

  @Override
  public int compareTo(ReplicationFactor other) {
    return Integer.compare(replicas, other.replicas);
  }

  @Override
  public String toString() {
    return Integer.toString(replicas);
  }
}
