package dev.stowage.lifecycle.documents;

import dev.stowage.model.Lineage;

/**
 * Counts the bytes of fields in binary, and apart from them the places in tables, whose width
 * depends on the document. Not thread-safe.
 */
class BinarySize extends BinarySink {
  long bytes;

  /** Places in the table of lineages. */
  long lineagePlaces;

  /** Places in the table of datasets or workers. */
  long namePlaces;

  final void add(BinarySize more) {
    bytes += more.bytes;
    lineagePlaces += more.lineagePlaces;
    namePlaces += more.namePlaces;
  }

  @Override
  final void octet(int value) {
    bytes++;
  }

  @Override
  final void u64(long value) {
    bytes += Long.BYTES;
  }

  @Override
  final void number(long value) {
    bytes += BinaryLayout.numberBytes(value);
  }

  @Override
  final void string(String text) {
    bytes += BinaryLayout.stringBytes(text);
  }

  @Override
  void place(Lineage lineage) {
    lineagePlaces++;
  }

  @Override
  void place(String name) {
    namePlaces++;
  }
}
