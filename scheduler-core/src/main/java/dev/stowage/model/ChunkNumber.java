package dev.stowage.model;

import java.util.regex.Pattern;

/**
 * The number that the store gives a chunk at admission. Never reused: a key that comes again after
 * a purge is another chunk for every disk.
 *
 * @param lineage the lineage in which the chunk was admitted
 * @param counter counts up from 1 within the lineage
 */
public record ChunkNumber(Lineage lineage, long counter) {
  private static final Pattern TEXT = Pattern.compile("[0-9a-f]{16}-[1-9][0-9]{0,18}");

  /** Refuses a counter below 1 with {@link IllegalArgumentException}. */
  public ChunkNumber {
    java.util.Objects.requireNonNull(lineage, "lineage");
    Names.atLeast(counter, 1, "chunk number");
  }

  /**
   * Returns the number of a text as {@link #toString} writes it.
   *
   * @throws IllegalArgumentException if it is none
   */
  public static ChunkNumber of(String text) {
    if (!TEXT.matcher(text).matches()) {
      throw new IllegalArgumentException("a chunk number as LINEAGE-COUNTER is expected");
    }
    Lineage lineage = Lineage.of(Long.parseUnsignedLong(text.substring(0, 16), 16));
    return new ChunkNumber(lineage, Long.parseLong(text.substring(17)));
  }

  /** Returns the lineage as 16 hexadecimal digits, a hyphen, and the counter. */
  @Override
  public String toString() {
    return lineage + "-" + counter;
  }
}
