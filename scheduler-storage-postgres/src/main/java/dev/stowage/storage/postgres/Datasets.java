package dev.stowage.storage.postgres;

import dev.stowage.model.DatasetId;
import dev.stowage.storage.postgres.sql.Codes;
import dev.stowage.storage.postgres.sql.SqlBatch;
import dev.stowage.storage.postgres.sql.SqlTransaction;
import dev.stowage.store.StorageException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/** The numbers of datasets, as one transaction knows them. Rows name datasets by number. */
final class Datasets implements Codes {
  private static final int UNKNOWN = -1;

  private static final String LOCK =
      "SELECT id, name FROM $.dataset WHERE name = ANY (?) ORDER BY id FOR NO KEY UPDATE";

  private final Map<String, Integer> numbers = new HashMap<>();
  private final Map<Integer, DatasetId> ids = new HashMap<>();

  private Datasets() {}

  static Datasets all(SqlTransaction from) {
    Datasets all = new Datasets();
    all.read(from, "SELECT id, name FROM $.dataset");
    return all;
  }

  /** Returns those of the datasets that exist. */
  static Datasets known(SqlTransaction from, Collection<DatasetId> wanted) {
    Datasets known = new Datasets();
    if (!wanted.isEmpty()) {
      known.read(
          from, "SELECT id, name FROM $.dataset WHERE name = ANY (?)", (Object) names(wanted));
    }
    return known;
  }

  /** Creates the datasets that are missing. */
  static Datasets ensured(SqlTransaction to, Collection<DatasetId> wanted) {
    Datasets known = known(to, wanted);
    if (!known.knowsAll(wanted)) {
      // The order of names prevents deadlocks between transactions.
      to.update(
          "INSERT INTO $.dataset (name) SELECT u.name FROM unnest(?) AS u (name)"
              + " ORDER BY u.name COLLATE \"C\" ON CONFLICT (name) DO NOTHING",
          (Object)
              wanted.stream()
                  .map(DatasetId::value)
                  .filter(dataset -> !known.numbers.containsKey(dataset))
                  .distinct()
                  .toArray(String[]::new));
      return known(to, wanted);
    }
    return known;
  }

  /** Creates missing datasets and locks all of them against other writers until the end. */
  static Datasets locked(SqlTransaction to, Collection<DatasetId> wanted) {
    Datasets locked = new Datasets();
    to.visit(LOCK, locked::add, (Object) names(wanted));
    return locked.knowsAll(wanted) ? locked : ensuredAndLocked(to, wanted);
  }

  /** Asks for those of the datasets that exist and locks them until the end. */
  static Datasets askLocked(SqlBatch batch, Collection<DatasetId> wanted) {
    Datasets locked = new Datasets();
    batch.visit(LOCK, locked::add, (Object) names(wanted));
    return locked;
  }

  static Datasets ensuredAndLocked(SqlTransaction to, Collection<DatasetId> wanted) {
    Datasets ensured = ensured(to, wanted);
    ensured.lock(to);
    return ensured;
  }

  boolean knowsAll(Collection<DatasetId> wanted) {
    return wanted.stream().map(DatasetId::value).allMatch(numbers::containsKey);
  }

  void lock(SqlTransaction transaction) {
    transaction.list(
        "SELECT id FROM $.dataset WHERE id = ANY (?) ORDER BY id FOR NO KEY UPDATE",
        row -> row.getInt(1),
        (Object) ids.keySet().stream().mapToInt(Integer::intValue).toArray());
  }

  /** Returns the number of a dataset, or {@link #UNKNOWN}. */
  int number(DatasetId dataset) {
    return number(dataset.value());
  }

  @Override
  public int number(String dataset) {
    return numbers.getOrDefault(dataset, UNKNOWN);
  }

  @Override
  public String name(int number) {
    return id(number).value();
  }

  /** Returns the dataset; throws {@code Corrupt} for an unknown number. */
  DatasetId id(int number) {
    DatasetId id = ids.get(number);
    if (id == null) {
      throw new StorageException.Corrupt(
          "a row names dataset number " + number + ", which is missing; restore a backup", null);
    }
    return id;
  }

  private void read(SqlTransaction from, String query, Object... values) {
    from.visit(query, this::add, values);
  }

  private void add(ResultSet row) throws SQLException {
    DatasetId id = DatasetId.of(row.getString(2));
    numbers.put(id.value(), row.getInt(1));
    ids.put(row.getInt(1), id);
  }

  private static String[] names(Collection<DatasetId> datasets) {
    return datasets.stream().map(DatasetId::value).distinct().toArray(String[]::new);
  }
}
