package dev.stowage.command;

import dev.stowage.columns.NoNulls;
import dev.stowage.model.BlockRange;
import dev.stowage.model.Chunk;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.Eligibility;
import dev.stowage.shape.Form;
import dev.stowage.shape.Forms;
import dev.stowage.shape.NumberField;
import dev.stowage.shape.Shape;
import dev.stowage.shape.ValueField;
import java.util.List;
import java.util.Objects;
import java.util.OptionalInt;

/**
 * An unchecked chunk from an ingester; a bad value is answered {@link ResultCode#INVALID}. An empty
 * weight leaves the claim on bonus replicas to the weight policy.
 */
public record ProposedChunk(
    ChunkKey key,
    long firstBlock,
    long lastBlock,
    long sizeBytes,
    OptionalInt weight,
    Eligibility eligibility) {
  private static final Shape.Builder<ProposedChunk> FIELDS = Shape.named("chunk");
  private static final ValueField<ProposedChunk, ChunkKey> KEY =
      FIELDS.value("key", ProposedChunk::key, Form.of(ChunkKey.class)).key();
  private static final NumberField<ProposedChunk> FIRST_BLOCK =
      FIELDS.number("first_block", ProposedChunk::firstBlock).atLeast(0);
  private static final NumberField<ProposedChunk> LAST_BLOCK =
      FIELDS.number("last_block", ProposedChunk::lastBlock);
  private static final NumberField<ProposedChunk> SIZE =
      FIELDS.number("size_bytes", ProposedChunk::sizeBytes).atLeast(0);
  private static final ValueField<ProposedChunk, OptionalInt> WEIGHT =
      FIELDS
          .value("weight", ProposedChunk::weight, Forms.OPTIONAL_INT)
          .must("at least 1", weight -> weight.orElse(1) >= 1)
          .orElse(OptionalInt.empty());
  private static final ValueField<ProposedChunk, Eligibility> ELIGIBILITY =
      FIELDS
          .nested("eligibility", ProposedChunk::eligibility, Shape.of(Eligibility.class))
          .orElse(Eligibility.ANY);

  /** The fields of a proposal. */
  static final Shape<ProposedChunk> SHAPE =
      FIELDS
          .rule("last_block is below first_block", it -> it.lastBlock >= it.firstBlock)
          .make(v ->
              new ProposedChunk(
                  KEY.of(v),
                  FIRST_BLOCK.of(v),
                  LAST_BLOCK.of(v),
                  SIZE.of(v),
                  WEIGHT.of(v),
                  ELIGIBILITY.of(v)));

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
