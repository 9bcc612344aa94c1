package dev.stowage.benchmarks.postgres;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import javax.sql.DataSource;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

/** A server with {@code fsync} on, and the statements around the store. */
public final class ScaleServer implements AutoCloseable {
  private static final String COPY = "COPY bare (chunk, worker, since) FROM STDIN (FORMAT binary)";
  private static final byte[] SIGNATURE = {
    'P', 'G', 'C', 'O', 'P', 'Y', '\n', (byte) 0xff, '\r', '\n', 0, 0, 0, 0, 0, 0, 0, 0, 0
  };
  private static final int COPY_BUFFER = 1 << 16;
  private static final int COPY_ROW = 2 + 3 * 4 + 4 + 4 + 8;

  private final Closeable server;
  private final HikariDataSource source;

  private ScaleServer(String url, Closeable server) {
    this.server = server;
    HikariConfig config = new HikariConfig();
    config.setJdbcUrl(url);
    config.setMaximumPoolSize(20);
    config.setMinimumIdle(0);
    source = new HikariDataSource(config);
  }

  /** Starts a server with the settings of docs/storage-postgres.md except {@code fsync}. */
  public static ScaleServer start() {
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
              .setServerConfig("max_connections", "60")
              .start();
      return new ScaleServer(server.getJdbcUrl("postgres", "postgres"), server);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Connects to a running server with its own settings, and makes schema {@code fleet} anew. */
  static ScaleServer at(String url) {
    ScaleServer server = new ScaleServer(url, () -> {});
    server.execute("DROP SCHEMA IF EXISTS fleet CASCADE; DROP TABLE IF EXISTS bare");
    return server;
  }

  /** Returns a pool of up to 20 connections. */
  public DataSource source() {
    return source;
  }

  String version() {
    return text("SHOW server_version");
  }

  /** Returns the seconds of a bare COPY of these rows into a fresh table, with its commit. */
  double bareCopySeconds(int chunks, int workers, int floor) {
    execute(
        "DROP TABLE IF EXISTS bare; CREATE TABLE bare (chunk integer NOT NULL, worker integer NOT"
            + " NULL, since bigint NOT NULL, PRIMARY KEY (chunk, worker)); CHECKPOINT");
    long begin = System.nanoTime();
    try (Connection connection = source.getConnection()) {
      connection.setAutoCommit(false);
      CopyIn copy = connection.unwrap(PGConnection.class).getCopyAPI().copyIn(COPY);
      ByteBuffer buffer = ByteBuffer.allocate(COPY_BUFFER).put(SIGNATURE);
      for (int chunk = 0; chunk < chunks; chunk++) {
        int step = workers / floor;
        for (int i = 0; i < floor; i++) {
          if (buffer.remaining() < COPY_ROW) {
            copy.writeToCopy(buffer.array(), 0, buffer.position());
            buffer.clear();
          }
          buffer.putShort((short) 3).putInt(4).putInt(chunk);
          buffer.putInt(4).putInt(i * step + chunk % step).putInt(8).putLong(1);
        }
      }
      copy.writeToCopy(buffer.array(), 0, buffer.position());
      copy.endCopy();
      connection.commit();
    } catch (SQLException e) {
      throw new IllegalStateException("the bare copy failed", e);
    }
    double seconds = (System.nanoTime() - begin) / 1e9;
    execute("DROP TABLE bare");
    return seconds;
  }

  /** Returns the rows written in a schema since the server began, as backends reported them. */
  long rowsWritten(String schema) {
    return number(
        "SELECT COALESCE(sum(n_tup_ins + n_tup_upd + n_tup_del), 0)::bigint FROM"
            + " pg_stat_user_tables WHERE relname <> 'lease' AND schemaname = '"
            + schema
            + "'");
  }

  /** Returns the bytes of the tables of a schema with their indexes. */
  long bytes(String schema) {
    return number(
        "SELECT COALESCE(sum(pg_total_relation_size(c.oid)), 0)::bigint FROM pg_class c JOIN"
            + " pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind = 'r' AND n.nspname = '"
            + schema
            + "'");
  }

  /** Returns the bytes of one table with its indexes. */
  long bytes(String schema, String table) {
    return number("SELECT pg_total_relation_size('" + schema + "." + table + "')");
  }

  long number(String query) {
    return Long.parseLong(text(query));
  }

  String text(String query) {
    try (Connection connection = source.getConnection();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(query)) {
      rows.next();
      return rows.getString(1);
    } catch (SQLException e) {
      throw new IllegalStateException(query, e);
    }
  }

  void execute(String sql) {
    try (Connection connection = source.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new IllegalStateException(sql, e);
    }
  }

  @Override
  public void close() {
    source.close();
    try {
      server.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
