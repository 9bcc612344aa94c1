package dev.stowage.storage.postgres;

import dev.stowage.storage.postgres.sql.FleetSchema;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Remembers the history of versions that was accepted in one schema of a server, so that others
 * with an equal one are opened without being compared with the scripts. Thread-safe.
 */
final class KnownHistory {
  private static final String READ =
      "SELECT string_agg(concat_ws('|', version, description, type, script, checksum, success), ','"
          + " ORDER BY installed_rank) FROM $."
          + Migrations.HISTORY
          + " WHERE version IS NOT NULL";

  private volatile @Nullable String accepted;

  /** Reports whether a schema has the accepted history. */
  boolean isAccepted(DataSource source, FleetSchema schema) {
    String known = accepted;
    return known != null && known.equals(read(source, schema));
  }

  void accept(DataSource source, FleetSchema schema) {
    accepted = read(source, schema);
  }

  private static @Nullable String read(DataSource source, FleetSchema schema) {
    try (Connection connection = source.getConnection();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(schema.in(READ))) {
      return row.next() ? row.getString(1) : null;
    } catch (SQLException e) {
      // The comparison with the scripts names the fault.
      return null;
    }
  }
}
