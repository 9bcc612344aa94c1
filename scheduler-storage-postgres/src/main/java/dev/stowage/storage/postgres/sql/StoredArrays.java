package dev.stowage.storage.postgres.sql;

import dev.stowage.store.StorageException;
import java.util.List;
import java.util.stream.Collectors;

/** Checks arrays for one dimension, first index 1 and no NULL, which unnesting would miss. */
public final class StoredArrays {
  /** The columns in which an empty array is written as NULL. */
  private static final List<String> NEVER_EMPTY =
      List.of("labels", "required_labels", "gone_names", "old_chunks", "new_chunks");

  private StoredArrays() {}

  /** Throws {@code Corrupt} naming missing objects, or columns with impossible arrays. */
  public static void require(SqlTransaction from) {
    SchemaObjects.require(from);
    List<String> found =
        SchemaObjects.columns().stream()
            .filter(SchemaObjects.Column::isArray)
            .flatMap(column -> problems(from, column).stream())
            .toList();
    if (!found.isEmpty()) {
      throw new StorageException.Corrupt(
          found.stream().collect(Collectors.joining("; "))
              + "; some row was changed by hand: restore a backup",
          null);
    }
  }

  private static List<String> problems(SqlTransaction from, SchemaObjects.Column column) {
    String of = "t." + column.name();
    return from.list(
        "SELECT DISTINCT found FROM (SELECT CASE WHEN array_ndims("
            + of
            + ") > 1 THEN 'has more than one dimension' WHEN array_lower("
            + of
            + ", 1) <> 1 THEN 'begins at a place other than 1' WHEN array_position("
            + of
            + ", NULL) IS NOT NULL THEN 'has NULL at place ' || array_position("
            + of
            + ", NULL) WHEN cardinality("
            + of
            + ") = 0 AND "
            + NEVER_EMPTY.contains(column.name())
            + " THEN 'is empty, and not NULL' END AS found FROM $."
            + column.table()
            + " t) s WHERE found IS NOT NULL ORDER BY found LIMIT 3",
        row ->
            "table "
                + column.table()
                + " has a row that cannot be read: column "
                + column.name()
                + " "
                + row.getString(1));
  }
}
