package dev.stowage.storage.postgres;

import dev.stowage.storage.postgres.sql.Failures;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;
import org.postgresql.PGConnection;

/**
 * Checks the server's version and finds proxies. Behind a proxy that pools transactions, a
 * statement's name may belong to another client, so that a rollback executes a commit. The driver
 * names statements, COMMIT and ROLLBACK too, unless {@code prepareThreshold} is 0.
 */
final class ServerCheck {
  private ServerCheck() {}

  private interface Look<T> {
    T at(Connection connection) throws SQLException;
  }

  /** Throws {@code IllegalStateException} for an old server or settings that it must not have. */
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
    requireSetting(source, "server_encoding", "UTF8", "create a database with ENCODING 'UTF8'");
    requireSetting(source, "session_replication_role", "origin", "the schema has triggers");
  }

  /** Throws {@code IllegalStateException} for connections that name statements to a proxy. */
  static void requireUnnamed(DataSource source) {
    int threshold =
        look(source, connection -> connection.unwrap(PGConnection.class).getPrepareThreshold());
    if (threshold != 0 && isProxied(source)) {
      throw new IllegalStateException(
          "the connections go through a proxy and prepare named statements on the server after "
              + threshold
              + " uses; a proxy that pools transactions may mix up the names: set"
              + " prepareThreshold=0 in the JDBC URL");
    }
  }

  /** Returns the names of the standbys that commits wait for. */
  static String synchronousStandbys(DataSource source) {
    return look(source, connection -> answer(connection, "SHOW synchronous_standby_names"));
  }

  private static void requireSetting(
      DataSource source, String name, String accepted, String remedy) {
    String found = look(source, connection -> answer(connection, "SHOW " + name));
    if (!found.equals(accepted)) {
      throw new IllegalStateException(
          name + " is " + found + "; " + accepted + " is accepted: " + remedy);
    }
  }

  private static String answer(Connection connection, String question) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet answer = statement.executeQuery(question)) {
      return answer.next() ? answer.getString(1) : "";
    }
  }

  /** Reports whether another server process answers than the one that the driver was told of. */
  static boolean isProxied(DataSource source) {
    return look(
        source,
        connection -> {
          int told = connection.unwrap(PGConnection.class).getBackendPID();
          return !answer(connection, "SELECT pg_catalog.pg_backend_pid()")
              .equals(String.valueOf(told));
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
