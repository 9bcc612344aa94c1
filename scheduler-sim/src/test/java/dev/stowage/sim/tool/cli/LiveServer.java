package dev.stowage.sim.tool.cli;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/** The PostgreSQL server of the tests of one JVM, which ends with it. */
final class LiveServer {
  private static final EmbeddedPostgres SERVER = started();

  private LiveServer() {}

  private static EmbeddedPostgres started() {
    try {
      EmbeddedPostgres.Builder server = EmbeddedPostgres.builder();
      // Tests judge what is stored, not when the disk has it.
      for (String off : List.of("fsync", "full_page_writes", "autovacuum")) {
        server.setServerConfig(off, "off");
      }
      return server.start();
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
