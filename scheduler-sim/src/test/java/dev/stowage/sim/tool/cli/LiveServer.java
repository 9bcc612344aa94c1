package dev.stowage.sim.tool.cli;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

/** The PostgreSQL server of the tests of one JVM, which ends with it. */
final class LiveServer {
  private static final EmbeddedPostgres SERVER = started();

  private LiveServer() {}

  private static EmbeddedPostgres started() {
    try {
      return EmbeddedPostgres.builder().setServerConfig("fsync", "off").start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static String url(String database) {
    return SERVER.getJdbcUrl("postgres", database);
  }

  /** Runs statements in a database. */
  static void execute(String database, String... statements) throws SQLException {
    try (Connection connection = SERVER.getDatabase("postgres", database).getConnection();
        Statement statement = connection.createStatement()) {
      for (String each : statements) {
        statement.execute(each);
      }
    }
  }
}
