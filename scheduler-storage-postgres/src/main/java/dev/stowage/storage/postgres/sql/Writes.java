package dev.stowage.storage.postgres.sql;

import dev.stowage.store.StorageException;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What a transaction writes, in order. Statements are gathered into one message to the server, the
 * last ones into one with the commit; what is copied in has messages of its own, after what was
 * gathered before it. Belongs to one thread.
 */
public final class Writes {
  /** Of more rows the arrays are not kept until others come. */
  private static final int MOST_ROWS = 1_000;

  /** Of more bytes neither; a message has a bound. */
  private static final long MOST_BYTES = 32L << 20;

  private final SqlTransaction to;
  private SqlBatch gathered = new SqlBatch();
  private int rows;
  private long bytes;
  private boolean isCounted;

  public Writes(SqlTransaction to) {
    this.to = to;
  }

  /** One statement. */
  public void write(String statement, @Nullable Object... values) {
    gathered.run(statement, values);
  }

  /** One statement that takes rows. */
  public void write(String statement, ColumnSet columns) {
    gathered.run(statement, columns.values());
    took(columns);
  }

  /**
   * One statement that takes rows, and must find each.
   *
   * @param which what is said of the rows that are looked for, such as "replicas that change"
   * @param table where they are
   */
  public void writeEach(String statement, ColumnSet columns, String which, String table) {
    writeEach(statement, columns, which, table, columns.values());
  }

  /**
   * The same, of a statement that takes other values beside them.
   *
   * @param values all of them, in order
   */
  public void writeEach(
      String statement, ColumnSet columns, String which, String table, @Nullable Object... values) {
    gathered.count(statement, found -> requireAll(columns.rows(), found, which, table), values);
    isCounted = true;
    took(columns);
  }

  private static void requireAll(int wanted, int found, String which, String table) {
    if (found != wanted) {
      throw new StorageException.Corrupt(
          "of "
              + wanted
              + " "
              + which
              + ", "
              + found
              + " are in table "
              + table
              + "; some were deleted by a hand: restore a backup",
          null);
    }
  }

  /** Rows were given to a statement beside other values. */
  public void took(ColumnSet columns) {
    rows += columns.rows();
    bytes += columns.bytes();
    if (rows > MOST_ROWS || bytes > MOST_BYTES) {
      send();
    }
  }

  /** Copies rows in. */
  public void copyIn(String statement, SqlTransaction.CopyWriter writer) {
    send();
    to.copyIn(statement, writer);
  }

  /** What the tables say once all of this is written; a message of its own. */
  public <T> Optional<T> ask(
      String query, SqlTransaction.RowReader<T> reader, @Nullable Object... values) {
    send();
    return to.one(query, reader, values);
  }

  /** Adds to the next message. */
  public SqlBatch gathered() {
    return gathered;
  }

  /** Sends what was gathered. */
  public void send() {
    SqlBatch full = gathered;
    gathered = new SqlBatch();
    rows = 0;
    bytes = 0;
    isCounted = false;
    if (!full.isEmpty()) {
      to.write(full);
    }
  }

  /**
   * Commits, after all of it. What is still to be counted is not sent with the commit: where a row
   * is missing nothing may be durable.
   *
   * @throws StorageException.Transient with an unknown outcome if the answer did not come
   */
  public void commit() {
    commit(last -> {});
  }

  /**
   * The same, with statements that are not to be long before the commit: what they lock others wait
   * for.
   */
  public void commit(Consumer<SqlBatch> last) {
    if (isCounted) {
      send();
    }
    last.accept(gathered);
    if (gathered.isEmpty()) {
      to.commit();
    } else {
      to.commit(gathered);
    }
  }
}
