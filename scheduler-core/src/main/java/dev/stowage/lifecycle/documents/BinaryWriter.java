package dev.stowage.lifecycle.documents;

import dev.stowage.model.Lineage;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Writes documents in binary. Not thread-safe. */
final class BinaryWriter extends BinarySize {
  private final ByteOutput out;
  private final DocumentTables tables;
  private final List<Lineage> lineages;
  private final List<String> names;
  private final int lineageWidth;
  private final int nameWidth;

  BinaryWriter(ByteOutput out, DocumentTables tables) {
    this.out = out;
    this.tables = tables;
    lineages = tables.lineages.sorted();
    names = tables.names.sorted();
    lineageWidth = BinaryLayout.width(lineages.size());
    nameWidth = BinaryLayout.width(names.size());
  }

  @Override
  void tables() {
    tables(lineages, names);
  }

  @Override
  void octet(int value) {
    out.put(value);
  }

  @Override
  void u64(long value) {
    bytes(value, Long.BYTES);
  }

  /** Writes seven bits a byte, the lowest first. */
  @Override
  void number(long value) {
    long rest = value;
    while (rest >= 0x80) {
      out.put((int) (rest | 0x80));
      rest >>>= 7;
    }
    out.put((int) rest);
  }

  @Override
  void string(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    number(bytes.length);
    out.put(bytes);
  }

  @Override
  void place(Lineage lineage) {
    bytes(tables.lineages.place(lineage), lineageWidth);
  }

  @Override
  void place(String name) {
    bytes(tables.names.place(name), nameWidth);
  }

  private void bytes(long value, int width) {
    for (int shift = (width - 1) * 8; shift >= 0; shift -= 8) {
      out.put((int) (value >>> shift));
    }
  }
}
