package dev.stowage.storage.postgres;

import dev.stowage.model.DatasetId;
import dev.stowage.storage.postgres.sql.Codes;
import dev.stowage.storage.postgres.sql.SqlTransaction;
import dev.stowage.store.StorageException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/**
 * The numbers of datasets, as one transaction knows them. Rows name datasets by number; a name that
 * none uses is not read, whatever a hand wrote.
 */
final class Datasets implements Codes {
  private static final int UNKNOWN = -1;

  private final Map<String, Integer> numbers = new HashMap<>();
  private final Map<Integer, String> names = new HashMap<>();

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
    if (!wanted.stream().map(DatasetId::value).allMatch(known.numbers::containsKey)) {
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
    String name = names.get(number);
    if (name == null) {
      throw new StorageException.Corrupt(
          "a row names dataset number " + number + ", which is missing; restore a backup", null);
    }
    return name;
  }

  private void read(SqlTransaction from, String query, Object... values) {
    from.visit(query, this::add, values);
  }

  private void add(ResultSet row) throws SQLException {
    numbers.put(row.getString(2), row.getInt(1));
    names.put(row.getInt(1), row.getString(2));
  }

  private static String[] names(Collection<DatasetId> datasets) {
    return datasets.stream().map(DatasetId::value).distinct().toArray(String[]::new);
  }
}
