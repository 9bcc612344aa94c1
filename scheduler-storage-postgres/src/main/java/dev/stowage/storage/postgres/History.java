package dev.stowage.storage.postgres;

import dev.stowage.storage.postgres.sql.SchemaObjects;
import dev.stowage.storage.postgres.sql.SqlTransaction;
import dev.stowage.store.StorageException;
import java.util.List;

/** Compares the history of versions that Flyway keeps in a schema with the scripts. */
final class History {
  static final String TABLE = "stowage_history";

  private static final String READ =
      "SELECT concat_ws('|', version, description, type, script, checksum, success) FROM $."
          + TABLE
          + " WHERE version IS NOT NULL ORDER BY installed_rank";

  private History() {}

  /**
   * Returns the version of a schema, or 0 if it has no fleet.
   *
   * @param scripts the row of each script
   * @throws StorageException.Corrupt if a fleet exists and its history does not fit the scripts
   * @throws IllegalStateException if the schema is newer, or the history of something else
   */
  static int version(SqlTransaction from, String schema, List<String> scripts) {
    boolean isFleet = SchemaObjects.isThereAFleet(from);
    boolean isThere =
        from.one("SELECT to_regclass('$." + TABLE + "') IS NOT NULL", row -> row.getBoolean(1))
            .orElseThrow();
    String wrong;
    try {
      List<String> rows = isThere ? from.list(READ, row -> row.getString(1)) : List.of();
      int equal = 0;
      while (equal < Math.min(rows.size(), scripts.size())
          && rows.get(equal).equals(scripts.get(equal))) {
        equal++;
      }
      if (equal == rows.size() && (equal > 0 || !isFleet)) {
        return equal;
      }
      if (equal == scripts.size()) {
        throw new IllegalStateException(
            "schema "
                + schema
                + " has version "
                + rows.get(rows.size() - 1).split("\\|", 2)[0]
                + ", this library knows versions up to "
                + equal
                + "; use a newer version of the library");
      }
      wrong =
          rows.isEmpty()
              ? "is missing or has no row of a version"
              : "has the row '" + rows.get(equal) + "', not '" + scripts.get(equal) + "'";
    } catch (StorageException.Corrupt e) {
      wrong = "cannot be read";
    }
    String message =
        "table " + TABLE + ", which keeps their versions, " + StorageException.escaped(wrong);
    throw isFleet
        ? new StorageException.Corrupt(
            "the tables of a fleet are in schema "
                + schema
                + ", and "
                + message
                + "; it was changed by hand, and nothing was done to the schema: restore table "
                + TABLE
                + " from a backup, or from another fleet's schema of the same version",
            null)
        : new IllegalStateException(
            "schema "
                + schema
                + " has no fleet, and "
                + message
                + "; give the fleet a schema of its own");
  }
}
