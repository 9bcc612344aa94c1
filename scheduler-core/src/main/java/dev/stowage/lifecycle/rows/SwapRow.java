package dev.stowage.lifecycle.rows;

import dev.stowage.command.Command.Coverage;
import dev.stowage.lifecycle.SwapState;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.DatasetId;
import dev.stowage.shape.Form;
import dev.stowage.shape.Forms;
import dev.stowage.shape.Shape;
import java.util.List;

/**
 * The stored row of one swap, with ids from 1, both sides in canonical order, and the tick at which
 * it fired or was cancelled, 0 before.
 */
@SuppressWarnings("exports") // fields are for our own stores
public record SwapRow(
    long id,
    List<ChunkKey> oldChunks,
    List<ChunkKey> newChunks,
    Coverage coverage,
    SwapState state,
    long registeredTick,
    long endTick) {
  /** The fields of a row; a swap exchanges chunks of one dataset. */
  static final Shape<SwapRow> SHAPE =
      Shape.of(
          "swap",
          row -> {
            var id = row.number("id", SwapRow::id);
            var dataset = row.value("dataset", SwapRow::dataset, Form.of(DatasetId.class));
            var older = row.list("old_chunks", it -> ids(it.oldChunks), Forms.TEXT);
            var newer = row.list("new_chunks", it -> ids(it.newChunks), Forms.TEXT);
            var coverage = row.oneOf("coverage", Coverage.class, SwapRow::coverage);
            var state = row.oneOf("state", SwapState.class, SwapRow::state);
            var registered = row.number("registered_tick", SwapRow::registeredTick);
            var end = row.number("end_tick", SwapRow::endTick);
            return v ->
                new SwapRow(
                    id.of(v),
                    keys(dataset.of(v), older.of(v)),
                    keys(dataset.of(v), newer.of(v)),
                    coverage.of(v),
                    state.of(v),
                    registered.of(v),
                    end.of(v));
          });

  /** Copies the lists; throws {@code NullPointerException} for nulls. */
  public SwapRow {
    oldChunks = List.copyOf(oldChunks);
    newChunks = List.copyOf(newChunks);
  }

  private static List<String> ids(List<ChunkKey> keys) {
    return keys.stream().map(ChunkKey::id).toList();
  }

  private static List<ChunkKey> keys(DatasetId dataset, List<String> ids) {
    return ids.stream().map(id -> new ChunkKey(dataset, id)).toList();
  }

  /** Returns the dataset of all its chunks. */
  public DatasetId dataset() {
    return (oldChunks.isEmpty() ? newChunks : oldChunks).get(0).dataset();
  }

  /** Returns this swap, ended. */
  public SwapRow ended(SwapState how, long tick) {
    return new SwapRow(id, oldChunks, newChunks, coverage, how, registeredTick, tick);
  }

  /** Returns this swap with its ticks lowered to at most {@code tick}. */
  public SwapRow notAfter(long tick) {
    return new SwapRow(
        id,
        oldChunks,
        newChunks,
        coverage,
        state,
        Math.min(registeredTick, tick),
        Math.min(endTick, tick));
  }

  /** Reports whether it can still fire. */
  public boolean isPending() {
    return state == SwapState.PENDING;
  }
}
