package dev.stowage.storage.postgres.sql;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Statements of one round trip; each sees the commits before its turn. Not thread-safe. */
public final class SqlBatch {
  private final StringBuilder text = new StringBuilder();
  private final List<@Nullable Object> values = new ArrayList<>();
  private final List<Answer> answers = new ArrayList<>();
  private String role = "";

  interface CountTaker {
    void take(int rows);
  }

  /** The takers of a statement's rows and of its count; null if unused. */
  record Answer(SqlTransaction.@Nullable RowVisitor rows, @Nullable CountTaker count) {
    private static final Answer UNASKED = new Answer(null, null);
  }

  public SqlBatch run(String statement, @Nullable Object... with) {
    return add(Answer.UNASKED, statement, with);
  }

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

  /** Adds a query whose rows are visited when the batch is answered. */
  public SqlBatch visit(String query, SqlTransaction.RowVisitor visitor, @Nullable Object... with) {
    return add(new Answer(visitor, null), query, with);
  }

  /** Adds a query; the returned list has its rows once the batch is answered. */
  public <T> List<T> ask(
      String query, SqlTransaction.RowReader<T> reader, @Nullable Object... with) {
    List<T> rows = new ArrayList<>();
    visit(query, row -> rows.add(reader.read(row)), with);
    return rows;
  }

  /** Names the role of {@code roles.sql} that may run the transaction that this batch begins. */
  public SqlBatch as(String roleNeeded) {
    role = roleNeeded;
    return this;
  }

  /** Returns the role that is needed, empty if none was named. */
  String role() {
    return role;
  }

  String text() {
    return text.toString();
  }

  @Nullable Object[] values() {
    return values.toArray();
  }

  List<Answer> answers() {
    return answers;
  }

  boolean isEmpty() {
    return answers.isEmpty();
  }
}
