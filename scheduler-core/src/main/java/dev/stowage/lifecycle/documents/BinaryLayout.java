package dev.stowage.lifecycle.documents;

import dev.stowage.model.ChunkNumber;
import dev.stowage.model.Lineage;
import java.util.Comparator;

/** What both directions of the binary form share, and how many bytes things take. */
final class BinaryLayout {
  static final String MAGIC = "STWA";

  /** By the token, unsigned. */
  static final Comparator<Lineage> LINEAGES =
      (left, right) -> Long.compareUnsigned(left.token(), right.token());

  /** The order in which documents list chunks of slices. */
  static final Comparator<ChunkNumber> NUMBERS =
      Comparator.comparing(ChunkNumber::lineage, LINEAGES).thenComparingLong(ChunkNumber::counter);

  private BinaryLayout() {}

  /** The bytes of a place in a table of this many entries; none where there is no choice. */
  static int width(int entries) {
    if (entries <= 1) {
      return 0;
    }
    return entries <= 1 << 8 ? 1 : entries <= 1 << 16 ? 2 : 4;
  }

  /** The bytes of a whole number of at least 0. */
  static int numberBytes(long value) {
    return (Long.SIZE - Long.numberOfLeadingZeros(value | 1) + 6) / 7;
  }

  /** The bytes of a well-formed text with its length. */
  static int stringBytes(String text) {
    int all = 0;
    for (int i = 0; i < text.length(); i++) {
      all |= text.charAt(i);
    }
    if (all < 0x80) {
      return numberBytes(text.length()) + text.length();
    }
    int bytes = 0;
    for (int i = 0; i < text.length(); i++) {
      char unit = text.charAt(i);
      // Half of a supplementary character is two of its four bytes.
      bytes += unit < 0x80 ? 1 : unit < 0x800 || Character.isSurrogate(unit) ? 2 : 3;
    }
    return numberBytes(bytes) + bytes;
  }
}
