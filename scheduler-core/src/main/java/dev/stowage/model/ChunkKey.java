package dev.stowage.model;

import dev.stowage.columns.Utf8Order;
import java.util.Objects;

/**
 * What names a chunk: its dataset and its id within the dataset. Ordered by (dataset, id); the
 * canonical order of chunks also looks at the first block, see {@link Chunk#CANONICAL_ORDER}.
 *
 * @param dataset the dataset the chunk belongs to
 * @param id 1 to 512 characters, well-formed, no control characters; compared by UTF-8 bytes
 */
public record ChunkKey(DatasetId dataset, String id) implements Comparable<ChunkKey> {
  /** Refuses what cannot be a name with {@link IllegalArgumentException}. */
  public ChunkKey {
    Objects.requireNonNull(dataset, "dataset");
    Names.checked(id, "chunk id");
  }

  /** The key of chunk {@code id} of dataset {@code dataset}. */
  public static ChunkKey of(String dataset, String id) {
    return new ChunkKey(DatasetId.of(dataset), id);
  }

  @Override
  public int compareTo(ChunkKey other) {
    int byDataset = dataset.compareTo(other.dataset);
    return byDataset != 0 ? byDataset : Utf8Order.compare(id, other.id);
  }

  /** The key as {@code dataset/id}. */
  @Override
  public String toString() {
    return dataset + "/" + id;
  }
}
