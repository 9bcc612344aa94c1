package dev.stowage.lifecycle;

import dev.stowage.columns.NoNulls;
import dev.stowage.model.BlockRange;
import dev.stowage.model.Chunk;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.Eligibility;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.OptionalInt;

/**
 * A chunk as an ingester writes it down, before anything has been checked: a bad range, size or
 * weight is an expected refusal ({@link ResultCode#INVALID}), not an exception.
 *
 * @param key its dataset and id
 * @param firstBlock the first block it covers
 * @param lastBlock the last block it covers
 * @param sizeBytes its size
 * @param weight its claim on bonus replicas; empty where the weight policy decides
 * @param eligibility which workers may hold it
 */
public record ProposedChunk(
    ChunkKey key,
    long firstBlock,
    long lastBlock,
    long sizeBytes,
    OptionalInt weight,
    Eligibility eligibility) {
  /** Refuses nulls; values are judged by {@link #violations}. */
  public ProposedChunk {
    Objects.requireNonNull(key, "key");
    Objects.requireNonNull(weight, "weight");
    Objects.requireNonNull(eligibility, "eligibility");
  }

  /** The proposal of a chunk that is already known to be well-formed. */
  public static ProposedChunk of(Chunk chunk) {
    Objects.requireNonNull(chunk, "chunk");
    return new ProposedChunk(
        chunk.key(),
        chunk.range().first(),
        chunk.range().last(),
        chunk.sizeBytes(),
        chunk.weight(),
        chunk.eligibility());
  }

  /** The proposals of these chunks, in order. */
  public static List<ProposedChunk> listOf(List<Chunk> chunks) {
    return NoNulls.in(chunks, "chunks").stream().map(ProposedChunk::of).toList();
  }

  /** Every bound that a value breaks; empty for a well-formed proposal. */
  public List<String> violations() {
    List<String> found = new ArrayList<>();
    if (firstBlock < 0) {
      found.add("first block is " + firstBlock + "; at least 0 is accepted");
    }
    if (lastBlock < firstBlock) {
      found.add("last block is " + lastBlock + ", below the first block " + firstBlock);
    }
    if (sizeBytes < 0) {
      found.add("size is " + sizeBytes + " bytes; at least 0 is accepted");
    }
    if (weight.isPresent() && weight.getAsInt() < 1) {
      found.add("weight is " + weight.getAsInt() + "; at least 1 is accepted");
    }
    return found;
  }

  /**
   * The range.
   *
   * @throws IllegalArgumentException if it is no range
   */
  public BlockRange range() {
    return new BlockRange(firstBlock, lastBlock);
  }
}
