package dev.stowage.lifecycle.documents;

import dev.stowage.model.ChunkNumber;
import dev.stowage.model.DatasetId;
import dev.stowage.model.Lineage;
import dev.stowage.model.WorkerId;
import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * The binary form of documents ({@code docs/internals/document-format.md}): counts the bytes of
 * fields, without indexes into tables; a writer writes them instead. Not thread-safe.
 */
class BinarySize extends Fields {
  long bytes;

  long lineagePlaces;

  long namePlaces;

  boolean isGrouped;

  final void add(BinarySize more) {
    bytes += more.bytes;
    lineagePlaces += more.lineagePlaces;
    namePlaces += more.namePlaces;
  }

  void octet(int value) {
    bytes++;
  }

  void u64(long value) {
    bytes += Long.BYTES;
  }

  void number(long value) {
    bytes += BinaryLayout.numberBytes(value);
  }

  void string(String text) {
    bytes += BinaryLayout.stringBytes(text);
  }

  void place(Lineage lineage) {
    lineagePlaces++;
  }

  void place(String name) {
    namePlaces++;
  }

  final void tables(Collection<Lineage> lineages, Collection<String> names) {
    number(lineages.size());
    lineages.forEach(lineage -> u64(lineage.token()));
    number(names.size());
    names.forEach(this::string);
  }

  @Override
  final boolean begin(Kind kind, boolean isDelta) {
    for (int i = 0; i < BinaryLayout.MAGIC.length(); i++) {
      octet(BinaryLayout.MAGIC.charAt(i));
    }
    octet(DocumentFormat.VERSION);
    octet(kind.number + (isDelta ? 1 : 0));
    return isDelta;
  }

  @Override
  final long number(String name, long value) {
    number(value);
    return value;
  }

  @Override
  final long atLeast(String name, long least, long value) {
    number(value - least);
    return value;
  }

  @Override
  final boolean flag(String name, boolean value) {
    octet(value ? 1 : 0);
    return value;
  }

  @Override
  final String text(String name, String value) {
    string(value);
    return value;
  }

  @Override
  final Lineage lineage(String name, Lineage value) {
    u64(value.token());
    return value;
  }

  @Override
  final ChunkNumber chunk(String name, ChunkNumber value) {
    place(value.lineage());
    number(value.counter());
    return value;
  }

  @Override
  final DatasetId dataset(String name, DatasetId value) {
    if (!isGrouped) {
      place(value.value());
    }
    return value;
  }

  @Override
  final WorkerId worker(String name, WorkerId value) {
    place(value.value());
    return value;
  }

  @Override
  final List<WorkerId> workers(String name, List<WorkerId> values) {
    number(values.size());
    for (WorkerId worker : values) {
      place(worker.value());
    }
    return values;
  }

  @Override
  final <T> List<T> list(
      String name, int count, Iterable<T> rows, Row<T> row, Supplier<Consumer<T>> checks) {
    number(count);
    for (T each : rows) {
      row.fields().name(this, each);
    }
    return List.of();
  }

  @Override
  final <T> List<T> groups(
      String name, List<Group<T>> groups, Row<T> row, Supplier<Consumer<T>> checks) {
    number(groups.size());
    isGrouped = true;
    for (Group<T> group : groups) {
      string(group.dataset().value());
      list(name, group.count(), group.rows(), row, checks);
    }
    isGrouped = false;
    return List.of();
  }
}
