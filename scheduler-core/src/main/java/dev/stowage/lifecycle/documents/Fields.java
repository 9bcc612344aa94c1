package dev.stowage.lifecycle.documents;

import dev.stowage.model.ChunkKey;
import dev.stowage.model.ChunkNumber;
import dev.stowage.model.DatasetId;
import dev.stowage.model.Lineage;
import dev.stowage.model.WorkerId;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/** One form of a document in one direction: writers return the value, readers the one read. */
abstract class Fields {
  enum Kind {
    SLICE(1, "stowage.worker-assignment"),
    ROUTES(3, "stowage.portal-assignment");

    final int number;

    final String format;

    Kind(int number, String format) {
      this.number = number;
      this.format = format;
    }
  }

  interface Naming<T> {
    T name(Fields to, T row);
  }

  interface Document {
    Supplier<?> name(Fields to);
  }

  /** The fields of a row. The sample has the fewest bytes, {@code leastBytes} in binary. */
  record Row<T>(T sample, boolean isObject, Naming<T> fields, int leastBytes) {
    static final Row<ChunkNumber> NUMBER =
        of(new ChunkNumber(Lineage.of(0), 1), false, (to, it) -> to.chunk("", it));

    static final Row<ChunkKey> KEY = of(ChunkKey.of("-", "-"), true, Fields::key);

    static final Row<Lineage> LINEAGE = of(Lineage.of(0), false, (to, it) -> to.lineage("", it));

    static final Row<DatasetId> DATASET =
        of(DatasetId.of("-"), false, (to, it) -> to.text("", it, DatasetId::value, DatasetId::of));

    static final Row<WorkerId> WORKER =
        of(WorkerId.of("-"), false, (to, it) -> to.text("", it, WorkerId::value, WorkerId::of));

    static <T> Row<T> of(T sample, boolean isObject, Naming<T> fields) {
      BinarySize least = new BinarySize();
      fields.name(least, sample);
      return new Row<>(sample, isObject, fields, Math.toIntExact(least.bytes));
    }
  }

  /** At least 1 rows of one dataset; {@code rows} is empty if they are summed up separately. */
  record Group<T>(DatasetId dataset, int count, Iterable<T> rows) {}

  abstract boolean begin(Kind kind, boolean isDelta);

  void tables() {}

  abstract long number(String name, long value);

  long atLeast(String name, long least, long value) {
    return number(name, value);
  }

  abstract boolean flag(String name, boolean value);

  abstract String text(String name, String value);

  <T> T text(String name, T given, Function<T, String> words, Function<String, T> read) {
    String text = text(name, words.apply(given));
    return made(given, () -> read.apply(text));
  }

  Lineage lineage(String name, Lineage value) {
    return text(name, value, Lineage::toString, JsonReader::lineage);
  }

  ChunkNumber chunk(String name, ChunkNumber value) {
    return text(name, value, ChunkNumber::toString, ChunkNumber::of);
  }

  DatasetId dataset(String name, DatasetId value) {
    return text(name, value, DatasetId::value, DatasetId::of);
  }

  List<WorkerId> workers(String name, List<WorkerId> values) {
    return list(name, values.size(), values, Row.WORKER, () -> any -> {});
  }

  WorkerId worker(String name, WorkerId value) {
    return text(name, value, WorkerId::value, WorkerId::of);
  }

  /** Takes the zones of the workers that the rows after it name. */
  void zones(List<RoutesSource.Zoned> zones) {}

  /** Returns the zones of a route's workers; without any zone none. */
  List<String> zonesOf(List<WorkerId> workers, List<String> given) {
    return given;
  }

  ChunkKey key(ChunkKey key) {
    DatasetId dataset = dataset("dataset", key.dataset());
    String id = text("chunk", key.id());
    return made(key, () -> new ChunkKey(dataset, id));
  }

  /** Passes rows; checks throw {@code IllegalArgumentException} for misplaced ones. */
  abstract <T> List<T> list(
      String name, int count, Iterable<T> rows, Row<T> row, Supplier<Consumer<T>> checks);

  abstract <T> List<T> groups(
      String name, List<Group<T>> groups, Row<T> row, Supplier<Consumer<T>> checks);

  <T> T made(T given, Supplier<T> read) {
    return given;
  }

  void end() {}
}
