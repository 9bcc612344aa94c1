package dev.stowage.storage.postgres.sql;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Statements that go to the server in one message and are answered in one: a round trip for all of
 * them. Each sees what was committed when its own turn came. Not thread-safe.
 */
public final class SqlBatch {
  private final StringBuilder text = new StringBuilder();
  private final List<@Nullable Object> values = new ArrayList<>();
  private final List<Answer> answers = new ArrayList<>();

  /** Takes how many rows a statement wrote. */
  interface CountTaker {
    void take(int rows);
  }

  /**
   * What is done with the answer to a statement.
   *
   * @param rows takes the rows of a query; null if it is none
   * @param count takes how many rows were written; null if nobody asks
   */
  record Answer(SqlTransaction.@Nullable RowVisitor rows, @Nullable CountTaker count) {
    /** Nothing. */
    private static final Answer UNASKED = new Answer(null, null);
  }

  /** One statement that answers no rows. */
  public SqlBatch run(String statement, @Nullable Object... with) {
    return add(Answer.UNASKED, statement, with);
  }

  /** One statement, of which it is told how many rows it wrote once the batch was answered. */
  SqlBatch count(String statement, CountTaker taker, @Nullable Object... with) {
    return add(new Answer(null, taker), statement, with);
  }

  private SqlBatch add(Answer answer, String statement, @Nullable Object... with) {
    if (!text.isEmpty()) {
      text.append("; ");
    }
    text.append(statement);
    Collections.addAll(values, with);
    answers.add(answer);
    return this;
  }

  /** A query, whose rows are visited once the batch was answered. */
  public SqlBatch visit(String query, SqlTransaction.RowVisitor visitor, @Nullable Object... with) {
    return add(new Answer(visitor, null), query, with);
  }

  /** A query, whose rows are in this list once the batch was answered. */
  public <T> List<T> ask(
      String query, SqlTransaction.RowReader<T> reader, @Nullable Object... with) {
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

  /** What is done with the answer to each statement, in order. */
  List<Answer> answers() {
    return answers;
  }

  boolean isEmpty() {
    return answers.isEmpty();
  }
}
