package dev.stowage.lifecycle.documents;

import dev.stowage.model.ChunkNumber;
import dev.stowage.model.Lineage;
import java.util.Comparator;

/** The constants and sizes, in bytes, of the binary form. */
final class BinaryLayout {
  static final String MAGIC = "STWA";

  static final Comparator<Lineage> LINEAGES =
      (left, right) -> Long.compareUnsigned(left.token(), right.token());

  static final Comparator<ChunkNumber> NUMBERS =
      Comparator.comparing(ChunkNumber::lineage, LINEAGES).thenComparingLong(ChunkNumber::counter);

  private BinaryLayout() {}

  static int width(int entries) {
    if (entries <= 1) {
      return 0;
    }
    return entries <= 1 << 8 ? 1 : entries <= 1 << 16 ? 2 : 4;
  }

  static int numberBytes(long value) {
    return (Long.SIZE - Long.numberOfLeadingZeros(value | 1) + 6) / 7;
  }

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
