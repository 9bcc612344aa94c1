package dev.stowage.storage.postgres.sql;

import java.util.regex.Pattern;

/** A schema of one fleet, with a {@code name} of 1 to 48 characters a-z, 0-9, _, first a letter. */
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

  public String quoted() {
    return '"' + name + '"';
  }

  /** Replaces every {@code $.} in a statement by this schema. */
  public String in(String statement) {
    return statement.replace("$.", quoted() + ".");
  }
}
