package dev.stowage.storage.postgres.sql;

import static java.util.stream.Collectors.joining;

import java.util.List;
import java.util.stream.Stream;

/**
 * Declares the settings on which the meaning of a statement or the promise of a commit depends.
 * Every transaction sets them for itself, because the server, the database, the role, the host and
 * a pooling proxy may have set others for the session.
 */
public final class SessionSettings {
  /** A setting with a literal or an expression of its value. */
  private record Setting(String name, String value) {
    String row() {
      return "('" + name + "', " + value + ")";
    }
  }

  private static final List<Setting> MEANING =
      List.of(
          // Otherwise the text NULL in an array is no null.
          new Setting("array_nulls", "'on'"),
          // Otherwise "x = NULL" asks whether x is null.
          new Setting("transform_null_equals", "'off'"),
          // Otherwise names come back in quotes.
          new Setting("quote_all_identifiers", "'off'"),
          // Otherwise a role that sees some rows of a table is refused them.
          new Setting("row_security", "'on'"));

  /** Waits for the disk at least; a stronger promise of the session stays. */
  private static final Setting DURABLE =
      new Setting(
          "synchronous_commit",
          "CASE WHEN current_setting('synchronous_commit') IN ('off', 'local') THEN 'on'"
              + " ELSE current_setting('synchronous_commit') END");

  /**
   * The path of the server's own names. A statement names what it wants of a fleet's schema: an
   * operator that the owner made there would win over the server's where that one needs a cast, and
   * run with the rights of whoever runs the statement.
   */
  private static final String PATH = "pg_catalog, pg_temp";

  /** The settings of a session that executes statements other than this library's. */
  private static final List<Setting> SESSION =
      Stream.concat(
              Stream.of(
                  new Setting("search_path", PATH),
                  new Setting("default_transaction_read_only", "'off'")),
              MEANING.stream())
          .toList();

  private SessionSettings() {}

  /** Returns the statement that must come first: names mean the server's. */
  static String path() {
    return "SET LOCAL search_path = " + PATH;
  }

  /** Returns the statements that set a session for others than this library. */
  public static String ofSession() {
    return SESSION.stream().map(it -> "SET " + it.name + " = " + it.value).collect(joining("; "));
  }

  /** Returns a query of the statements that undo {@link #ofSession}. */
  public static String restoring() {
    return SESSION.stream()
        .map(Setting::name)
        .map(it ->
            ", pg_catalog.format('SELECT pg_catalog.set_config(%L, %L, false)', '"
                + (it + "', pg_catalog.current_setting('" + it + "'))"))
        .collect(joining("", "SELECT pg_catalog.concat_ws('; '", ")"));
  }

  /** Returns rows of name and value for {@code set_config}, each with a comma before it. */
  static String rows(boolean isWriting) {
    Stream<Setting> all =
        isWriting ? Stream.concat(MEANING.stream(), Stream.of(DURABLE)) : MEANING.stream();
    return all.map(it -> ", " + it.row()).collect(joining());
  }
}
