package dev.stowage.lifecycle.documents;

import dev.stowage.lifecycle.state.ChunkFacts;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.ChunkNumber;
import dev.stowage.model.DatasetId;
import dev.stowage.model.Lineage;
import dev.stowage.model.WorkerAssignmentId;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** The exact sizes of binary documents, computed without writing them. */
final class DocumentSizes {
  private DocumentSizes() {}

  /** A full document of a slice; costs nothing where the slice has not changed since last asked. */
  static long of(WorkerSlice slice, EntryTotals totals) {
    ChunkFacts facts = slice.facts();
    Set<Lineage> lineages = new HashSet<>();
    totals.lineages.stream().forEach(ordinal -> lineages.add(facts.lineages().get(ordinal)));
    long names = 0;
    for (int number = totals.names.nextSetBit(0);
        number >= 0;
        number = totals.names.nextSetBit(number + 1)) {
      names += BinaryLayout.stringBytes(facts.datasets().get(number).value());
    }
    Tables tables = new Tables(lineages, totals.names.cardinality(), names);
    return slice(slice, Optional.empty(), List.of(), tables)
        + entries(totals.entries, totals.bytes, tables);
  }

  /** A document of a delta, full or not; costs in proportion to what it names. */
  static long of(SliceDelta delta) {
    Set<Lineage> lineages = new HashSet<>();
    Set<DatasetId> datasets = new HashSet<>();
    long bytes = 0;
    for (SliceEntry entry : delta.put()) {
      lineages.add(entry.number().lineage());
      datasets.add(entry.key().dataset());
      bytes += BinaryLayout.numberBytes(entry.number().counter());
      bytes += BinaryLayout.stringBytes(entry.key().id());
      bytes += BinaryLayout.numberBytes(entry.sizeBytes());
      bytes += BinaryLayout.numberBytes(entry.since());
    }
    delta.removed().forEach(number -> lineages.add(number.lineage()));
    long names = strings(datasets.stream().map(DatasetId::value).toList());
    Tables tables = new Tables(lineages, datasets.size(), names);
    return slice(delta.slice(), delta.from(), delta.removed(), tables)
        + entries(delta.put().size(), bytes, tables);
  }

  /** A document of a delta, full or not; costs in proportion to what it names. */
  static long of(PortalDelta delta) {
    RoutesSource routes = RoutesSource.of(delta);
    long size = routes(routes);
    int lineage = BinaryLayout.width(routes.lineages().size());
    int worker = BinaryLayout.width(routes.workers().size());
    for (Route route : delta.put()) {
      size += BinaryLayout.numberBytes(route.range().first());
      size += BinaryLayout.numberBytes(route.range().last() - route.range().first());
      size += BinaryLayout.stringBytes(route.key().id());
      size += lineage + BinaryLayout.numberBytes(route.number().counter());
      size += BinaryLayout.numberBytes(route.sizeBytes());
      size += BinaryLayout.numberBytes(route.workers().size());
      size += (long) worker * route.workers().size();
    }
    return size;
  }

  /** A full document of an assignment whose entries are summed up. */
  static long of(RoutesSource routes, EntryTotals totals) {
    return routes(routes)
        + totals.bytes
        + totals.entries * BinaryLayout.width(routes.lineages().size())
        + totals.named * BinaryLayout.width(routes.workers().size());
  }

  /**
   * What the entries of a slice refer to.
   *
   * @param lineages of their numbers, and of what is removed
   * @param datasets how many
   * @param datasetBytes their names as texts
   */
  private record Tables(Set<Lineage> lineages, int datasets, long datasetBytes) {}

  private static long entries(long count, long bytes, Tables tables) {
    int lineage = BinaryLayout.width(tables.lineages().size());
    int dataset = BinaryLayout.width(tables.datasets());
    return BinaryLayout.numberBytes(count) + bytes + count * lineage + count * dataset;
  }

  /** All of a worker's document but its entries. Completes the table of lineages. */
  private static long slice(
      WorkerSlice slice,
      Optional<WorkerAssignmentId> from,
      List<ChunkNumber> removed,
      Tables tables) {
    TreeSet<ChunkNumber> keep = SliceDocument.distinct(slice.keep());
    keep.forEach(number -> tables.lineages().add(number.lineage()));
    int width = BinaryLayout.width(tables.lineages().size());
    long size = (long) BinaryLayout.BEGINNING + Long.BYTES;
    size += BinaryLayout.numberBytes(slice.id().value());
    size += from.map(id -> BinaryLayout.numberBytes(id.value())).orElse(0);
    size += BinaryLayout.stringBytes(slice.worker().value());
    size += BinaryLayout.numberBytes(slice.incarnation().value());
    size += BinaryLayout.numberBytes(slice.obeyFromTick());
    size += BinaryLayout.numberBytes(slice.inventoryReport()) + 1;
    size += BinaryLayout.numberBytes(tables.lineages().size());
    size += (long) Long.BYTES * tables.lineages().size();
    size += BinaryLayout.numberBytes(tables.datasets()) + tables.datasetBytes();
    size += numbers(keep, width);
    return size + (from.isPresent() ? numbers(removed, width) : 0);
  }

  /** All of a portal's document but its routes. */
  private static long routes(RoutesSource routes) {
    long size = (long) BinaryLayout.BEGINNING + Long.BYTES;
    size += BinaryLayout.numberBytes(routes.id().value());
    size += BinaryLayout.numberBytes(routes.lineages().size());
    size += (long) Long.BYTES * routes.lineages().size();
    size += BinaryLayout.numberBytes(routes.workers().size());
    size += strings(routes.workers().stream().map(worker -> worker.value()).toList());
    if (routes.from().isPresent()) {
      size += BinaryLayout.numberBytes(routes.from().get().value());
      size += removed(routes.removed());
    }
    size += BinaryLayout.numberBytes(routes.groups().size());
    for (RoutesSource.Group group : routes.groups()) {
      size += BinaryLayout.stringBytes(group.dataset().value());
      size += BinaryLayout.numberBytes(group.count());
    }
    return size;
  }

  private static long removed(List<ChunkKey> removed) {
    List<Integer> starts = RoutesSource.starts(removed, ChunkKey::dataset);
    long size = BinaryLayout.numberBytes(starts.size() - 1);
    for (int group = 0; group + 1 < starts.size(); group++) {
      int from = starts.get(group);
      size += BinaryLayout.stringBytes(removed.get(from).dataset().value());
      size += BinaryLayout.numberBytes(starts.get(group + 1) - from);
    }
    return size + strings(removed.stream().map(ChunkKey::id).toList());
  }

  private static long numbers(Collection<ChunkNumber> numbers, int width) {
    long size = BinaryLayout.numberBytes(numbers.size()) + (long) width * numbers.size();
    for (ChunkNumber number : numbers) {
      size += BinaryLayout.numberBytes(number.counter());
    }
    return size;
  }

  private static long strings(Collection<String> texts) {
    long size = 0;
    for (String text : texts) {
      size += BinaryLayout.stringBytes(text);
    }
    return size;
  }
}
