package dev.stowage.storage.postgres;

import dev.stowage.storage.postgres.sql.Failures;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;
import org.postgresql.PGConnection;

/**
 * Whether a source of connections leads to a server that is new enough, and how.
 *
 * <p>A proxy that pools transactions gives the next one to any of its connections to the server,
 * where the name of a statement may stand for another client's: a rollback may be somebody's
 * commit. The driver names statements after a few uses, and {@code COMMIT} and {@code ROLLBACK} at
 * once, unless {@code prepareThreshold} is 0.
 */
final class ServerCheck {
  private ServerCheck() {}

  private interface Look<T> {
    T at(Connection connection) throws SQLException;
  }

  /**
   * Refuses a server that is too old, and statements with names behind a proxy.
   *
   * @throws IllegalStateException naming the remedy
   */
  static void require(DataSource source) {
    int version = look(source, connection -> connection.getMetaData().getDatabaseMajorVersion());
    if (version < PostgresChunkStore.OLDEST_SERVER) {
      throw new IllegalStateException(
          "the server is PostgreSQL "
              + version
              + "; "
              + PostgresChunkStore.OLDEST_SERVER
              + " or later is accepted");
    }
    int threshold =
        look(source, connection -> connection.unwrap(PGConnection.class).getPrepareThreshold());
    if (threshold != 0 && isProxied(source)) {
      throw new IllegalStateException(
          "the connections lead through a proxy and name statements on the server after "
              + threshold
              + " uses; one that pools transactions may confuse these names: set"
              + " prepareThreshold=0 in the JDBC URL");
    }
  }

  /** Whether another process answers than the one that the driver was told of. */
  static boolean isProxied(DataSource source) {
    return look(
        source,
        connection -> {
          try (Statement statement = connection.createStatement();
              ResultSet answer = statement.executeQuery("SELECT pg_backend_pid()")) {
            return answer.next()
                && answer.getInt(1) != connection.unwrap(PGConnection.class).getBackendPID();
          }
        });
  }

  private static <T> T look(DataSource source, Look<T> look) {
    try (Connection connection = source.getConnection()) {
      return look.at(connection);
    } catch (SQLException e) {
      throw Failures.ofConnecting("no connection to the database", e);
    }
  }
}
