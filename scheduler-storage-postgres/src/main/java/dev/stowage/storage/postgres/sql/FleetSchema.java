package dev.stowage.storage.postgres.sql;

import static java.util.stream.Collectors.joining;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

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

  /** Bounds the schemas of one statement. */
  private static final int AT_ONCE = 256;

  /** Returns the schemas in portions that a statement may name. */
  public static List<List<FleetSchema>> parts(List<FleetSchema> all) {
    List<List<FleetSchema>> parts = new ArrayList<>();
    for (int from = 0; from < all.size(); from += AT_ONCE) {
      parts.add(all.subList(from, Math.min(all.size(), from + AT_ONCE)));
    }
    return parts;
  }

  /** Returns a query of all rows in schemas, in which {@code #} is the position of the schema. */
  public static String union(List<FleetSchema> of, String query) {
    return IntStream.range(0, of.size())
        .mapToObj(at -> of.get(at).in(query).replace("#", String.valueOf(at)))
        .collect(joining(" UNION ALL "));
  }
}
