package dev.stowage.storage.postgres;

import dev.stowage.storage.postgres.sql.FleetSchema;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** Creates a fleet, or undoes the schema and history that Flyway commits before a failed script. */
final class FirstStart {
  private static final String HISTORY = "$." + Migrations.HISTORY;

  /** Limits the wait for another process, which holds the table while its script runs. */
  private static final String PATIENCE = "SET LOCAL lock_timeout = '1s'";

  /** Flyway marks a schema that it created by a row of type SCHEMA. */
  private static final String COUNTS =
      "SELECT count(version), count(*) FILTER (WHERE type = 'SCHEMA') FROM " + HISTORY;

  private FirstStart() {}

  static void run(PinnedSource source, FleetSchema schema, Runnable making) {
    try {
      making.run();
    } catch (RuntimeException failed) {
      try (Connection connection = source.getConnection()) {
        connection.setAutoCommit(false);
        takeBack(connection, schema);
      } catch (SQLException e) {
        failed.addSuppressed(e);
      }
      throw failed;
    }
  }

  private static void takeBack(Connection connection, FleetSchema schema) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      if (isThere(statement, schema)) {
        statement.execute(PATIENCE);
        statement.execute(schema.in("LOCK TABLE " + HISTORY + " IN ACCESS EXCLUSIVE MODE"));
        dropUnlessOfAFleet(statement, schema);
      }
      connection.commit();
    } catch (SQLException e) {
      connection.rollback();
      throw e;
    }
  }

  private static boolean isThere(Statement statement, FleetSchema schema) throws SQLException {
    String question = schema.in("SELECT to_regclass('" + HISTORY + "') IS NOT NULL");
    try (ResultSet answer = statement.executeQuery(question)) {
      return answer.next() && answer.getBoolean(1);
    }
  }

  private static void dropUnlessOfAFleet(Statement statement, FleetSchema schema)
      throws SQLException {
    boolean isOfAFleet;
    boolean isOurs;
    try (ResultSet counts = statement.executeQuery(schema.in(COUNTS))) {
      counts.next();
      isOfAFleet = counts.getLong(1) > 0;
      isOurs = counts.getLong(2) > 0;
    }
    if (isOfAFleet) {
      return;
    }
    statement.execute(schema.in("DROP TABLE " + HISTORY));
    if (isOurs) {
      statement.execute("DROP SCHEMA " + schema.quoted() + " RESTRICT");
    }
  }
}
