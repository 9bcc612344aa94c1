package dev.stowage.storage.postgres.sql;

import java.util.regex.Pattern;

/**
 * The PostgreSQL schema that holds one fleet.
 *
 * @param name 1 to 48 lower-case letters, digits and underscores, beginning with a letter
 */
public record FleetSchema(String name) {
  private static final Pattern FORM = Pattern.compile("[a-z][a-z0-9_]{0,47}");

  public FleetSchema {
    if (!FORM.matcher(name).matches() || name.startsWith("pg_")) {
      throw new IllegalArgumentException(
          "schema is '"
              + name
              + "'; 1 to 48 lower-case letters, digits and underscores are accepted, beginning"
              + " with a letter and not with pg_");
    }
  }

  /** Returns the name as SQL reads it, whatever word it is. */
  public String quoted() {
    return '"' + name + '"';
  }

  /** Returns the statement with every {@code $.} replaced by this schema. */
  public String in(String statement) {
    return statement.replace("$.", quoted() + ".");
  }
}
