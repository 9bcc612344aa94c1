package dev.stowage.sim.freeze;

import dev.stowage.EngineReplay;
import dev.stowage.PartReplay;
import dev.stowage.deterministic.SchedulerRecords;
import dev.stowage.evidence.RecordCatalog;
import dev.stowage.lifecycle.documents.DocumentFormat;
import dev.stowage.lifecycle.documents.Route;
import dev.stowage.lifecycle.documents.RoutesDocument;
import dev.stowage.lifecycle.documents.SliceDocument;
import dev.stowage.lifecycle.documents.SliceEntry;
import dev.stowage.model.BlockRange;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.ChunkNumber;
import dev.stowage.model.DatasetId;
import dev.stowage.model.Lineage;
import dev.stowage.model.PortalAssignmentId;
import dev.stowage.model.WorkerAssignmentId;
import dev.stowage.model.WorkerId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/** Everything that is written for others to read: commands, documents, kinds of evidence. */
final class FrozenBytes {
  private static final int EACH = 200;

  private FrozenBytes() {}

  static List<Piece> pieces() {
    return List.of(
        new Piece("bytes", FrozenCommands::lines),
        new Piece("bytes", FrozenBytes::documents),
        new Piece("bytes", FrozenBytes::records),
        new Piece("bytes", FrozenContent::lines));
  }

  // ---- documents ----

  private static List<String> documents() {
    List<String> lines = new ArrayList<>();
    for (boolean isFull : new boolean[] {true, false}) {
      for (DocumentFormat format : List.of(DocumentFormat.BINARY, DocumentFormat.JSON)) {
        DrawnValues values = new DrawnValues(isFull ? 1 : 2);
        Digest slices = new Digest();
        Digest routes = new Digest();
        for (int at = 0; at < EACH; at++) {
          byte[] slice = format.toBytes(slice(values, isFull));
          slices.add(slice).add(format.toBytes(format.readSlice(slice)));
          byte[] route = format.toBytes(routes(values, isFull));
          routes.add(route).add(format.toBytes(format.readRoutes(route)));
        }
        String word = format == DocumentFormat.JSON ? "json" : "binary";
        String title = isFull ? " full " : " delta ";
        lines.add("slice" + title + word + " " + slices.hex());
        lines.add("routes" + title + word + " " + routes.hex());
      }
    }
    return lines;
  }

  /** Numbers of one lineage, in their order. */
  private static List<ChunkNumber> numbers(DrawnValues values, Lineage lineage) {
    TreeSet<Long> counters = new TreeSet<>(values.some(() -> Math.max(1, values.whole())));
    return counters.stream().map(counter -> new ChunkNumber(lineage, counter)).toList();
  }

  private static SliceDocument slice(DrawnValues values, boolean isFull) {
    Lineage lineage = values.lineage();
    List<ChunkNumber> removed = isFull ? List.of() : numbers(values, lineage);
    DatasetId dataset = values.dataset();
    List<SliceEntry> put = new ArrayList<>();
    for (ChunkNumber number : numbers(values, lineage)) {
      if (!removed.contains(number)) {
        ChunkKey key = new ChunkKey(dataset, values.name());
        put.add(new SliceEntry(key, number, values.whole(), values.whole()));
      }
    }
    return new SliceDocument(
        values.lineage(),
        WorkerAssignmentId.of(values.whole()),
        isFull ? Optional.empty() : Optional.of(WorkerAssignmentId.of(values.whole())),
        values.worker(),
        values.incarnation(),
        values.whole(),
        values.whole(),
        values.chance.happens(50),
        numbers(values, values.lineage()),
        removed,
        put);
  }

  private static RoutesDocument routes(DrawnValues values, boolean isFull) {
    Lineage lineage = values.lineage();
    TreeSet<DatasetId> datasets = new TreeSet<>(values.some(values::dataset));
    List<Route> put = new ArrayList<>();
    long counter = 0;
    for (DatasetId dataset : datasets) {
      long block = values.small();
      for (int left = values.chance.below(8); left > 0; left--) {
        BlockRange range = BlockRange.of(block, block + values.small());
        put.add(
            new Route(
                new ChunkKey(dataset, values.name()),
                range,
                new ChunkNumber(lineage, ++counter),
                values.whole(),
                List.copyOf(new TreeSet<WorkerId>(values.some(values::worker)))));
        block = range.last() + 1 + values.small();
      }
    }
    return new RoutesDocument(
        values.lineage(),
        PortalAssignmentId.of(values.whole()),
        isFull ? Optional.empty() : Optional.of(PortalAssignmentId.of(values.whole())),
        isFull ? List.of() : List.copyOf(new TreeSet<>(values.some(values::key))),
        put);
  }

  // ---- evidence ----

  private static List<String> records() {
    return List.of(
        "records of facades " + digest(EngineReplay.catalog()),
        "records of parts " + digest(PartReplay.catalog()),
        "records of schedulers " + digest(SchedulerRecords.catalog()));
  }

  private static String digest(RecordCatalog catalog) {
    Digest digest = new Digest();
    catalog.types().forEach(type -> digest.add(type.wire()).add(type.name()));
    return digest.hex();
  }
}
