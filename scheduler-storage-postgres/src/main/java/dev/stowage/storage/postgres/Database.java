package dev.stowage.storage.postgres;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** Where transactions come from. Thread-safe. */
final class Database implements AutoCloseable {
  private final DataSource source;
  private final @Nullable AutoCloseable owned;
  private final Timeouts timeouts;
  final FleetSchema schema;

  /** Whom a transaction keeps out until it ends. */
  enum Gate {
    /** Nobody, and it sees one moment, whatever others commit. For reading. */
    SNAPSHOT(Gate.READING, Gate.UNCOMPILED),
    /**
     * The same, for reading a few rows of large tables: always by their indexes, also where the
     * server made its plan when the table was small.
     */
    GLANCE(Gate.READING, Gate.UNCOMPILED, "SET LOCAL enable_seqscan = off"),
    /** Only those who decide alone. For writers of other processes. */
    SHARED(Gate.WRITING, "LOCK TABLE $.gate IN ROW SHARE MODE"),
    /**
     * Every other writer. For the leader, and for what concerns the whole fleet. What it changes it
     * finds by keys: a join by hashing reads all of a table for each part of what changed.
     */
    ALONE(
        Gate.WRITING,
        Gate.UNCOMPILED,
        "SET LOCAL enable_hashjoin = off",
        "SET LOCAL enable_mergejoin = off",
        "LOCK TABLE $.gate IN EXCLUSIVE MODE");

    /**
     * What is forbidden is charged by the server as if it took for ever, and what takes that long
     * it compiles first: a tenth of a second for one row of a table that has no index to be used.
     */
    private static final String UNCOMPILED = "SET LOCAL jit = off";

    private static final String READING =
        "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY";
    private static final String WRITING =
        "SET TRANSACTION ISOLATION LEVEL READ COMMITTED READ WRITE";

    private final String isolation;

    /** One behind the other; a list could change. */
    private final String statements;

    Gate(String isolation, String... statements) {
      this.isolation = isolation;
      this.statements = String.join(";", statements);
    }
  }

  /**
   * Over a source of connections.
   *
   * @param owned closed with this; null where the source is the host's
   */
  Database(
      DataSource source, @Nullable AutoCloseable owned, FleetSchema schema, Timeouts timeouts) {
    this.source = source;
    this.owned = owned;
    this.schema = schema;
    this.timeouts = timeouts;
  }

  /** Begins a transaction, behind its gate. */
  SqlTransaction begin(Gate gate) {
    return begin(opening(gate));
  }

  /** What {@link #begin(SqlBatch)} begins behind a gate, before all that is put behind it. */
  SqlBatch opening(Gate gate) {
    SqlBatch opening = new SqlBatch().run(gate.isolation);
    timeouts.statements().forEach(opening::run);
    List.of(gate.statements.split(";", -1)).forEach(opening::run);
    return opening;
  }

  /** Begins a transaction as {@link #opening} says, and asks what was put behind it. */
  SqlTransaction begin(SqlBatch opening) {
    SqlTransaction transaction = new SqlTransaction(connect(), schema);
    try {
      transaction.run(opening);
      return transaction;
    } catch (RuntimeException e) {
      transaction.close();
      throw e;
    }
  }

  /** A connection for other uses than transactions. */
  Connection connection() throws SQLException {
    return source.getConnection();
  }

  private Connection connect() {
    Connection connection = null;
    try {
      connection = connection();
      connection.setAutoCommit(false);
      return connection;
    } catch (SQLException e) {
      closeQuietly(connection);
      throw Failures.of("no connection to the database", e);
    }
  }

  private static void closeQuietly(@Nullable Connection connection) {
    if (connection == null) {
      return;
    }
    try {
      connection.close();
    } catch (SQLException e) {
      // The failure that matters is on its way to the caller.
      return;
    }
  }

  @Override
  public void close() {
    if (owned == null) {
      return;
    }
    try {
      owned.close();
    } catch (Exception e) {
      throw new IllegalStateException("the connection pool could not be closed", e);
    }
  }
}
