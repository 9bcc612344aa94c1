package dev.stowage.lifecycle.documents;

import dev.stowage.columns.Utf8Order;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.ChunkNumber;
import dev.stowage.model.DatasetId;
import dev.stowage.model.Incarnation;
import dev.stowage.model.Lineage;
import dev.stowage.model.WorkerAssignmentId;
import dev.stowage.model.WorkerId;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** The binary form of a worker's documents; {@link DocumentFormat} says what it looks like. */
final class BinarySlices {
  /** The least bytes of an entry: counter, id with its length, size, since. */
  private static final int LEAST_ENTRY = 5;

  private BinarySlices() {}

  static void write(SliceDocument slice, ByteOutput bytes) throws IOException {
    BinaryWriter out = new BinaryWriter(bytes);
    out.begin(slice.isFull() ? BinaryLayout.SLICE : BinaryLayout.SLICE_DELTA);
    out.u64(slice.lineage().token());
    out.number(slice.id().value());
    if (slice.from().isPresent()) {
      out.number(slice.from().get().value());
    }
    out.string(slice.worker().value());
    out.number(slice.incarnation().value());
    out.number(slice.obeyFromTick());
    out.number(slice.inventoryReport());
    out.flag(slice.inventoryWanted());
    TreeSet<Lineage> used = new TreeSet<>(BinaryLayout.LINEAGES);
    TreeSet<String> named = new TreeSet<>(Utf8Order.COMPARATOR);
    slice.keep().forEach(number -> used.add(number.lineage()));
    slice.removed().forEach(number -> used.add(number.lineage()));
    slice.put().forEach(entry -> used.add(entry.number().lineage()));
    slice.put().forEach(entry -> named.add(entry.key().dataset().value()));
    List<Lineage> lineages = out.lineages(used);
    out.strings(named);
    List<String> datasets = List.copyOf(named);
    out.numbers(slice.keep(), lineages);
    if (!slice.isFull()) {
      out.numbers(slice.removed(), lineages);
    }
    out.number(slice.put().size());
    for (SliceEntry entry : slice.put()) {
      out.chunk(entry.number(), lineages);
      String dataset = entry.key().dataset().value();
      int place = Collections.binarySearch(datasets, dataset, Utf8Order.COMPARATOR);
      out.ref(place, BinaryLayout.width(datasets.size()));
      out.string(entry.key().id());
      out.number(entry.sizeBytes());
      out.number(entry.since());
    }
  }

  static SliceDocument read(byte[] bytes) {
    BinaryReader in = new BinaryReader(bytes);
    boolean isFull = in.begin(BinaryLayout.SLICE, BinaryLayout.SLICE_DELTA) == BinaryLayout.SLICE;
    Lineage lineage = Lineage.of(in.u64());
    WorkerAssignmentId id = WorkerAssignmentId.of(in.number());
    Optional<WorkerAssignmentId> from =
        isFull ? Optional.empty() : Optional.of(WorkerAssignmentId.of(in.number()));
    WorkerId worker = in.value(it -> WorkerId.of(it.string()));
    Incarnation incarnation = Incarnation.of(in.number());
    long obeyFromTick = in.number();
    long inventoryReport = in.number();
    boolean inventoryWanted = in.flag();
    int tables = in.offset();
    List<Lineage> lineages = in.lineages();
    List<DatasetId> datasets = new ArrayList<>();
    for (String name : in.strings()) {
      datasets.add(in.value(it -> DatasetId.of(name)));
    }
    List<ChunkNumber> keep = in.numbers(lineages);
    List<ChunkNumber> removed = isFull ? List.of() : in.numbers(lineages);
    Entries entries = new Entries(in, lineages, datasets, removed);
    List<SliceEntry> put = entries.read();
    in.end();
    Set<Lineage> used = new HashSet<>();
    keep.forEach(number -> used.add(number.lineage()));
    removed.forEach(number -> used.add(number.lineage()));
    put.forEach(entry -> used.add(entry.number().lineage()));
    Set<DatasetId> named = new HashSet<>();
    put.forEach(entry -> named.add(entry.key().dataset()));
    if (used.size() < lineages.size() || named.size() < datasets.size()) {
      throw in.malformed(tables, "a table has an entry that nothing refers to");
    }
    return new SliceDocument(
        lineage,
        id,
        from,
        worker,
        incarnation,
        obeyFromTick,
        inventoryReport,
        inventoryWanted,
        keep,
        removed,
        put);
  }

  /** The chunks that the slice names. */
  private record Entries(
      BinaryReader in,
      List<Lineage> lineages,
      List<DatasetId> datasets,
      List<ChunkNumber> removed) {
    List<SliceEntry> read() {
      int count = in.count(LEAST_ENTRY);
      List<SliceEntry> put = new ArrayList<>(count);
      Set<ChunkKey> keys = new HashSet<>();
      Set<ChunkNumber> gone = new HashSet<>(removed);
      for (int i = 0; i < count; i++) {
        int from = in.offset();
        ChunkNumber number = in.chunk(lineages);
        if (i > 0) {
          in.inOrder(put.get(i - 1).number(), number, from);
        }
        DatasetId dataset = datasets.get(in.ref(datasets.size()));
        ChunkKey key = in.value(it -> new ChunkKey(dataset, it.string()));
        if (!keys.add(key) || gone.contains(number)) {
          throw in.malformed(from, "chunk " + key + " is named twice");
        }
        put.add(new SliceEntry(key, number, in.number(), in.number()));
      }
      return put;
    }
  }
}
