package dev.stowage.lifecycle.documents;

import dev.stowage.model.ChunkNumber;
import dev.stowage.model.DatasetId;
import dev.stowage.model.Lineage;
import dev.stowage.model.WorkerId;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Reads binary documents. Checks counts by the bytes left before it allocates. Not thread-safe. */
final class BinaryReader extends DocumentReader {
  private boolean isSlice;
  private int tables;
  private List<Lineage> lineages = List.of();
  private List<DatasetId> datasets = List.of();
  private List<WorkerId> workers = List.of();
  private final BitSet usedLineages = new BitSet();
  private final BitSet usedNames = new BitSet();
  private @Nullable DatasetId group;

  BinaryReader(byte[] bytes) {
    super(bytes);
  }

  @Override
  boolean begin(Kind kind, boolean isDelta) {
    for (int i = 0; i < BinaryLayout.MAGIC.length(); i++) {
      if (octet("the magic " + BinaryLayout.MAGIC) != BinaryLayout.MAGIC.charAt(i)) {
        throw malformed(i, "this is no assignment document");
      }
    }
    expectVersion(octet("the version"), at - 1);
    int full = kind.number;
    int found = octet("the kind of document");
    if (found != full && found != full + 1) {
      throw new DocumentException.Unsupported(
          at - 1,
          "a document of kind " + found + "; " + full + " or " + (full + 1) + " was asked for");
    }
    isSlice = kind == Kind.SLICE;
    return found != full;
  }

  @Override
  void tables() {
    tables = at;
    lineages = list(Row.LINEAGE, new Ascending<>("the table of lineages", BinaryLayout.LINEAGES));
    if (isSlice) {
      datasets = list(Row.DATASET, Ascending.naturally("the table of datasets"));
    } else {
      workers = list(Row.WORKER, Ascending.naturally("the table of workers"));
    }
  }

  @Override
  boolean flag(String name, boolean value) {
    int flag = octet("a flag");
    if (flag > 1) {
      throw malformed(at - 1, "a flag is " + flag + "; 0 or 1 is expected");
    }
    return flag == 1;
  }

  @Override
  Lineage lineage(String name, Lineage value) {
    return Lineage.of(u64());
  }

  @Override
  long number(String name, long value) {
    return number();
  }

  @Override
  long atLeast(String name, long least, long value) {
    long sum = least + number();
    if (sum < 0) {
      throw malformed(field, "a range ends beyond block " + Long.MAX_VALUE);
    }
    return sum;
  }

  @Override
  String text(String name, String value) {
    long length = number();
    if (length > bytes.length - at) {
      throw malformed(
          field, length + " bytes of text are announced and " + (bytes.length - at) + " are left");
    }
    int start = at;
    at += (int) length;
    return utf8(start, at);
  }

  @Override
  ChunkNumber chunk(String name, ChunkNumber value) {
    Lineage lineage = lineages.get(place(lineages.size(), usedLineages));
    long counter = number();
    return made(value, () -> new ChunkNumber(lineage, counter));
  }

  @Override
  DatasetId dataset(String name, DatasetId value) {
    DatasetId above = group;
    return above == null ? datasets.get(place(datasets.size(), usedNames)) : above;
  }

  @Override
  WorkerId worker(String name, WorkerId value) {
    if (workers.isEmpty()) {
      throw malformed(at, "a worker is named, but the table of workers is empty");
    }
    return workers.get(place(workers.size(), new BitSet()));
  }

  @Override
  List<WorkerId> workers(String name, List<WorkerId> values) {
    long count = number();
    if (count > workers.size()) {
      throw malformed(field, count + " workers are announced; the table has " + workers.size());
    }
    List<WorkerId> named = new ArrayList<>((int) count);
    for (int i = 0; i < count; i++) {
      named.add(workers.get(place(workers.size(), usedNames)));
    }
    return named;
  }

  @Override
  <T> List<T> list(
      String name, int count, Iterable<T> rows, Row<T> row, Supplier<Consumer<T>> checks) {
    return list(row, checks.get());
  }

  @Override
  <T> List<T> groups(String name, List<Group<T>> groups, Row<T> row, Supplier<Consumer<T>> checks) {
    // A count follows each dataset.
    int count = count(Row.DATASET.leastBytes() + 1 + row.leastBytes());
    Consumer<DatasetId> order = Ascending.naturally(name);
    Consumer<T> check = checks.get();
    List<T> all = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      group = rows(1, Row.DATASET, order).get(0);
      int size = count(row.leastBytes());
      if (size == 0) {
        throw malformed(field, "a dataset is named without an entry");
      }
      all.addAll(rows(size, row, check));
    }
    group = null;
    return all;
  }

  @Override
  void end() {
    expectZonesUsed();
    expectEnd(at);
    if (usedLineages.cardinality() < lineages.size()
        || usedNames.cardinality() < datasets.size() + workers.size()) {
      throw malformed(tables, "a table has an entry that nothing refers to");
    }
  }

  long u64() {
    field = at;
    if (bytes.length - at < Long.BYTES) {
      throw malformed(
          bytes.length, "8 bytes are expected from byte " + at + ", but the document ends here");
    }
    long value = ByteBuffer.wrap(bytes).getLong(at);
    at += Long.BYTES;
    return value;
  }

  int count(int leastBytes) {
    long count = number();
    if (count > (bytes.length - at) / leastBytes) {
      throw malformed(
          field, count + " entries are announced and " + (bytes.length - at) + " bytes are left");
    }
    return (int) count;
  }

  int place(int entries, BitSet used) {
    int from = at;
    long place = 0;
    for (int i = 0; i < BinaryLayout.width(entries); i++) {
      place = place << 8 | octet("a place in a table");
    }
    if (place >= entries) {
      throw malformed(from, "place " + place + " is beyond a table of " + entries + " entries");
    }
    used.set((int) place);
    return (int) place;
  }

  private long number() {
    field = at;
    long value = 0;
    for (int shift = 0; shift < 63; shift += 7) {
      int next = octet("a number");
      value |= (long) (next & 0x7f) << shift;
      if (next < 0x80) {
        if (next == 0 && shift > 0) {
          throw malformed(field, "a number is not written in the fewest bytes");
        }
        return value;
      }
    }
    throw malformed(field, "a number is above " + Long.MAX_VALUE);
  }

  private <T> List<T> list(Row<T> row, Consumer<T> check) {
    return rows(count(row.leastBytes()), row, check);
  }

  private <T> List<T> rows(int count, Row<T> row, Consumer<T> check) {
    List<T> all = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      int from = at;
      add(row.fields().name(this, row.sample()), from, check, all);
    }
    return all;
  }

  private int octet(String what) {
    if (at == bytes.length) {
      throw malformed(at, what + " is expected, but the document ends here");
    }
    return bytes[at++] & 0xff;
  }
}
