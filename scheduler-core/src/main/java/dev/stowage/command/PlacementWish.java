package dev.stowage.command;

import dev.stowage.columns.NameRule;
import dev.stowage.columns.Utf8Order;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.DatasetId;
import dev.stowage.model.WorkerId;
import dev.stowage.shape.Declare;
import dev.stowage.shape.Shape;
import java.util.Comparator;
import java.util.Objects;
import java.util.Optional;

/** A pin or ban of one chunk, or of all chunks of a dataset if the id is empty, on a worker. */
public record PlacementWish(
    Kind kind,
    DatasetId dataset,
    WorkerId worker,
    @Declare(orEmpty = true) Optional<String> chunkId) {
  /** The fields of a wish. */
  static final Shape<PlacementWish> SHAPE =
      Shape.derived(
          "wish",
          PlacementWish.class,
          row ->
              row.<Optional<String>>value("chunk_id")
                  .atMost(NameRule.MAX_LENGTH, "characters", id -> id.orElse("").length()));

  /** The order by dataset, chunk (the dataset itself first), worker, kind. */
  public static final Comparator<PlacementWish> ORDER =
      Comparator.comparing(PlacementWish::dataset)
          .thenComparing(wish -> wish.chunkId.orElse(""), Utf8Order.COMPARATOR)
          .thenComparing(PlacementWish::worker)
          .thenComparing(PlacementWish::kind);

  /** The kinds of wishes. */
  public enum Kind {
    /** Place the chunk on the worker first; never move or shrink it. */
    PIN,
    /** Never hold the chunk on the worker. */
    BAN
  }

  /** Throws {@code NullPointerException} if a component is null. */
  public PlacementWish {
    Objects.requireNonNull(kind, "kind");
    Objects.requireNonNull(dataset, "dataset");
    Objects.requireNonNull(chunkId, "chunkId");
    Objects.requireNonNull(worker, "worker");
  }

  /** Returns a wish about one chunk. */
  public static PlacementWish of(Kind kind, ChunkKey chunk, WorkerId worker) {
    Objects.requireNonNull(chunk, "chunk");
    return new PlacementWish(kind, chunk.dataset(), worker, Optional.of(chunk.id()));
  }

  /** Returns a wish about every chunk of a dataset. */
  public static PlacementWish of(Kind kind, DatasetId dataset, WorkerId worker) {
    return new PlacementWish(kind, dataset, worker, Optional.empty());
  }

  /** Reports whether both wishes may concern one chunk on one worker. */
  public boolean meets(PlacementWish other) {
    return worker.equals(other.worker)
        && dataset.equals(other.dataset)
        && (chunkId.isEmpty() || other.chunkId.isEmpty() || chunkId.equals(other.chunkId));
  }
}
