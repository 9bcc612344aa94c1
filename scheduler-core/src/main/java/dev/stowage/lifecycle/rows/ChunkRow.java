package dev.stowage.lifecycle.rows;

import dev.stowage.answer.ChunkStatus.ChunkState;
import dev.stowage.model.BlockRange;
import dev.stowage.model.Chunk;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.ChunkNumber;
import dev.stowage.model.DatasetId;
import dev.stowage.model.Eligibility;
import dev.stowage.model.Lineage;
import dev.stowage.model.WorkerId;
import dev.stowage.shape.FlagField;
import dev.stowage.shape.Form;
import dev.stowage.shape.Forms;
import dev.stowage.shape.NumberField;
import dev.stowage.shape.Shape;
import dev.stowage.shape.Values;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The stored row of one chunk.
 *
 * @param position its stable dense position, at least 0; {@link #NOWHERE} before a leader takes it
 *     in
 * @param sizeBytes its size in bytes, at least 0
 * @param weight its explicit weight, 0 if the weight policy decides
 * @param number its number, given at admission; null before, and for rejected chunks
 * @param oncePossessed whether any worker has ever possessed it
 * @param establishedAt the first worker assignment that named it, 0 while it is new
 * @param admittedTick the tick of admission, or of the offer before that
 * @param endTick the end of the window if {@code DROPPED}, of the chunk if it ended, else 0
 * @param rejectedBy the chunk that won its range; null unless rejected
 * @param lostTicks the ticks at which recent bonus replicas were lost with a departure, ascending
 * @param goneNames workers that the newest portal assignment names for gone or worthless replicas,
 *     ascending; nonempty exactly if {@code staleRoutes}
 */
@SuppressWarnings("exports") // fields are for our own stores
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
  /** The {@link #position} of a chunk that no leader has taken in. */
  public static final int NOWHERE = -1;

  private static final Shape.Builder<ChunkRow> FIELDS = Shape.named("chunk");

  /** The dense position of a chunk. */
  public static final NumberField<ChunkRow> POSITION =
      FIELDS.number("position", ChunkRow::position).narrow().orElse(NOWHERE).mark();

  /** The removal mark of a chunk. */
  public static final FlagField<ChunkRow> MARKED = FIELDS.flag("marked", ChunkRow::marked);

  /** The first worker assignment that named a chunk. */
  public static final NumberField<ChunkRow> ESTABLISHED_AT =
      FIELDS.number("established_at", ChunkRow::establishedAt).orElse(0);

  /** The fields of a row. */
  static final Shape<ChunkRow> SHAPE = FIELDS.make(others(FIELDS));

  private static final long DECLARED =
      SHAPE.mask("key", "first_block", "last_block", "size_bytes", "weight", "eligibility");

  /** The mask of the fields that may change after a leader has taken a chunk in. */
  public static final long CHANGING = ~(DECLARED | POSITION.bit());

  /** Copies the lists; throws {@code IllegalArgumentException} for mismatched stale routes. */
  public ChunkRow {
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

  private static Function<Values, ChunkRow> others(Shape.Builder<ChunkRow> row) {
    var key = row.nested("key", ChunkRow::key, Shape.of(ChunkKey.class));
    var first = row.number("first_block", it -> it.range.first());
    var last = row.number("last_block", it -> it.range.last());
    var size = row.number("size_bytes", ChunkRow::sizeBytes);
    var weight = row.number("weight", ChunkRow::weight).narrow().orElse(0);
    var eligibility = row.nested("eligibility", ChunkRow::eligibility, Shape.of(Eligibility.class));
    var state = row.oneOf("state", ChunkState.class, ChunkRow::state);
    var number = row.nested("number", ChunkRow::number, numbers()).orNone();
    var oncePossessed = row.flag("once_possessed", ChunkRow::oncePossessed);
    var staleRoutes = row.flag("stale_routes", ChunkRow::staleRoutes);
    var admitted = row.number("admitted_tick", ChunkRow::admittedTick);
    var end = row.number("end_tick", ChunkRow::endTick).orElse(0);
    // A range is won within a dataset.
    var winner = row.text("rejected_by", it -> idOf(it.rejectedBy)).orNone();
    var ticks = Forms.number(Long::valueOf, Long::longValue);
    var lost = row.list("lost_ticks", ChunkRow::lostTicks, ticks).orElse(List.of());
    var gone =
        row.list("gone_names", ChunkRow::goneNames, Form.of(WorkerId.class)).orElse(List.of());
    return v ->
        new ChunkRow(
            POSITION.intOf(v),
            key.of(v),
            new BlockRange(first.of(v), last.of(v)),
            size.of(v),
            weight.intOf(v),
            eligibility.of(v),
            state.of(v),
            MARKED.of(v),
            number.orNull(v),
            oncePossessed.of(v),
            staleRoutes.of(v),
            ESTABLISHED_AT.of(v),
            admitted.of(v),
            end.of(v),
            keyOf(key.of(v).dataset(), winner.orNull(v)),
            lost.of(v),
            gone.of(v));
  }

  private static Shape<ChunkNumber> numbers() {
    return Shape.of(
        "chunk_number",
        row -> {
          var lineage = row.value("number_lineage", ChunkNumber::lineage, Form.of(Lineage.class));
          var counter = row.number("number_counter", ChunkNumber::counter);
          return v -> new ChunkNumber(lineage.of(v), counter.of(v));
        });
  }

  private static @Nullable String idOf(@Nullable ChunkKey key) {
    return key == null ? null : key.id();
  }

  private static @Nullable ChunkKey keyOf(DatasetId dataset, @Nullable String id) {
    return id == null ? null : new ChunkKey(dataset, id);
  }

  /** Returns the chunk as its ingester described it. */
  public Chunk chunk() {
    return new Chunk(
        key,
        range,
        sizeBytes,
        weight == 0 ? OptionalInt.empty() : OptionalInt.of(weight),
        eligibility);
  }

  /** Reports whether the chunk is live: admitted or visible, and not marked. */
  public boolean isLive() {
    return state.isLive() && !marked;
  }
}
