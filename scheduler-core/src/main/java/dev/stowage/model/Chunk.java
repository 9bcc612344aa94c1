package dev.stowage.model;

import dev.stowage.columns.Utf8Order;
import java.util.Comparator;
import java.util.Objects;
import java.util.OptionalInt;

/**
 * An immutable piece of one dataset, as an ingester describes it.
 *
 * @param sizeBytes at least 0
 * @param weight the claim on bonus replicas, at least 1; empty where the weight policy decides
 * @param eligibility the constraint on workers that may hold it
 */
public record Chunk(
    ChunkKey key, BlockRange range, long sizeBytes, OptionalInt weight, Eligibility eligibility) {
  /** The canonical order of chunks: by dataset, first block and chunk id. */
  public static final Comparator<Chunk> CANONICAL_ORDER = Chunk::compareCanonically;

  /** Throws {@link IllegalArgumentException} for a negative size or a weight below 1. */
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

  /** Returns a chunk that any worker may hold and whose weight the policy decides. */
  public static Chunk of(ChunkKey key, BlockRange range, long sizeBytes) {
    return new Chunk(key, range, sizeBytes, OptionalInt.empty(), Eligibility.ANY);
  }

  /** Returns this chunk with an explicit weight, at least 1. */
  public Chunk withWeight(int explicit) {
    return new Chunk(key, range, sizeBytes, OptionalInt.of(explicit), eligibility);
  }

  /** Returns this chunk with another constraint on the workers that may hold it. */
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
