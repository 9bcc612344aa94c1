package dev.stowage.storage.postgres.sql;

import static java.util.stream.Collectors.joining;

import dev.stowage.storage.postgres.Timeouts;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** Where transactions come from. Thread-safe. */
public final class Database implements AutoCloseable {
  private final DataSource source;
  private final DataSource leases;
  private final @Nullable AutoCloseable owned;
  private final Timeouts timeouts;
  public final FleetSchema schema;

  /** Whom a transaction keeps out until it ends. */
  public enum Gate {
    /** Nobody, and it sees one moment, whatever others commit. For reading. */
    SNAPSHOT(Gate.READING, "", Gate.UNCOMPILED),
    /**
     * The same, for reading a few rows of large tables: always by their indexes, also where the
     * server made its plan when the table was small.
     */
    GLANCE(Gate.READING, "", Gate.UNCOMPILED, "'enable_seqscan', 'off'"),
    /**
     * Nobody, and it waits for nobody: for the row of the lease. It is not waited for the disk
     * either, which may be busy with a commit: a server that forgets an extension as it dies grants
     * the next claim earlier.
     */
    LEASE(Gate.WRITING, "", Gate.UNCOMPILED, "'synchronous_commit', 'off'"),
    /** Only those who decide alone. For writers of other processes. */
    SHARED(Gate.WRITING, Gate.BESIDE_OTHERS),
    /**
     * The same, for writers of a few rows: every statement looks up a few keys in B-trees, whatever
     * the server knows about the tables: it need not weigh that anew each time, nor ever read a
     * whole table.
     */
    SHARED_GLANCE(
        Gate.WRITING,
        Gate.BESIDE_OTHERS,
        Gate.UNCOMPILED,
        "'plan_cache_mode', 'force_generic_plan'",
        "'enable_seqscan', 'off'",
        "'enable_bitmapscan', 'off'",
        "'enable_hashjoin', 'off'",
        "'enable_mergejoin', 'off'",
        "'enable_sort', 'off'"),
    /**
     * Every other writer. For the leader, and for what concerns the whole fleet. What it changes it
     * finds by keys: a join by hashing reads all of a table for each part of what changed.
     */
    ALONE(
        Gate.WRITING,
        "LOCK TABLE $.gate IN EXCLUSIVE MODE",
        Gate.UNCOMPILED,
        "'enable_hashjoin', 'off'",
        "'enable_mergejoin', 'off'");

    /**
     * What is forbidden is charged by the server as if it took for ever, and what takes that long
     * it compiles first: a tenth of a second for one row of a table that has no index to be used.
     */
    private static final String UNCOMPILED = "'jit', 'off'";

    private static final String READING =
        "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY";
    private static final String WRITING =
        "SET TRANSACTION ISOLATION LEVEL READ COMMITTED READ WRITE";
    private static final String BESIDE_OTHERS = "LOCK TABLE $.gate IN ROW SHARE MODE";

    private final String isolation;
    private final String lock;

    /** Names and values, for the transaction; one behind the other, a list could change. */
    private final String settings;

    Gate(String isolation, String lock, String... settings) {
      this.isolation = isolation;
      this.lock = lock;
      this.settings = Stream.of(settings).map(it -> ", (" + it + ")").collect(joining());
    }

    /** One statement that sets all of them; no row is worth its way to the client. */
    private String settings(Timeouts timeouts) {
      return timeouts.settings().stream()
          .map(it -> "(" + it + ")")
          .collect(
              joining(
                  ", ",
                  "SELECT 1 FROM (VALUES ",
                  settings
                      + ") AS s (name, value) WHERE set_config(s.name, s.value, true) IS NULL"));
    }
  }

  /**
   * Over sources of connections.
   *
   * @param source for everything but renewals
   * @param leases for renewals alone: whoever waits for the gate holds a connection meanwhile, and
   *     a renewal must not wait for one of these
   * @param owned closed with this; null where the sources are the host's
   */
  public Database(
      DataSource source,
      DataSource leases,
      @Nullable AutoCloseable owned,
      FleetSchema schema,
      Timeouts timeouts) {
    this.source = source;
    this.leases = leases;
    this.owned = owned;
    this.schema = schema;
    this.timeouts = timeouts;
  }

  /** Begins a transaction, behind its gate. */
  public SqlTransaction begin(Gate gate) {
    return begin(opening(gate));
  }

  /** What {@link #begin(SqlBatch)} begins behind a gate, before all that is put behind it. */
  public SqlBatch opening(Gate gate) {
    SqlBatch opening = new SqlBatch().run(gate.isolation);
    opening.visit(gate.settings(timeouts), row -> {});
    if (!gate.lock.isEmpty()) {
      opening.run(gate.lock);
    }
    return opening;
  }

  /** Begins a transaction as {@link #opening} says, and asks what was put behind it. */
  public SqlTransaction begin(SqlBatch opening) {
    return begin(source, opening);
  }

  /** The same, of a renewal, on a connection that nobody else uses. */
  public SqlTransaction beginRenewal(SqlBatch opening) {
    return begin(leases, opening);
  }

  private SqlTransaction begin(DataSource from, SqlBatch opening) {
    SqlTransaction transaction = new SqlTransaction(connect(from), schema);
    try {
      transaction.run(opening);
      return transaction;
    } catch (RuntimeException e) {
      transaction.close();
      throw e;
    }
  }

  /** A connection for other uses than transactions. */
  public Connection connection() throws SQLException {
    return source.getConnection();
  }

  private static Connection connect(DataSource from) {
    Connection connection = null;
    try {
      connection = from.getConnection();
      connection.setAutoCommit(false);
      return connection;
    } catch (SQLException e) {
      closeQuietly(connection);
      throw Failures.ofConnecting("no connection to the database", e);
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
