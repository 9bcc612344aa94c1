package dev.stowage.lifecycle;

import dev.stowage.columns.Utf8Order;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.DatasetId;
import dev.stowage.model.WorkerId;
import java.util.Comparator;
import java.util.Objects;
import java.util.Optional;

/**
 * An operator's wish about a pair: a pin or a ban of one chunk, or of every chunk of a dataset, on
 * a worker.
 *
 * @param kind pin or ban
 * @param dataset the dataset
 * @param chunkId the chunk within the dataset; empty for all of them
 * @param worker the worker
 */
public record PlacementWish(
    Kind kind, DatasetId dataset, Optional<String> chunkId, WorkerId worker) {
  /** By dataset, chunk (the dataset itself first), worker, kind. */
  public static final Comparator<PlacementWish> ORDER =
      Comparator.comparing(PlacementWish::dataset)
          .thenComparing(wish -> wish.chunkId.orElse(""), Utf8Order.COMPARATOR)
          .thenComparing(PlacementWish::worker)
          .thenComparing(PlacementWish::kind);

  /** What is wished. */
  public enum Kind {
    /** Place it here first; never move or shrink it. */
    PIN,
    /** Never hold it here. */
    BAN
  }

  /** Refuses nulls. */
  public PlacementWish {
    Objects.requireNonNull(kind, "kind");
    Objects.requireNonNull(dataset, "dataset");
    Objects.requireNonNull(chunkId, "chunkId");
    Objects.requireNonNull(worker, "worker");
  }

  /** A wish about one chunk. */
  public static PlacementWish of(Kind kind, ChunkKey chunk, WorkerId worker) {
    Objects.requireNonNull(chunk, "chunk");
    return new PlacementWish(kind, chunk.dataset(), Optional.of(chunk.id()), worker);
  }

  /** A wish about every chunk of a dataset. */
  public static PlacementWish of(Kind kind, DatasetId dataset, WorkerId worker) {
    return new PlacementWish(kind, dataset, Optional.empty(), worker);
  }

  /** Whether some chunk may be meant by both wishes, on the same worker. */
  public boolean meets(PlacementWish other) {
    return worker.equals(other.worker)
        && dataset.equals(other.dataset)
        && (chunkId.isEmpty() || other.chunkId.isEmpty() || chunkId.equals(other.chunkId));
  }
}
