package dev.stowage.lifecycle.documents;

import dev.stowage.columns.Utf8Order;
import dev.stowage.model.Lineage;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/** The tables of a binary document and its exact size. Not thread-safe. */
final class DocumentTables extends BinarySize {
  final Table<Lineage> lineages = new Table<>(BinaryLayout.LINEAGES);

  final Table<String> names = new Table<>(Utf8Order.COMPARATOR);

  /** Caches the last value, because neighbours mostly share it. */
  static final class Table<T> {
    private final Comparator<? super T> order;
    private final Map<T, Integer> places = new HashMap<>();
    private @Nullable T last;
    private int lastPlace;

    private Table(Comparator<? super T> order) {
      this.order = order;
    }

    /** Returns the values, ascending, and enables {@link #place}; add no values afterwards. */
    List<T> sorted() {
      List<T> all = places.keySet().stream().sorted(order).toList();
      for (int i = 0; i < all.size(); i++) {
        places.put(all.get(i), i);
      }
      last = null;
      return all;
    }

    // A value that is equal, but not identical, is looked up.
    @SuppressWarnings("ReferenceEquality")
    int place(T value) {
      if (value != last) {
        lastPlace = places.getOrDefault(value, 0);
        last = value;
      }
      return lastPlace;
    }

    @SuppressWarnings("ReferenceEquality")
    private void add(T value) {
      if (value != last) {
        places.put(value, 0);
        last = value;
      }
    }
  }

  static DocumentTables of(Fields.Document document) {
    DocumentTables tables = new DocumentTables();
    document.name(tables);
    return tables;
  }

  DocumentTables with(
      EntryTotals rows, IntFunction<Lineage> lineageOf, IntFunction<String> nameOf) {
    add(rows);
    rows.lineages.stream().mapToObj(lineageOf).forEach(lineages::add);
    rows.names.stream().mapToObj(nameOf).forEach(names::add);
    return this;
  }

  @Override
  void place(Lineage lineage) {
    super.place(lineage);
    lineages.add(lineage);
  }

  @Override
  void place(String name) {
    super.place(name);
    names.add(name);
  }

  long size() {
    BinarySize tables = new BinarySize();
    tables.tables(lineages.places.keySet(), names.places.keySet());
    return bytes
        + tables.bytes
        + lineagePlaces * BinaryLayout.width(lineages.places.size())
        + namePlaces * BinaryLayout.width(names.places.size());
  }
}
