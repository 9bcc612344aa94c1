package dev.stowage.storage.postgres.sql;

import static java.util.stream.Collectors.joining;

import dev.stowage.storage.postgres.Timeouts;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** Begins transactions. Thread-safe. */
public final class Database implements AutoCloseable {
  private final DataSource source;
  private final DataSource leases;
  private final @Nullable AutoCloseable owned;
  private final Timeouts timeouts;
  private final Runnable guard;
  private final AtomicLong newest = new AtomicLong();
  private final Set<SqlTransaction> begun = ConcurrentHashMap.newKeySet();
  public final FleetSchema schema;

  private static final Duration LEAST_LIMIT = Duration.ofSeconds(1);
  private static final Duration MOST_LIMIT = Duration.ofMinutes(1);

  /** A server that is alive refuses a statement before its connection counts as lost. */
  private static final Duration MARGIN = Duration.ofMillis(500);

  /** The other transactions that a transaction excludes until it ends. */
  public enum Gate {
    /** Excludes none and reads one snapshot. */
    SNAPSHOT(Gate.READER, Gate.READING, "", Gate.UNCOMPILED),
    /** Reads few rows in one snapshot, always by index, even by plans for small tables. */
    GLANCE(Gate.READER, Gate.READING, "", Gate.UNCOMPILED, "'enable_seqscan', 'off'"),
    /** Updates the lease row without waiting for the disk: a lost extension ends it earlier. */
    LEASE(Gate.SCHEDULER, Gate.WRITING, "", Gate.UNCOMPILED, "'synchronous_commit', 'off'"),
    /** Excludes none; for few rows by generic plans on B-trees: no planning, no scans. */
    APPENDING(
        Gate.OF_THE_COMMAND,
        Gate.WRITING,
        "",
        Gate.UNCOMPILED,
        "'plan_cache_mode', 'force_generic_plan'",
        "'enable_seqscan', 'off'",
        "'enable_bitmapscan', 'off'",
        Gate.NO_HASHES,
        Gate.NO_MERGES,
        "'enable_sort', 'off'"),
    /** Excludes other leaders; without hash joins, which read a table per part of a change. */
    ALONE(
        Gate.SCHEDULER,
        Gate.WRITING,
        "LOCK TABLE $.gate IN EXCLUSIVE MODE",
        Gate.UNCOMPILED,
        Gate.NO_HASHES,
        Gate.NO_MERGES);

    /** Disabled plans have huge costs, for which the server would compile a query for 0.1 s. */
    private static final String UNCOMPILED = "'jit', 'off'";

    private static final String READING =
        "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY";
    private static final String WRITING =
        "SET TRANSACTION ISOLATION LEVEL READ COMMITTED READ WRITE";
    private static final String NO_HASHES = "'enable_hashjoin', 'off'";
    private static final String NO_MERGES = "'enable_mergejoin', 'off'";

    private static final String READER = "reader";
    private static final String SCHEDULER = "scheduler";

    /** The role of a writer is that of its command. */
    private static final String OF_THE_COMMAND = "";

    /** The role that may begin such a transaction. */
    private final String role;

    private final String isolation;

    private final String lock;

    /** Pairs of name and value. */
    private final String settings;

    Gate(String role, String isolation, String lock, String... settings) {
      this.role = role;
      this.isolation = isolation;
      this.lock = lock;
      this.settings = Stream.of(settings).map(it -> ", (" + it + ")").collect(joining());
    }

    /** Returns one statement for all settings, which sends no rows. */
    private String settings(Timeouts timeouts) {
      return timeouts.settings().stream()
          .map(it -> "(" + it + ")")
          .collect(
              joining(
                  ", ",
                  "SELECT 1 FROM (VALUES ",
                  SessionSettings.rows(isolation.equals(WRITING))
                      + settings
                      + ") AS s (name, value) WHERE set_config(s.name, s.value, true) IS NULL"));
    }
  }

  /** As the other constructor, with servers that may all be used. */
  public Database(
      DataSource source,
      DataSource leases,
      @Nullable AutoCloseable owned,
      FleetSchema schema,
      Timeouts timeouts) {
    this(source, leases, owned, schema, timeouts, () -> {});
  }

  /**
   * Uses {@code leases} for renewals only: they must not need a connection held at the gate. A null
   * {@code owned} leaves the sources open. {@code guard} throws before a transaction at a server
   * that is not to be used.
   */
  public Database(
      DataSource source,
      DataSource leases,
      @Nullable AutoCloseable owned,
      FleetSchema schema,
      Timeouts timeouts,
      Runnable guard) {
    this.guard = guard;
    this.source = source;
    this.leases = leases;
    this.owned = owned;
    this.schema = schema;
    this.timeouts = timeouts;
  }

  /** Returns the time for which commit keys are kept. */
  public Duration keysKept() {
    return timeouts.keysKept();
  }

  /** Returns how long an inquiry after a commit waits for standbys. */
  public Duration patience() {
    return timeouts.statement();
  }

  /**
   * Returns the limit of each wait of a claim or renewal: a third of the lease, at least a second
   * and at most a minute.
   */
  public static Duration limitOf(Duration lease) {
    Duration third = lease.dividedBy(3);
    Duration enough = third.compareTo(LEAST_LIMIT) < 0 ? LEAST_LIMIT : third;
    return enough.compareTo(MOST_LIMIT) > 0 ? MOST_LIMIT : enough;
  }

  public SqlTransaction begin(Gate gate) {
    return begin(opening(gate));
  }

  /** Returns the begin of a transaction behind a gate, to which queries can be added. */
  public SqlBatch opening(Gate gate) {
    return opening(gate, timeouts);
  }

  /** Returns the begin of a transaction whose statements and waits for locks end within a limit. */
  public SqlBatch opening(Gate gate, Duration limit) {
    return opening(gate, timeouts.within(limit));
  }

  /**
   * Returns the begin of a transaction behind a gate, after the queries of {@code before}, which
   * are answered by the same server before the transaction has its snapshot.
   */
  public SqlBatch openingAfter(SqlBatch before, Gate gate) {
    return opening(before.run("COMMIT").run("BEGIN"), gate, timeouts);
  }

  private SqlBatch opening(Gate gate, Timeouts limits) {
    return opening(new SqlBatch(), gate, limits);
  }

  private SqlBatch opening(SqlBatch opening, Gate gate, Timeouts limits) {
    opening.as(gate.role).run(SessionSettings.path()).run(gate.isolation);
    opening.visit(gate.settings(limits), row -> {});
    if (!gate.lock.isEmpty()) {
      opening.run(gate.lock);
    }
    return opening;
  }

  public SqlTransaction begin(SqlBatch opening) {
    guard.run();
    return begun(connection(source, null), opening, null);
  }

  /** Begins a transaction; connecting and each answer take at most about {@code limit}. */
  public SqlTransaction beginWithin(SqlBatch opening, Duration limit) {
    guard.run();
    return begun(connection(source, limit), opening, limit);
  }

  /** Begins a transaction in which each answer takes at most about {@code limit}. */
  public SqlTransaction beginAnswering(SqlBatch opening, Duration limit) {
    guard.run();
    return begun(connection(source, null), opening, limit);
  }

  /** As {@link #beginWithin}, on the connection of renewals. */
  public SqlTransaction beginRenewal(SqlBatch opening, Duration limit) {
    guard.run();
    return begun(connection(leases, limit), opening, limit);
  }

  private SqlTransaction begun(Connection on, SqlBatch opening, @Nullable Duration limit) {
    SqlTransaction transaction =
        new SqlTransaction(on, schema, opening.role(), newest.incrementAndGet(), begun::remove);
    begun.add(transaction);
    try {
      if (limit != null) {
        transaction.limitAnswers(limit.plus(MARGIN));
      }
      transaction.run(opening);
      return transaction;
    } catch (RuntimeException e) {
      transaction.close();
      throw e;
    }
  }

  /** Returns the number of transactions that began. */
  public long begun() {
    return newest.get();
  }

  /**
   * Cuts the connections of the first {@code most} transactions that are still open, and returns
   * how many these are. Their statements fail with an unknown outcome.
   */
  public int abortFirst(long most) {
    int aborted = 0;
    for (SqlTransaction each : begun) {
      if (each.number() <= most) {
        each.abort();
        aborted++;
      }
    }
    return aborted;
  }

  public Connection connection() throws SQLException {
    return source.getConnection();
  }

  private static Connection connection(DataSource from, @Nullable Duration limit) {
    Connection connection = null;
    try {
      connection = limit == null ? from.getConnection() : Connecting.within(from, limit);
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
