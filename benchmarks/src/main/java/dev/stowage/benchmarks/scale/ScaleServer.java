package dev.stowage.benchmarks.scale;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

/** A PostgreSQL server, and the statements around a store in its schema {@code fleet}. */
final class ScaleServer implements AutoCloseable {
  static final String SCHEMA = "fleet";
  private static final byte[] SIGNATURE = {
    'P', 'G', 'C', 'O', 'P', 'Y', '\n', (byte) 0xff, '\r', '\n', 0, 0, 0, 0, 0, 0, 0, 0, 0
  };
  private static final int COPY_BUFFER = 1 << 16;
  private static final int COPY_ROW = 2 + 3 * 4 + 4 + 4 + 8;

  private final String url;
  private final @Nullable EmbeddedPostgres embedded;
  private final HikariDataSource source;

  private ScaleServer(String url, @Nullable EmbeddedPostgres embedded) {
    this.url = url;
    this.embedded = embedded;
    HikariConfig config = new HikariConfig();
    config.setJdbcUrl(url);
    config.setMaximumPoolSize(20);
    config.setMinimumIdle(0);
    source = new HikariDataSource(config);
  }

  /** Starts a server with {@code fsync} on and the settings of docs/storage-postgres.md. */
  static ScaleServer start() {
    try {
      EmbeddedPostgres server =
          EmbeddedPostgres.builder()
              .setPGStartupWait(Duration.ofMinutes(2))
              .setServerConfig("fsync", "on")
              .setServerConfig("synchronous_commit", "on")
              .setServerConfig("full_page_writes", "on")
              .setServerConfig("shared_buffers", "1GB")
              .setServerConfig("max_wal_size", "8GB")
              .setServerConfig("checkpoint_timeout", "15min")
              .setServerConfig("max_connections", "100")
              .start();
      return new ScaleServer(server.getJdbcUrl("postgres", "postgres"), server);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Connects to a running server with its own settings, and drops what a run leaves there. */
  static ScaleServer at(String url) {
    ScaleServer server = new ScaleServer(url, null);
    server.execute("DROP SCHEMA IF EXISTS " + SCHEMA + " CASCADE; DROP TABLE IF EXISTS bare");
    return server;
  }

  String url() {
    return url;
  }

  /** Returns a pool of up to 20 connections. */
  DataSource source() {
    return source;
  }

  /** Returns the position of the write-ahead log, in bytes. */
  long walBytes() {
    return number("SELECT pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')::bigint");
  }

  /** Copies pairs of chunk and worker into a fresh table, with a commit. */
  void bareCopy(int chunks, int workers, int copies) {
    execute(
        "DROP TABLE IF EXISTS bare; CREATE TABLE bare (chunk integer NOT NULL, worker integer NOT"
            + " NULL, since bigint NOT NULL, PRIMARY KEY (chunk, worker))");
    try (Connection connection = source.getConnection()) {
      connection.setAutoCommit(false);
      CopyIn copy =
          connection
              .unwrap(PGConnection.class)
              .getCopyAPI()
              .copyIn("COPY bare FROM STDIN (FORMAT binary)");
      ByteBuffer buffer = ByteBuffer.allocate(COPY_BUFFER).put(SIGNATURE);
      for (int row = 0; row < chunks * copies; row++) {
        if (buffer.remaining() < COPY_ROW) {
          copy.writeToCopy(buffer.array(), 0, buffer.position());
          buffer.clear();
        }
        int chunk = row / copies;
        buffer.putShort((short) 3).putInt(4).putInt(chunk);
        buffer.putInt(4).putInt((chunk + row % copies) % workers).putInt(8).putLong(1);
      }
      copy.writeToCopy(buffer.array(), 0, buffer.position());
      copy.endCopy();
      connection.commit();
    } catch (SQLException e) {
      throw new IllegalStateException("the bare copy failed", e);
    }
  }

  /** Returns the rows written in the schema, as backends reported them, except the lease. */
  long rowsWritten() {
    return number(
        "SELECT COALESCE(sum(n_tup_ins + n_tup_upd + n_tup_del), 0)::bigint FROM"
            + " pg_stat_user_tables WHERE relname <> 'lease' AND schemaname = '"
            + SCHEMA
            + "'");
  }

  /** Returns the bytes of the tables of the schema with their indexes, without its history. */
  long bytes() {
    return number(
        "SELECT COALESCE(sum(pg_total_relation_size(c.oid)), 0)::bigint FROM pg_class c JOIN"
            + " pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind = 'r' AND c.relname NOT"
            + " IN ('evidence', 'committed') AND n.nspname = '"
            + SCHEMA
            + "'");
  }

  long number(String query) {
    try (Connection connection = source.getConnection();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(query)) {
      rows.next();
      return rows.getLong(1);
    } catch (SQLException e) {
      throw new IllegalStateException(query, e);
    }
  }

  /** Executes statements, each in a transaction of its own. */
  void execute(String sql) {
    try (Connection connection = source.getConnection();
        Statement statement = connection.createStatement()) {
      for (String each : sql.split("; ")) {
        statement.execute(each);
      }
    } catch (SQLException e) {
      throw new IllegalStateException(sql, e);
    }
  }

  @Override
  public void close() {
    source.close();
    if (embedded != null) {
      try {
        embedded.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
