package dev.stowage.storage.postgres;

import dev.stowage.storage.postgres.sql.FleetSchema;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;

/**
 * The first start of a fleet. Flyway makes the schema and the table of its versions, and commits
 * them, before a script runs. Where the script fails they are taken back.
 */
final class FirstStart {
  private static final String HISTORY = "$." + Migrations.HISTORY;

  /** Another process that starts holds the table for as long as its script runs. */
  private static final String PATIENCE = "SET LOCAL lock_timeout = '1s'";

  /** Flyway notes a schema that it made itself in a row of this type. */
  private static final String COUNTS =
      "SELECT count(version), count(*) FILTER (WHERE type = 'SCHEMA') FROM " + HISTORY;

  private FirstStart() {}

  /** Runs what makes a fleet; leaves nothing behind if it throws. */
  static void run(DataSource source, FleetSchema schema, Runnable making) {
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

  /**
   * Drops what has no version; the server refuses to drop a schema in which others have anything.
   */
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
