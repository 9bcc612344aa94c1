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

/**
 * One form of a document in one direction. A document names its fields to it once, in order. A
 * writer and a size take each value and return it; a reader ignores the value and returns what it
 * reads. Names are those of JSON; a value without a key has the name {@code ""}.
 */
abstract class Fields {
  /** What a document is about. */
  enum Kind {
    SLICE(1, "stowage.worker-assignment"),
    ROUTES(3, "stowage.portal-assignment");

    /** The number of a full document; a delta has the next. */
    final int number;

    /** The format of a full document. */
    final String format;

    Kind(int number, String format) {
      this.number = number;
      this.format = format;
    }
  }

  /** Names the fields of a row, and returns the row as {@link #made}. */
  interface Naming<T> {
    T name(Fields to, T row);
  }

  /** Names the fields of a document, and returns what makes the document that was read. */
  interface Document {
    Supplier<?> name(Fields to);
  }

  /**
   * The fields of a row.
   *
   * @param sample a row of the fewest bytes, which a reader passes for every row
   * @param isObject whether its fields have names
   * @param fields names the fields, and returns the row
   * @param leastBytes the fewest bytes of a row in binary
   */
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

  /**
   * The rows of one dataset.
   *
   * @param dataset the dataset
   * @param count how many rows, at least 1
   * @param rows they; none if they are summed up apart
   */
  record Group<T>(DatasetId dataset, int count, Iterable<T> rows) {}

  /** Begins a document, and reports whether it is a delta. */
  abstract boolean begin(Kind kind, boolean isDelta);

  /** The tables that fields refer to, where a form has them. */
  void tables() {}

  /** A whole number of at least 0. */
  abstract long number(String name, long value);

  /** A whole number of at least {@code least}. */
  long atLeast(String name, long least, long value) {
    return number(name, value);
  }

  abstract boolean flag(String name, boolean value);

  abstract String text(String name, String value);

  /** A text that a type of the model may refuse. */
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

  ChunkKey key(ChunkKey key) {
    DatasetId dataset = dataset("dataset", key.dataset());
    String id = text("chunk", key.id());
    return made(key, () -> new ChunkKey(dataset, id));
  }

  /**
   * A list of rows.
   *
   * @param count how many
   * @param rows they; none if they are summed up apart
   * @param checks makes what throws {@code IllegalArgumentException} for a row that must not follow
   * @return what was read; nothing of use where it is written
   */
  abstract <T> List<T> list(
      String name, int count, Iterable<T> rows, Row<T> row, Supplier<Consumer<T>> checks);

  /** A list of rows that are sorted by dataset. */
  abstract <T> List<T> groups(
      String name, List<Group<T>> groups, Row<T> row, Supplier<Consumer<T>> checks);

  /** Returns a value whose fields were named: as given, or made of what was read. */
  <T> T made(T given, Supplier<T> read) {
    return given;
  }

  void end() {}
}
