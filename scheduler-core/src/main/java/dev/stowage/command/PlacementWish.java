package dev.stowage.command;

import dev.stowage.columns.NameRule;
import dev.stowage.columns.Utf8Order;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.DatasetId;
import dev.stowage.model.WorkerId;
import dev.stowage.shape.Form;
import dev.stowage.shape.Forms;
import dev.stowage.shape.Shape;
import dev.stowage.shape.ValueField;
import java.util.Comparator;
import java.util.Objects;
import java.util.Optional;

/** A pin or ban of one chunk, or of all chunks of a dataset if the id is empty, on a worker. */
public record PlacementWish(
    Kind kind, DatasetId dataset, Optional<String> chunkId, WorkerId worker) {
  private static final Shape.Builder<PlacementWish> FIELDS = Shape.named("wish");
  private static final ValueField<PlacementWish, Kind> KIND =
      FIELDS.oneOf("kind", Kind.class, PlacementWish::kind);
  private static final ValueField<PlacementWish, DatasetId> DATASET =
      FIELDS.value("dataset", PlacementWish::dataset, Form.of(DatasetId.class));
  private static final ValueField<PlacementWish, WorkerId> WORKER =
      FIELDS.value("worker", PlacementWish::worker, Form.of(WorkerId.class));
  private static final ValueField<PlacementWish, Optional<String>> CHUNK_ID =
      FIELDS
          .value("chunk_id", PlacementWish::chunkId, Forms.optional(Forms.TEXT))
          .atMost(NameRule.MAX_LENGTH, "characters", id -> id.orElse("").length())
          .orElse(Optional.empty());

  /** The fields of a wish. */
  static final Shape<PlacementWish> SHAPE =
      FIELDS.make(v -> new PlacementWish(KIND.of(v), DATASET.of(v), CHUNK_ID.of(v), WORKER.of(v)));

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
    return new PlacementWish(kind, chunk.dataset(), Optional.of(chunk.id()), worker);
  }

  /** Returns a wish about every chunk of a dataset. */
  public static PlacementWish of(Kind kind, DatasetId dataset, WorkerId worker) {
    return new PlacementWish(kind, dataset, Optional.empty(), worker);
  }

  /** Reports whether both wishes may concern one chunk on one worker. */
  public boolean meets(PlacementWish other) {
    return worker.equals(other.worker)
        && dataset.equals(other.dataset)
        && (chunkId.isEmpty() || other.chunkId.isEmpty() || chunkId.equals(other.chunkId));
  }
}
