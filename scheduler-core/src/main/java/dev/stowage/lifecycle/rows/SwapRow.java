package dev.stowage.lifecycle.rows;

import dev.stowage.model.DatasetId;
import dev.stowage.shape.Forms;
import dev.stowage.shape.NumberField;
import dev.stowage.shape.Shape;
import dev.stowage.shape.ValueField;

import dev.stowage.lifecycle.Coverage;
import dev.stowage.lifecycle.SwapState;
import dev.stowage.model.ChunkKey;
import java.util.List;
import java.util.Objects;

/**
 * Everything that is stored about one swap.
 *
 * @param id counts up from 1
 * @param oldChunks the side that portals see until it fires, in canonical order
 * @param newChunks the side that they see afterwards, in canonical order
 * @param coverage whether both sides cover the same blocks
 * @param state its state
 * @param registeredTick the tick of its registration
 * @param endTick when it fired or was cancelled, 0 while it is pending
 */
public record SwapRow(
    long id,
    List<ChunkKey> oldChunks,
    List<ChunkKey> newChunks,
    Coverage coverage,
    SwapState state,
    long registeredTick,
    long endTick) {
  private static final Shape.Builder<SwapRow> FIELDS = Shape.named("swap");

  private static final NumberField<SwapRow> ID = FIELDS.number("id", SwapRow::id).key();

  /** A swap exchanges chunks of one dataset. */
  private static final ValueField<SwapRow, DatasetId> DATASET =
      FIELDS.value("dataset", SwapRow::dataset, DatasetId.FORM);

  private static final ValueField<SwapRow, List<String>> OLD_CHUNKS =
      FIELDS.list("old_chunks", row -> ids(row.oldChunks), Forms.TEXT);
  private static final ValueField<SwapRow, List<String>> NEW_CHUNKS =
      FIELDS.list("new_chunks", row -> ids(row.newChunks), Forms.TEXT);
  private static final ValueField<SwapRow, Coverage> COVERAGE =
      FIELDS.oneOf("coverage", Coverage.class, SwapRow::coverage);
  private static final ValueField<SwapRow, SwapState> STATE =
      FIELDS.oneOf("state", SwapState.class, SwapRow::state);
  private static final NumberField<SwapRow> REGISTERED_TICK =
      FIELDS.number("registered_tick", SwapRow::registeredTick);
  private static final NumberField<SwapRow> END_TICK = FIELDS.number("end_tick", SwapRow::endTick);

  /** The fields of a row. */
  public static final Shape<SwapRow> SHAPE =
      FIELDS.make(v ->
          new SwapRow(
              ID.of(v),
              keys(DATASET.of(v), OLD_CHUNKS.of(v)),
              keys(DATASET.of(v), NEW_CHUNKS.of(v)),
              COVERAGE.of(v),
              STATE.of(v),
              REGISTERED_TICK.of(v),
              END_TICK.of(v)));

  /** Holds the two sides of a swap. */
  public static final long SIDES = OLD_CHUNKS.bit() | NEW_CHUNKS.bit();

  /** Holds the fields that are known when a swap is registered or cancelled. */
  public static final long REGISTERED = ~END_TICK.bit();

  /** Copies the lists. */
  public SwapRow {
    oldChunks = List.copyOf(oldChunks);
    newChunks = List.copyOf(newChunks);
    Objects.requireNonNull(coverage, "coverage");
    Objects.requireNonNull(state, "state");
  }

  private static List<String> ids(List<ChunkKey> keys) {
    return keys.stream().map(ChunkKey::id).toList();
  }

  private static List<ChunkKey> keys(DatasetId dataset, List<String> ids) {
    return ids.stream().map(id -> new ChunkKey(dataset, id)).toList();
  }

  /** Returns the dataset of all its chunks. */
  public DatasetId dataset() {
    return oldChunks.get(0).dataset();
  }

  /** This swap, ended. */
  public SwapRow ended(SwapState how, long tick) {
    return SHAPE.with(SHAPE.with(this, STATE, how), END_TICK, tick);
  }

  /** This swap, with no tick behind another one. */
  public SwapRow notAfter(long tick) {
    return SHAPE.with(
        SHAPE.with(this, REGISTERED_TICK, Math.min(registeredTick, tick)),
        END_TICK,
        Math.min(endTick, tick));
  }

  /** Whether it can still fire. */
  public boolean isPending() {
    return state == SwapState.PENDING;
  }
}
