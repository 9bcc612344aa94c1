package dev.stowage.lifecycle.documents;

import dev.stowage.model.Lineage;

/** Counts the bytes of fields in binary, without indexes into tables. Not thread-safe. */
class BinarySize extends BinarySink {
  long bytes;

  long lineagePlaces;

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
