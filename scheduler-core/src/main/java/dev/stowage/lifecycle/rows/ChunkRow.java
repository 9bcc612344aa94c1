package dev.stowage.lifecycle.rows;

import dev.stowage.shape.FlagField;
import dev.stowage.shape.Forms;
import dev.stowage.model.Lineage;
import dev.stowage.shape.NumberField;
import dev.stowage.shape.Shape;
import dev.stowage.shape.ValueField;
import dev.stowage.shape.Values;

import dev.stowage.lifecycle.ChunkState;
import dev.stowage.model.BlockRange;
import dev.stowage.model.Chunk;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.ChunkNumber;
import dev.stowage.model.Eligibility;
import dev.stowage.model.WorkerId;
import java.util.List;
import java.util.Objects;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * Everything that is stored about one chunk.
 *
 * @param position its dense position, at least 0, kept while the row lives; {@link #NOWHERE} in a
 *     row that no leader has taken in
 * @param key its dataset and id
 * @param range the blocks it covers
 * @param sizeBytes at least 0
 * @param weight its explicit weight, 0 where the weight policy decides
 * @param eligibility which workers may hold it
 * @param state its state
 * @param marked whether a removal mark stands on it
 * @param number given at admission; null before, and for rejected chunks
 * @param oncePossessed whether some worker has possessed it at some time
 * @param staleRoutes whether the newest portal assignment names a replica that is gone or worthless
 * @param establishedAt the first worker assignment that named it, 0 while it is new
 * @param admittedTick the tick of admission; of the offer while it is not admitted
 * @param endTick {@code DROPPED}: when its window ends; {@code TOMBSTONE} and {@code REJECTED}:
 *     when it ended; else 0
 * @param rejectedBy the chunk that won its range; null unless rejected
 * @param lostTicks when each bonus replica was lost with a departure, ascending; those that regrew
 *     or are long past are not kept
 * @param goneNames workers that the newest portal assignment names for replicas that are gone or
 *     worthless, ascending; empty exactly if not {@code staleRoutes}
 */
public record ChunkRow(
    int position,
    ChunkKey key,
    BlockRange range,
    long sizeBytes,
    int weight,
    Eligibility eligibility,
    ChunkState state,
    boolean marked,
    @Nullable ChunkNumber number,
    boolean oncePossessed,
    boolean staleRoutes,
    long establishedAt,
    long admittedTick,
    long endTick,
    @Nullable ChunkKey rejectedBy,
    List<Long> lostTicks,
    List<WorkerId> goneNames) {
  /** {@link #position} of a chunk that no leader has taken in. */
  public static final int NOWHERE = -1;

  private static final Shape<ChunkNumber> NUMBERS =
      Shape.of(
          "chunk_number",
          row -> {
            var lineage = row.value("number_lineage", ChunkNumber::lineage, Lineage.FORM);
            var counter = row.number("number_counter", ChunkNumber::counter);
            return v -> new ChunkNumber(lineage.of(v), counter.of(v));
          });

  private static final Shape.Builder<ChunkRow> FIELDS = Shape.named("chunk");

  /** The dense position of a chunk. */
  public static final NumberField<ChunkRow> POSITION =
      FIELDS.number("position", ChunkRow::position).narrow().orElse(NOWHERE).mark();

  private static final ValueField<ChunkRow, ChunkKey> KEY =
      FIELDS.nested("key", ChunkRow::key, ChunkKey.SHAPE).key();
  private static final NumberField<ChunkRow> FIRST_BLOCK =
      FIELDS.number("first_block", row -> row.range.first());
  private static final NumberField<ChunkRow> LAST_BLOCK =
      FIELDS.number("last_block", row -> row.range.last());
  private static final NumberField<ChunkRow> SIZE_BYTES =
      FIELDS.number("size_bytes", ChunkRow::sizeBytes);
  private static final NumberField<ChunkRow> WEIGHT =
      FIELDS.number("weight", ChunkRow::weight).narrow().orElse(0);
  private static final ValueField<ChunkRow, Eligibility> ELIGIBILITY =
      FIELDS.nested("eligibility", ChunkRow::eligibility, Eligibility.SHAPE);
  private static final ValueField<ChunkRow, ChunkState> STATE =
      FIELDS.oneOf("state", ChunkState.class, ChunkRow::state);

  /** Whether a removal mark stands on a chunk. */
  public static final FlagField<ChunkRow> MARKED = FIELDS.flag("marked", ChunkRow::marked);

  private static final ValueField<ChunkRow, ChunkNumber> NUMBER =
      FIELDS.nested("number", ChunkRow::number, NUMBERS).orNone();
  private static final FlagField<ChunkRow> ONCE_POSSESSED =
      FIELDS.flag("once_possessed", ChunkRow::oncePossessed);
  private static final FlagField<ChunkRow> STALE_ROUTES =
      FIELDS.flag("stale_routes", ChunkRow::staleRoutes);

  /** The first worker assignment that named a chunk. */
  public static final NumberField<ChunkRow> ESTABLISHED_AT =
      FIELDS.number("established_at", ChunkRow::establishedAt).orElse(0);

  private static final NumberField<ChunkRow> ADMITTED_TICK =
      FIELDS.number("admitted_tick", ChunkRow::admittedTick);
  private static final NumberField<ChunkRow> END_TICK =
      FIELDS.number("end_tick", ChunkRow::endTick).orElse(0);

  /** A range is won within a dataset. */
  private static final ValueField<ChunkRow, String> REJECTED_BY =
      FIELDS
          .text("rejected_by", row -> row.rejectedBy == null ? null : row.rejectedBy.id())
          .orNone();

  private static final ValueField<ChunkRow, List<Long>> LOST_TICKS =
      FIELDS
          .list("lost_ticks", ChunkRow::lostTicks, Forms.number(Long::valueOf, Long::longValue))
          .orElse(List.of());
  private static final ValueField<ChunkRow, List<WorkerId>> GONE_NAMES =
      FIELDS.list("gone_names", ChunkRow::goneNames, WorkerId.FORM).orElse(List.of());

  /** The fields of a row. */
  public static final Shape<ChunkRow> SHAPE = FIELDS.make(ChunkRow::of);

  /** Holds the blocks and the size of a chunk. */
  public static final long MEASURED = FIRST_BLOCK.bit() | LAST_BLOCK.bit() | SIZE_BYTES.bit();

  /** Holds the fields that the ingester of a chunk declared, but for its key. */
  private static final long DECLARED = MEASURED | WEIGHT.bit() | ELIGIBILITY.bit();

  /** Holds the fields that a leader gives a chunk when it takes it in. */
  public static final long GIVEN = POSITION.bit() | NUMBER.bit();

  /** Holds the fields of a chunk to which nothing happened since its admission or offer. */
  public static final long FRESH =
      KEY.bit() | DECLARED | GIVEN | STATE.bit() | ADMITTED_TICK.bit();

  /** Holds the fields that may change in the row of a chunk that a leader has taken in. */
  public static final long CHANGING = ~(KEY.bit() | DECLARED | POSITION.bit());

  /** Copies the lists; refuses gone names without stale routes, and these without names. */
  public ChunkRow {
    Objects.requireNonNull(key, "key");
    Objects.requireNonNull(range, "range");
    Objects.requireNonNull(eligibility, "eligibility");
    Objects.requireNonNull(state, "state");
    lostTicks = List.copyOf(lostTicks);
    goneNames = List.copyOf(goneNames);
    if (staleRoutes == goneNames.isEmpty()) {
      throw new IllegalArgumentException(
          "chunk "
              + key
              + " has gone names "
              + goneNames
              + ", and "
              + (staleRoutes ? "" : "no ")
              + "stale routes");
    }
  }

  private static ChunkRow of(Values v) {
    ChunkKey key = KEY.of(v);
    String winner = REJECTED_BY.orNull(v);
    return new ChunkRow(
        POSITION.intOf(v),
        key,
        new BlockRange(FIRST_BLOCK.of(v), LAST_BLOCK.of(v)),
        SIZE_BYTES.of(v),
        WEIGHT.intOf(v),
        ELIGIBILITY.of(v),
        STATE.of(v),
        MARKED.of(v),
        NUMBER.orNull(v),
        ONCE_POSSESSED.of(v),
        STALE_ROUTES.of(v),
        ESTABLISHED_AT.of(v),
        ADMITTED_TICK.of(v),
        END_TICK.of(v),
        winner == null ? null : new ChunkKey(key.dataset(), winner),
        LOST_TICKS.of(v),
        GONE_NAMES.of(v));
  }

  /** The chunk as its ingester described it. */
  public Chunk chunk() {
    return new Chunk(
        key,
        range,
        sizeBytes,
        weight == 0 ? OptionalInt.empty() : OptionalInt.of(weight),
        eligibility);
  }

  /** Reports whether nothing has happened to it since its admission or offer. */
  public boolean isFresh() {
    return (SHAPE.given(this) & ~FRESH) == 0;
  }

  /** Whether it is live: admitted or visible, and not marked. */
  public boolean isLive() {
    return state.isLive() && !marked;
  }
}
