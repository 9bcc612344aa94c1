package dev.stowage.command;

import dev.stowage.columns.NoNulls;
import dev.stowage.model.BlockRange;
import dev.stowage.model.Chunk;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.Eligibility;
import dev.stowage.shape.Declare;
import dev.stowage.shape.Shape;
import java.util.List;
import java.util.Objects;
import java.util.OptionalInt;

/**
 * An unchecked chunk from an ingester; a bad value is answered {@link ResultCode#INVALID}. An empty
 * weight leaves the claim on bonus replicas to the weight policy.
 */
public record ProposedChunk(
    ChunkKey key,
    @Declare(least = 0) long firstBlock,
    long lastBlock,
    @Declare(least = 0) long sizeBytes,
    @Declare(orEmpty = true) OptionalInt weight,
    @Declare(or = "ANY") Eligibility eligibility) {
  /** The fields of a proposal. */
  static final Shape<ProposedChunk> SHAPE =
      Shape.derived(
          "chunk",
          ProposedChunk.class,
          row -> {
            row.<OptionalInt>value("weight").must("at least 1", weight -> weight.orElse(1) >= 1);
            row.rule("last_block is below first_block", it -> it.lastBlock >= it.firstBlock);
          });

  /** Throws {@code NullPointerException} for nulls; {@link #SHAPE} checks the values. */
  public ProposedChunk {
    Objects.requireNonNull(key, "key");
    Objects.requireNonNull(weight, "weight");
    Objects.requireNonNull(eligibility, "eligibility");
  }

  /** Returns the proposal of a well-formed chunk. */
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

  /** Returns the proposals of these chunks, in order. */
  public static List<ProposedChunk> listOf(List<Chunk> chunks) {
    return NoNulls.in(chunks, "chunks").stream().map(ProposedChunk::of).toList();
  }

  /** Returns every violated bound; empty for a well-formed proposal. */
  public List<String> violations() {
    return SHAPE.violations(this);
  }

  /** Returns the range; throws {@code IllegalArgumentException} if it is invalid. */
  public BlockRange range() {
    return new BlockRange(firstBlock, lastBlock);
  }
}
