package dev.stowage.storage.postgres.sql;

import dev.stowage.store.StorageException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Gathers writes into few messages, the last with the commit. Belongs to one thread. */
public final class Writes {
  /** The most rows gathered before they are sent. */
  private static final int MOST_ROWS = 1_000;

  /** The most bytes gathered before they are sent. */
  private static final long MOST_BYTES = 32L << 20;

  private final SqlTransaction to;
  private SqlBatch gathered = new SqlBatch();
  private int rows;
  private long bytes;
  private boolean isCounted;

  public Writes(SqlTransaction to) {
    this.to = to;
  }

  public void write(String statement, @Nullable Object... values) {
    gathered.run(statement, values);
  }

  public void write(String statement, ColumnSet columns) {
    gathered.run(statement, columns.values());
    took(columns);
  }

  /** Writes rows that must all exist; {@code which} and {@code table} are for the error. */
  public void writeEach(String statement, ColumnSet columns, String which, String table) {
    gathered.count(
        statement, found -> requireAll(columns.rows(), found, which, table), columns.values());
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
              + "; some were deleted by hand: restore a backup",
          null);
    }
  }

  /** Counts rows that a statement took beside other values. */
  public void took(ColumnSet columns) {
    rows += columns.rows();
    bytes += columns.bytes();
    if (rows > MOST_ROWS || bytes > MOST_BYTES) {
      send();
    }
  }

  public void copyIn(String statement, SqlTransaction.CopyWriter writer) {
    send();
    to.copyIn(statement, writer);
  }

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
   * Commits with last statements, whose locks should be held for a short time only. Sends counted
   * statements before, because nothing may be durable if a row is missing. Throws {@code Transient}
   * with an unknown outcome if no answer came.
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
