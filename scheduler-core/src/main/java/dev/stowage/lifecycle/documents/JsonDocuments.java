package dev.stowage.lifecycle.documents;

import dev.stowage.model.BlockRange;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.ChunkNumber;
import dev.stowage.model.DatasetId;
import dev.stowage.model.Incarnation;
import dev.stowage.model.Lineage;
import dev.stowage.model.PortalAssignmentId;
import dev.stowage.model.WorkerAssignmentId;
import dev.stowage.model.WorkerId;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** The JSON form of documents; {@link DocumentFormat} says what it looks like. */
final class JsonDocuments {
  private static final String SLICE = "stowage.worker-assignment";
  private static final String ROUTES = "stowage.portal-assignment";
  private static final String DELTA = "-delta";

  private JsonDocuments() {}

  static void write(SliceDocument slice, ByteOutput bytes) throws IOException {
    JsonWriter out = new JsonWriter(bytes);
    begin(out, slice.isFull() ? SLICE : SLICE + DELTA, slice.lineage());
    out.key("id").number(slice.id().value());
    if (slice.from().isPresent()) {
      out.key("from").number(slice.from().get().value());
    }
    out.key("worker").text(slice.worker().value());
    out.key("incarnation").number(slice.incarnation().value());
    out.key("obey_from").number(slice.obeyFromTick());
    out.key("inventory_report").number(slice.inventoryReport());
    out.key("inventory_wanted").flag(slice.inventoryWanted());
    numbers(out, "keep", slice.keep());
    if (!slice.isFull()) {
      numbers(out, "removed", slice.removed());
    }
    out.key("put").open('[');
    for (SliceEntry entry : slice.put()) {
      out.open('{').key("number").text(entry.number().toString());
      key(out, entry.key());
      out.key("bytes").number(entry.sizeBytes()).key("since").number(entry.since()).close('}');
    }
    out.close(']').close('}');
  }

  static void write(RoutesSource routes, ByteOutput bytes) throws IOException {
    JsonWriter out = new JsonWriter(bytes);
    boolean isFull = routes.from().isEmpty();
    begin(out, isFull ? ROUTES : ROUTES + DELTA, routes.lineage());
    out.key("id").number(routes.id().value());
    if (!isFull) {
      out.key("from").number(routes.from().get().value()).key("removed").open('[');
      for (ChunkKey key : routes.removed()) {
        out.open('{');
        key(out, key);
        out.close('}');
      }
      out.close(']');
    }
    out.key("put").open('[');
    for (RoutesSource.Group group : routes.groups()) {
      for (Route route : group.routes()) {
        write(route, out);
      }
    }
    out.close(']').close('}');
  }

  private static void write(Route route, JsonWriter out) throws IOException {
    out.open('{');
    key(out, route.key());
    out.key("first").number(route.range().first()).key("last").number(route.range().last());
    out.key("number").text(route.number().toString());
    out.key("bytes").number(route.sizeBytes()).key("workers").open('[');
    for (WorkerId worker : route.workers()) {
      out.text(worker.value());
    }
    out.close(']').close('}');
  }

  private static void begin(JsonWriter out, String format, Lineage lineage) throws IOException {
    out.open('{').key("format").text(format).key("version").number(DocumentFormat.VERSION);
    out.key("lineage").text(lineage.toString());
  }

  private static void key(JsonWriter out, ChunkKey key) throws IOException {
    out.key("dataset").text(key.dataset().value()).key("chunk").text(key.id());
  }

  private static void numbers(JsonWriter out, String name, List<ChunkNumber> all)
      throws IOException {
    out.key(name).open('[');
    for (ChunkNumber each : all) {
      out.text(each.toString());
    }
    out.close(']');
  }

  static SliceDocument readSlice(byte[] bytes) {
    JsonReader in = new JsonReader(bytes);
    boolean isDelta = begin(in, SLICE);
    Lineage lineage = lineage(in);
    in.next("id");
    WorkerAssignmentId id = WorkerAssignmentId.of(in.number());
    Optional<WorkerAssignmentId> from = Optional.empty();
    if (isDelta) {
      in.next("from");
      from = Optional.of(WorkerAssignmentId.of(in.number()));
    }
    in.next("worker");
    WorkerId worker = in.value(it -> WorkerId.of(it.text()));
    in.next("incarnation");
    Incarnation incarnation = Incarnation.of(in.number());
    in.next("obey_from");
    long obeyFromTick = in.number();
    in.next("inventory_report");
    long inventoryReport = in.number();
    in.next("inventory_wanted");
    boolean inventoryWanted = in.flag();
    List<ChunkNumber> keep = numbers(in, "keep");
    List<ChunkNumber> removed = isDelta ? numbers(in, "removed") : List.of();
    in.next("put");
    int entries = in.offset();
    List<SliceEntry> put = in.list(() -> entry(in));
    in.take('}');
    in.end();
    try {
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
    } catch (IllegalArgumentException refused) {
      throw in.malformed(entries, String.valueOf(refused.getMessage()));
    }
  }

  static RoutesDocument readRoutes(byte[] bytes) {
    JsonReader in = new JsonReader(bytes);
    boolean isDelta = begin(in, ROUTES);
    Lineage lineage = lineage(in);
    in.next("id");
    PortalAssignmentId id = PortalAssignmentId.of(in.number());
    Optional<PortalAssignmentId> from = Optional.empty();
    List<ChunkKey> removed = List.of();
    if (isDelta) {
      in.next("from");
      from = Optional.of(PortalAssignmentId.of(in.number()));
      in.next("removed");
      removed = in.list(() -> removedKey(in));
    }
    in.next("put");
    int routes = in.offset();
    List<Route> put = in.list(() -> route(in));
    in.take('}');
    in.end();
    try {
      return new RoutesDocument(lineage, id, from, removed, put);
    } catch (IllegalArgumentException refused) {
      throw in.malformed(routes, String.valueOf(refused.getMessage()));
    }
  }

  /** Reads format and version; whether it is a delta. */
  private static boolean begin(JsonReader in, String format) {
    in.take('{');
    in.key("format");
    int named = in.offset();
    String found = in.text();
    if (!found.equals(format) && !found.equals(format + DELTA)) {
      throw new DocumentException.Unsupported(
          named, "a document of format " + found + "; " + format + " was asked for");
    }
    in.next("version");
    int at = in.offset();
    long version = in.number();
    if (version != DocumentFormat.VERSION) {
      throw new DocumentException.Unsupported(
          at, "version " + version + " of the format; " + DocumentFormat.VERSION + " is read");
    }
    return found.endsWith(DELTA);
  }

  private static Lineage lineage(JsonReader in) {
    in.next("lineage");
    return in.value(it -> lineage(it.text()));
  }

  /** Exactly as it is written: 16 digits. */
  private static Lineage lineage(String text) {
    if (!text.matches("[0-9a-f]{16}")) {
      throw new IllegalArgumentException("a lineage of 16 hexadecimal digits is expected");
    }
    return Lineage.of(Long.parseUnsignedLong(text, 16));
  }

  private static ChunkNumber number(JsonReader in) {
    return in.value(it -> {
      String text = it.text();
      if (!text.matches("[0-9a-f]{16}-[1-9][0-9]{0,18}")) {
        throw new IllegalArgumentException("a chunk number as LINEAGE-COUNTER is expected");
      }
      return new ChunkNumber(lineage(text.substring(0, 16)), Long.parseLong(text.substring(17)));
    });
  }

  private static List<ChunkNumber> numbers(JsonReader in, String name) {
    in.next(name);
    return in.list(() -> number(in));
  }

  private static SliceEntry entry(JsonReader in) {
    in.take('{');
    in.key("number");
    ChunkNumber number = number(in);
    in.take(',');
    ChunkKey key = key(in);
    in.next("bytes");
    long bytes = in.number();
    in.next("since");
    long since = in.number();
    in.take('}');
    return new SliceEntry(key, number, bytes, since);
  }

  private static ChunkKey removedKey(JsonReader in) {
    in.take('{');
    ChunkKey key = key(in);
    in.take('}');
    return key;
  }

  private static ChunkKey key(JsonReader in) {
    in.key("dataset");
    DatasetId dataset = in.value(it -> DatasetId.of(it.text()));
    in.next("chunk");
    return in.value(it -> new ChunkKey(dataset, it.text()));
  }

  private static Route route(JsonReader in) {
    in.take('{');
    ChunkKey key = key(in);
    in.next("first");
    long first = in.number();
    in.next("last");
    BlockRange range = in.value(it -> BlockRange.of(first, it.number()));
    in.next("number");
    ChunkNumber number = number(in);
    in.next("bytes");
    long bytes = in.number();
    in.next("workers");
    List<WorkerId> workers = in.list(() -> in.value(it -> WorkerId.of(it.text())));
    in.take('}');
    return new Route(key, range, number, bytes, workers);
  }
}
