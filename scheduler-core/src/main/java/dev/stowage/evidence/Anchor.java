package dev.stowage.evidence;

import java.util.Objects;

/**
 * What a stretch of a chain hangs on: the point before its first record and the point behind its
 * last. Whoever trimmed what came before keeps the anchor, so that the rest can still be verified.
 *
 * @param from before the first record
 * @param to behind the last record
 */
public record Anchor(ChainPoint from, ChainPoint to) {
  /** Refuses a stretch that ends before it begins with {@link IllegalArgumentException}. */
  public Anchor {
    Objects.requireNonNull(from, "from");
    Objects.requireNonNull(to, "to");
    if (to.index() < from.index()) {
      throw new IllegalArgumentException(
          "the stretch ends at " + to.index() + ", before its start " + from.index());
    }
  }

  /** Records of the stretch; at least 0. */
  public long count() {
    return to.index() - from.index();
  }

  /** Index of the first record, if there is one. */
  public long firstIndex() {
    return from.index();
  }

  /** The chain's hash behind the last record. */
  public Hash256 head() {
    return to.hash();
  }
}
