package dev.stowage.lifecycle.documents;

import dev.stowage.model.ChunkNumber;
import dev.stowage.model.Lineage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.SortedSet;

/** Writes the binary form of documents; the format is in {@link DocumentFormat}. */
final class BinaryWriter {
  private final ByteOutput out;

  BinaryWriter(ByteOutput out) {
    this.out = out;
  }

  void begin(int kind) throws IOException {
    out.put(BinaryLayout.MAGIC.getBytes(StandardCharsets.US_ASCII));
    out.put(DocumentFormat.VERSION);
    out.put(kind);
  }

  void flag(boolean value) throws IOException {
    out.put(value ? 1 : 0);
  }

  void u64(long value) throws IOException {
    ref(value, Long.BYTES);
  }

  /** A whole number of at least 0: seven bits a byte, the lowest first. */
  void number(long value) throws IOException {
    long rest = value;
    while (rest >= 0x80) {
      out.put((int) (rest | 0x80));
      rest >>>= 7;
    }
    out.put((int) rest);
  }

  void string(String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    number(bytes.length);
    out.put(bytes);
  }

  /** A place in a table, in as many bytes as the table's size asks for. */
  void ref(long place, int width) throws IOException {
    for (int shift = (width - 1) * 8; shift >= 0; shift -= 8) {
      out.put((int) (place >>> shift));
    }
  }

  void strings(Collection<String> table) throws IOException {
    number(table.size());
    for (String each : table) {
      string(each);
    }
  }

  /** Writes a table of lineages and answers it as a list. */
  List<Lineage> lineages(SortedSet<Lineage> table) throws IOException {
    number(table.size());
    for (Lineage each : table) {
      u64(each.token());
    }
    return List.copyOf(table);
  }

  void numbers(List<ChunkNumber> chunks, List<Lineage> table) throws IOException {
    number(chunks.size());
    for (ChunkNumber each : chunks) {
      chunk(each, table);
    }
  }

  void chunk(ChunkNumber chunk, List<Lineage> table) throws IOException {
    ref(
        Collections.binarySearch(table, chunk.lineage(), BinaryLayout.LINEAGES),
        BinaryLayout.width(table.size()));
    number(chunk.counter());
  }
}
