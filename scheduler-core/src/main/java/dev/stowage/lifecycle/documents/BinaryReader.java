package dev.stowage.lifecycle.documents;

import dev.stowage.columns.Utf8Order;
import dev.stowage.model.ChunkNumber;
import dev.stowage.model.Lineage;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * Reads what {@link BinaryWriter} wrote, and nothing else. Counts are checked against the bytes
 * that are left before anything is allocated. Not thread-safe.
 */
final class BinaryReader {
  private final byte[] bytes;
  private int at;

  BinaryReader(byte[] bytes) {
    this.bytes = bytes;
  }

  /** Reads the beginning; the document's kind, one of two. */
  int begin(int full, int delta) {
    for (int i = 0; i < BinaryLayout.MAGIC.length(); i++) {
      if (octet("the magic " + BinaryLayout.MAGIC) != BinaryLayout.MAGIC.charAt(i)) {
        throw malformed(i, "this is no assignment document");
      }
    }
    int version = octet("the version");
    if (version != DocumentFormat.VERSION) {
      throw new DocumentException.Unsupported(
          at - 1, "version " + version + " of the format; " + DocumentFormat.VERSION + " is read");
    }
    int kind = octet("the kind of document");
    if (kind != full && kind != delta) {
      throw new DocumentException.Unsupported(
          at - 1, "a document of kind " + kind + "; " + full + " or " + delta + " was asked for");
    }
    return kind;
  }

  int offset() {
    return at;
  }

  boolean flag() {
    int value = octet("a flag");
    if (value > 1) {
      throw malformed(at - 1, "a flag is " + value + "; 0 or 1 is expected");
    }
    return value == 1;
  }

  long u64() {
    if (bytes.length - at < Long.BYTES) {
      throw malformed(bytes.length, "8 bytes are expected from byte " + at + ", and it ends here");
    }
    long value = ByteBuffer.wrap(bytes).getLong(at);
    at += Long.BYTES;
    return value;
  }

  long number() {
    int from = at;
    long value = 0;
    for (int shift = 0; shift < 63; shift += 7) {
      int next = octet("a number");
      value |= (long) (next & 0x7f) << shift;
      if (next < 0x80) {
        if (next == 0 && shift > 0) {
          throw malformed(from, "a number is written longer than it is");
        }
        return value;
      }
    }
    throw malformed(from, "a number is above " + Long.MAX_VALUE);
  }

  /** How many entries follow, each of at least so many bytes. */
  int count(int leastBytes) {
    int from = at;
    long count = number();
    if (count > (bytes.length - at) / leastBytes) {
      throw malformed(
          from, count + " entries are announced and " + (bytes.length - at) + " bytes are left");
    }
    return (int) count;
  }

  String string() {
    int from = at;
    long length = number();
    if (length > bytes.length - at) {
      throw malformed(
          from, length + " bytes of text are announced and " + (bytes.length - at) + " are left");
    }
    int start = at;
    at += (int) length;
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(bytes, start, (int) length))
          .toString();
    } catch (CharacterCodingException notUtf8) {
      throw malformed(start, "a text of " + length + " bytes is not UTF-8");
    }
  }

  /** Reads something that a type of the model may refuse. */
  <T> T value(Function<BinaryReader, T> reading) {
    int from = at;
    try {
      return reading.apply(this);
    } catch (IllegalArgumentException refused) {
      throw malformed(from, String.valueOf(refused.getMessage()));
    }
  }

  int ref(int entries) {
    int from = at;
    long place = 0;
    for (int i = 0; i < BinaryLayout.width(entries); i++) {
      place = place << 8 | octet("a place in a table");
    }
    if (place >= entries) {
      throw malformed(from, "place " + place + " of a table of " + entries);
    }
    return (int) place;
  }

  /** A table of texts, ascending. */
  List<String> strings() {
    int count = count(2);
    List<String> table = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      int from = at;
      String next = string();
      if (i > 0 && Utf8Order.compare(table.get(i - 1), next) >= 0) {
        throw malformed(from, "a table is out of order, or names something twice");
      }
      table.add(next);
    }
    return table;
  }

  List<Lineage> lineages() {
    int count = count(Long.BYTES);
    List<Lineage> table = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      int from = at;
      Lineage next = Lineage.of(u64());
      if (i > 0 && BinaryLayout.LINEAGES.compare(table.get(i - 1), next) >= 0) {
        throw malformed(from, "the table of lineages is out of order, or names one twice");
      }
      table.add(next);
    }
    return table;
  }

  List<ChunkNumber> numbers(List<Lineage> table) {
    int count = count(1);
    List<ChunkNumber> numbers = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      int from = at;
      ChunkNumber next = chunk(table);
      if (i > 0) {
        inOrder(numbers.get(i - 1), next, from);
      }
      numbers.add(next);
    }
    return numbers;
  }

  ChunkNumber chunk(List<Lineage> table) {
    int lineage = ref(table.size());
    return value(in -> new ChunkNumber(table.get(lineage), in.number()));
  }

  void inOrder(ChunkNumber before, ChunkNumber next, int from) {
    if (BinaryLayout.NUMBERS.compare(before, next) >= 0) {
      throw malformed(from, "chunk " + next + " is named twice, or after " + before);
    }
  }

  void end() {
    if (at != bytes.length) {
      throw malformed(at, (bytes.length - at) + " bytes are left over");
    }
  }

  DocumentException malformed(int offset, String message) {
    return new DocumentException.Malformed(offset, message);
  }

  private int octet(String what) {
    if (at == bytes.length) {
      throw malformed(at, what + " is expected, and it ends here");
    }
    return bytes[at++] & 0xff;
  }
}
