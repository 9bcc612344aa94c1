package dev.stowage.model;

import dev.stowage.columns.ForeignText;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A chunk's number from its admission, at least 1 in its lineage, never reused for any chunk. */
public record ChunkNumber(Lineage lineage, long counter) {
  private static final Pattern TEXT = Pattern.compile("[0-9a-f]{16}-[1-9][0-9]{0,18}");

  /** Throws {@link IllegalArgumentException} for a counter below 1. */
  public ChunkNumber {
    Objects.requireNonNull(lineage, "lineage");
    Names.atLeast(counter, 1, "chunk number");
  }

  /** Parses {@link #toString}; throws {@link IllegalArgumentException} for another form. */
  public static ChunkNumber of(String text) {
    Objects.requireNonNull(text, "text");
    if (!TEXT.matcher(text).matches()) {
      throw new IllegalArgumentException(
          "'" + ForeignText.quoted(text) + "' is no chunk number; LINEAGE-COUNTER is accepted");
    }
    Lineage lineage = Lineage.of(Long.parseUnsignedLong(text.substring(0, 16), 16));
    return new ChunkNumber(lineage, Long.parseLong(text.substring(17)));
  }

  // As generated, without its chain of method handles: a hot key of maps.
  @Override
  public boolean equals(@Nullable Object other) {
    return this == other
        || (other instanceof ChunkNumber it && counter == it.counter && lineage.equals(it.lineage));
  }

  @Override
  public int hashCode() {
    return 31 * lineage.hashCode() + Long.hashCode(counter);
  }

  /** Returns the lineage as 16 hexadecimal digits, a hyphen, and the counter. */
  @Override
  public String toString() {
    return lineage + "-" + counter;
  }
}
