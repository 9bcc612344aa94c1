package dev.stowage.evidence;

import java.util.Objects;

/** A stretch of a chain between two points; it keeps the rest of a trimmed chain verifiable. */
public record Anchor(ChainPoint from, ChainPoint to) {
  /** Throws {@code IllegalArgumentException} if the stretch ends before it begins. */
  public Anchor {
    Objects.requireNonNull(from, "from");
    Objects.requireNonNull(to, "to");
    if (to.index() < from.index()) {
      throw new IllegalArgumentException(
          "the stretch ends at " + to.index() + ", before its start " + from.index());
    }
  }

  /** Returns the number of records, at least 0. */
  public long count() {
    return to.index() - from.index();
  }

  /** Returns the index of the first record, if there is one. */
  public long firstIndex() {
    return from.index();
  }

  /** Returns the chain's hash behind the last record. */
  public Hash256 head() {
    return to.hash();
  }
}
