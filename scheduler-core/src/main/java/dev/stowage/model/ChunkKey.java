package dev.stowage.model;

import dev.stowage.columns.Utf8Order;
import dev.stowage.shape.Form;
import dev.stowage.shape.Forms;
import dev.stowage.shape.Shape;
import dev.stowage.shape.ValueField;
import java.util.Objects;

/**
 * What names a chunk: its dataset and its id within the dataset. Ordered by (dataset, id); the
 * canonical order of chunks also looks at the first block, see {@link Chunk#CANONICAL_ORDER}.
 *
 * @param dataset the dataset the chunk belongs to
 * @param id 1 to 512 characters, well-formed, no control characters; compared by UTF-8 bytes
 */
public record ChunkKey(DatasetId dataset, String id) implements Comparable<ChunkKey> {
  private static final Shape.Builder<ChunkKey> FIELDS = Shape.named("chunk");
  private static final ValueField<ChunkKey, DatasetId> DATASET =
      FIELDS.value("dataset", ChunkKey::dataset, DatasetId.FORM).key();
  private static final ValueField<ChunkKey, String> ID = FIELDS.text("id", ChunkKey::id).key();

  /** The fields of a key. */
  public static final Shape<ChunkKey> SHAPE =
      FIELDS.make(v -> new ChunkKey(DATASET.of(v), ID.of(v)));

  /** The form of a key: its fields. */
  public static final Form<ChunkKey> FORM = Forms.row(SHAPE);

  private static final String PERCENT = "%25";
  private static final String SLASH = "%2F";

  /** Refuses what cannot be a name with {@link IllegalArgumentException}. */
  public ChunkKey {
    Objects.requireNonNull(dataset, "dataset");
    Names.checked(id, "chunk id");
  }

  /** The key of chunk {@code id} of dataset {@code dataset}. */
  public static ChunkKey of(String dataset, String id) {
    return new ChunkKey(DatasetId.of(dataset), id);
  }

  /**
   * Returns the chunk whose {@link #path} this is.
   *
   * @throws IllegalArgumentException if it is no chunk's
   */
  public static ChunkKey ofPath(String path) {
    int slash = Objects.requireNonNull(path, "path").indexOf('/');
    if (slash < 0) {
      throw new IllegalArgumentException("'" + path + "' is no path; DATASET/CHUNK_ID is accepted");
    }
    String written = path.substring(0, slash);
    ChunkKey key = of(written.replace(SLASH, "/").replace(PERCENT, "%"), path.substring(slash + 1));
    if (!key.path().equals(path)) {
      throw new IllegalArgumentException(
          "'" + written + "' is no dataset's part of a path; % is written " + PERCENT);
    }
    return key;
  }

  /**
   * Returns the text that names this chunk and no other: {@code dataset/id}, where the dataset's
   * {@code %} is written {@code %25}, and its {@code /} is written {@code %2F}.
   */
  public String path() {
    return dataset.value().replace("%", PERCENT).replace("/", SLASH) + "/" + id;
  }

  @Override
  public int compareTo(ChunkKey other) {
    int byDataset = dataset.compareTo(other.dataset);
    return byDataset != 0 ? byDataset : Utf8Order.compare(id, other.id);
  }

  /** The key as {@code dataset/id}, for people; two keys may read alike, see {@link #path}. */
  @Override
  public String toString() {
    return dataset + "/" + id;
  }
}
