package dev.stowage.storage.postgres;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Statements that go to the server in one message and are answered in one: a round trip for all of
 * them. Each sees what was committed when its own turn came. Not thread-safe.
 */
final class SqlBatch {
  private final StringBuilder text = new StringBuilder();
  private final List<@Nullable Object> values = new ArrayList<>();
  private final List<SqlTransaction.RowVisitor> visitors = new ArrayList<>();

  /** Statements that answer no rows. */
  SqlBatch run(String statements, @Nullable Object... with) {
    if (!text.isEmpty()) {
      text.append("; ");
    }
    text.append(statements);
    Collections.addAll(values, with);
    return this;
  }

  /** A query, whose rows are visited once the batch was answered. */
  SqlBatch visit(String query, SqlTransaction.RowVisitor visitor, @Nullable Object... with) {
    run(query, with);
    visitors.add(visitor);
    return this;
  }

  /** A query, whose rows are in this list once the batch was answered. */
  <T> List<T> ask(String query, SqlTransaction.RowReader<T> reader, @Nullable Object... with) {
    List<T> rows = new ArrayList<>();
    visit(query, row -> rows.add(reader.read(row)), with);
    return rows;
  }

  String text() {
    return text.toString();
  }

  /** The values of all statements, in order. */
  @Nullable Object[] values() {
    return values.toArray();
  }

  /** Who takes the rows of each query, in order. */
  List<SqlTransaction.RowVisitor> visitors() {
    return visitors;
  }
}
