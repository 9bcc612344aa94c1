package dev.stowage.storage.postgres.sql;

import dev.stowage.store.StorageException;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;

/** A transaction of one thread; closing it rolls back. Statements write {@code $.table}. */
public final class SqlTransaction implements AutoCloseable {
  private static final int FETCH_ROWS = 20_000;

  private final Connection connection;
  private final FleetSchema schema;

  /** The role that the user needs, empty if unknown. */
  private final String role;

  private final Consumer<SqlTransaction> onEnd;
  private final long number;
  private int formerTimeout;
  private boolean hasLimit;

  private boolean ended;

  private boolean refused;

  public interface RowReader<T> {
    T read(ResultSet row) throws SQLException;
  }

  public interface RowVisitor {
    void visit(ResultSet row) throws SQLException;
  }

  SqlTransaction(
      Connection connection,
      FleetSchema schema,
      String role,
      long number,
      Consumer<SqlTransaction> onEnd) {
    this.number = number;
    this.onEnd = onEnd;
    this.connection = connection;
    this.schema = schema;
    this.role = role;
  }

  public void run(SqlBatch batch) {
    try {
      execute(batch.text(), batch);
    } catch (SQLException e) {
      throw failed(
          Failures.isUnreached(e)
              ? "the fleet in schema " + schema.name() + " could not be reached"
              : "a transaction in schema " + schema.name() + " failed",
          e);
    }
  }

  void write(SqlBatch batch) {
    try {
      execute(batch.text(), batch);
    } catch (SQLException e) {
      throw failed("a write to schema " + schema.name() + " failed", e);
    }
  }

  FleetSchema schema() {
    return schema;
  }

  /** Reports whether the server refused a statement; it then refuses all later ones. */
  public boolean isRefused() {
    return refused;
  }

  private RuntimeException failed(String doing, SQLException e) {
    refused = true;
    return Failures.isOfRights(e) ? Failures.ofRights(doing, role, e) : Failures.of(doing, e);
  }

  private RuntimeException failedCommit(SQLException e) {
    return Failures.isOfRights(e) ? failed("the commit failed", e) : Failures.ofCommit(e);
  }

  /** Executes a batch; returns the first of the server's warnings, or null. */
  private @Nullable SQLWarning execute(String text, SqlBatch batch) throws SQLException {
    try (PreparedStatement statement = prepare(text, batch.values())) {
      statement.execute();
      for (SqlBatch.Answer answer : batch.answers()) {
        take(statement, answer);
        statement.getMoreResults();
      }
      return statement.getWarnings();
    }
  }

  private static void take(PreparedStatement statement, SqlBatch.Answer answer)
      throws SQLException {
    RowVisitor visitor = answer.rows();
    SqlBatch.CountTaker counter = answer.count();
    if (counter != null) {
      counter.take(statement.getUpdateCount());
    }
    if (visitor != null) {
      try (ResultSet rows = statement.getResultSet()) {
        while (rows.next()) {
          visitor.visit(rows);
        }
      }
    }
  }

  /** Executes a statement; returns the number of rows written. */
  public int update(String sql, @Nullable Object... values) {
    try (PreparedStatement statement = prepare(sql, values)) {
      return statement.executeUpdate();
    } catch (SQLException e) {
      throw failed("a write to schema " + schema.name() + " failed", e);
    }
  }

  public <T> List<T> list(String sql, RowReader<T> reader, @Nullable Object... values) {
    List<T> rows = new ArrayList<>();
    visit(sql, row -> rows.add(reader.read(row)), values);
    return rows;
  }

  public <T> Optional<T> one(String sql, RowReader<T> reader, @Nullable Object... values) {
    List<T> rows = list(sql, reader, values);
    return rows.isEmpty() ? Optional.empty() : Optional.of(rows.get(0));
  }

  /** Visits the rows of a query, fetched in portions. */
  public void visit(String sql, RowVisitor visitor, @Nullable Object... values) {
    try (PreparedStatement statement = prepare(sql, values)) {
      statement.setFetchSize(FETCH_ROWS);
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          visitor.visit(rows);
        }
      }
    } catch (SQLException e) {
      throw failed("a read of schema " + schema.name() + " failed", e);
    }
  }

  public interface CopyWriter {
    void write(BinaryCopy.Writer out) throws SQLException;
  }

  public interface CopyVisitor {
    void visit(BinaryCopy.Reader row) throws SQLException;
  }

  void copyIn(String statement, CopyWriter rows) {
    try {
      BinaryCopy.Writer out = new BinaryCopy.Writer(connection, schema.in(statement));
      try {
        rows.write(out);
        out.end();
      } finally {
        out.cancelUnlessEnded();
      }
    } catch (SQLException e) {
      throw failed("a write to schema " + schema.name() + " failed", e);
    }
  }

  public void copyOut(String statement, CopyVisitor visitor) {
    try {
      BinaryCopy.Reader rows = new BinaryCopy.Reader(connection, schema.in(statement));
      try {
        while (rows.next()) {
          visitor.visit(rows);
        }
      } finally {
        rows.drain();
      }
    } catch (SQLException e) {
      throw failed("a read of schema " + schema.name() + " failed", e);
    }
  }

  private PreparedStatement prepare(String sql, @Nullable Object... values) throws SQLException {
    PreparedStatement statement = connection.prepareStatement(schema.in(sql));
    try {
      for (int i = 0; i < values.length; i++) {
        bind(statement, i + 1, values[i]);
      }
      return statement;
    } catch (SQLException | RuntimeException e) {
      statement.close();
      throw e;
    }
  }

  private void bind(PreparedStatement statement, int at, @Nullable Object value)
      throws SQLException {
    if (value instanceof int[] ints) {
      statement.setArray(at, array("int4", ints));
    } else if (value instanceof long[] longs) {
      statement.setArray(at, array("int8", longs));
    } else if (value instanceof short[] shorts) {
      statement.setArray(at, array("int2", shorts));
    } else if (value instanceof boolean[] flags) {
      statement.setArray(at, array("bool", flags));
    } else if (value instanceof String[] texts) {
      statement.setArray(at, array("text", texts));
    } else if (value instanceof byte[][] blobs) {
      statement.setArray(at, array("bytea", blobs));
    } else if (value instanceof byte[] bytes) {
      statement.setBytes(at, bytes);
    } else {
      statement.setObject(at, value);
    }
  }

  private Array array(String type, Object values) throws SQLException {
    return connection.unwrap(PGConnection.class).createArrayOf(type, values);
  }

  /**
   * Commits; throws {@code Transient} with an unknown outcome if no answer came, or one with a
   * warning.
   */
  public void commit() {
    try {
      ended = true;
      connection.clearWarnings();
      connection.commit();
      requireNoWarning(connection.getWarnings());
    } catch (SQLException e) {
      throw failedCommit(e);
    }
  }

  /** Executes and commits in one message; throws as {@link #commit()} does. */
  public void commit(SqlBatch last) {
    try {
      SQLWarning warning = execute(last.text() + "; COMMIT", last);
      ended = true;
      requireNoWarning(warning);
    } catch (SQLException e) {
      throw failedCommit(e);
    }
  }

  /**
   * Commits a record of its own in the server's log, so that everything committed before it is as
   * durable, on standbys too, once it ended. Throws {@code Transient} with an unknown outcome if
   * that takes longer than {@code patience}, rounded up to seconds.
   */
  public void confirm(Duration patience) {
    try (Statement statement = connection.createStatement()) {
      statement.setQueryTimeout((int) Math.min(Integer.MAX_VALUE, patience.toSeconds() + 1));
      statement.execute("SELECT pg_logical_emit_message(true, 'stowage', ''); COMMIT");
      ended = true;
      requireNoWarning(statement.getWarnings());
    } catch (SQLException e) {
      throw failedCommit(e);
    }
  }

  /**
   * Throws for a commit that the server warned of: it is durable there, and a standby that it waits
   * for may lack it, because the wait was cancelled or the session ended.
   */
  private static void requireNoWarning(@Nullable SQLWarning first) {
    for (SQLWarning each = first; each != null; each = each.getNextWarning()) {
      if (!String.valueOf(each.getSQLState()).startsWith("00")) {
        throw new StorageException.Transient(
            "the commit ended with a warning: " + each.getMessage(),
            StorageException.Outcome.UNKNOWN,
            each);
      }
    }
  }

  /** Counts a connection without an answer for longer than {@code limit} as lost. */
  void limitAnswers(Duration limit) {
    try {
      formerTimeout = connection.getNetworkTimeout();
      connection.setNetworkTimeout(Runnable::run, Math.toIntExact(limit.toMillis()));
      hasLimit = true;
    } catch (SQLException e) {
      throw Failures.ofConnecting("no connection to the database", e);
    }
  }

  long number() {
    return number;
  }

  /** Cuts the connection from another thread. */
  void abort() {
    try {
      connection.abort(Runnable::run);
    } catch (SQLException e) {
      // It is closed already, or its source refuses: then its own limits end the wait.
      onEnd.accept(this);
    }
  }

  @Override
  public void close() {
    onEnd.accept(this);
    try (connection) {
      if (!ended) {
        ended = true;
        connection.rollback();
      }
      if (hasLimit && !connection.isClosed()) {
        connection.setNetworkTimeout(Runnable::run, formerTimeout);
      }
    } catch (SQLException | RuntimeException e) {
      // The server rolls back by itself when the connection is gone; the pool, which another thread
      // may be closing, drops it.
      ended = true;
    }
  }
}
