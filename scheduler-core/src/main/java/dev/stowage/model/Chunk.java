package dev.stowage.model;

import dev.stowage.columns.Utf8Order;
import java.util.Comparator;
import java.util.Objects;
import java.util.OptionalInt;

/**
 * An immutable piece of one dataset, as an ingester describes it.
 *
 * @param key its dataset and id
 * @param range the blocks it covers
 * @param sizeBytes at least 0
 * @param weight its claim on bonus replicas, at least 1; empty where the weight policy decides
 * @param eligibility which workers may hold it
 */
public record Chunk(
    ChunkKey key, BlockRange range, long sizeBytes, OptionalInt weight, Eligibility eligibility) {
  /** The canonical order of chunks: (dataset, first block, chunk id). */
  public static final Comparator<Chunk> CANONICAL_ORDER = Chunk::compareCanonically;

  /** Refuses a negative size or a weight below 1 with {@link IllegalArgumentException}. */
  public Chunk {
    Objects.requireNonNull(key, "key");
    Objects.requireNonNull(range, "range");
    Names.atLeast(sizeBytes, 0, "size in bytes");
    Objects.requireNonNull(weight, "weight");
    if (weight.isPresent()) {
      Names.atLeast(weight.getAsInt(), 1, "weight");
    }
    Objects.requireNonNull(eligibility, "eligibility");
  }

  /** A chunk that any worker may hold and whose weight the policy decides. */
  public static Chunk of(ChunkKey key, BlockRange range, long sizeBytes) {
    return new Chunk(key, range, sizeBytes, OptionalInt.empty(), Eligibility.ANY);
  }

  /** This chunk with an explicit weight. */
  public Chunk withWeight(int explicit) {
    return new Chunk(key, range, sizeBytes, OptionalInt.of(explicit), eligibility);
  }

  /** This chunk with another constraint on who may hold it. */
  public Chunk withEligibility(Eligibility other) {
    return new Chunk(key, range, sizeBytes, weight, other);
  }

  private static int compareCanonically(Chunk left, Chunk right) {
    int byDataset = left.key.dataset().compareTo(right.key.dataset());
    if (byDataset != 0) {
      return byDataset;
    }
    int byFirst = Long.compare(left.range.first(), right.range.first());
    return byFirst != 0 ? byFirst : Utf8Order.compare(left.key.id(), right.key.id());
  }
}
