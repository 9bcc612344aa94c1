package dev.stowage.model;

import dev.stowage.columns.ForeignText;
import dev.stowage.columns.Utf8Order;
import dev.stowage.shape.Form;
import dev.stowage.shape.Forms;
import dev.stowage.shape.Shape;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The name of a chunk, ordered by dataset and id, unlike {@link Chunk#CANONICAL_ORDER}.
 *
 * @param id 1 to 512 well-formed characters, no control characters; compared by UTF-8 bytes
 */
public record ChunkKey(DatasetId dataset, String id) implements Comparable<ChunkKey> {
  /** The fields of a key. */
  static final Shape<ChunkKey> SHAPE = Shape.derived("chunk", ChunkKey.class);

  /** The form of a key: its fields. */
  static final Form<ChunkKey> FORM = Forms.row(SHAPE);

  private static final String PERCENT = "%25";
  private static final String SLASH = "%2F";

  /** Throws {@link IllegalArgumentException} if {@code id} cannot be a name. */
  public ChunkKey {
    Objects.requireNonNull(dataset, "dataset");
    Names.checked(id, "chunk id");
  }

  /** Returns the key of chunk {@code id} of dataset {@code dataset}. */
  public static ChunkKey of(String dataset, String id) {
    return new ChunkKey(DatasetId.of(dataset), id);
  }

  /** Parses a {@link #path}; throws {@link IllegalArgumentException} if the text is none. */
  public static ChunkKey ofPath(String path) {
    int slash = Objects.requireNonNull(path, "path").indexOf('/');
    if (slash < 0) {
      throw new IllegalArgumentException(
          "'" + ForeignText.quoted(path) + "' is no path; DATASET/CHUNK_ID is accepted");
    }
    String written = path.substring(0, slash);
    ChunkKey key = of(written.replace(SLASH, "/").replace(PERCENT, "%"), path.substring(slash + 1));
    if (!key.path().equals(path)) {
      throw new IllegalArgumentException(
          "'" + ForeignText.quoted(path) + "' is no path; in its dataset, % is written " + PERCENT);
    }
    return key;
  }

  /** Returns a unique {@code dataset/id}; in the dataset % is written %25 and / is written %2F. */
  public String path() {
    return dataset.value().replace("%", PERCENT).replace("/", SLASH) + "/" + id;
  }

  @Override
  public int compareTo(ChunkKey other) {
    int byDataset = dataset.compareTo(other.dataset);
    return byDataset != 0 ? byDataset : Utf8Order.compare(id, other.id);
  }

  // As generated, without its chain of method handles: a hot key of maps.
  @Override
  public boolean equals(@Nullable Object other) {
    return this == other
        || (other instanceof ChunkKey it && id.equals(it.id) && dataset.equals(it.dataset));
  }

  @Override
  public int hashCode() {
    return 31 * dataset.hashCode() + id.hashCode();
  }

  /** Returns {@code dataset/id} for people. Two keys may read alike, unlike {@link #path}. */
  @Override
  public String toString() {
    return dataset + "/" + id;
  }
}
