package dev.stowage.model;

/**
 * The number that the store gives a chunk at admission. Never reused: a key that comes again after
 * a purge is another chunk for every disk.
 *
 * @param lineage the lineage in which the chunk was admitted
 * @param counter counts up from 1 within the lineage
 */
public record ChunkNumber(Lineage lineage, long counter) {
  /** Refuses a counter below 1 with {@link IllegalArgumentException}. */
  public ChunkNumber {
    java.util.Objects.requireNonNull(lineage, "lineage");
    Names.atLeast(counter, 1, "chunk number");
  }

  @Override
  public String toString() {
    return lineage + "-" + counter;
  }
}
