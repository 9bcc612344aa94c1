package dev.stowage.storage.postgres;

import static java.util.stream.Collectors.joining;

import dev.stowage.lifecycle.CommandKind;
import dev.stowage.storage.postgres.sql.FleetSchema;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/**
 * The roles among which the rights to a fleet can be divided: owner, scheduler, operator, ingester,
 * reporter and reader. The server holds each of them to its part.
 */
public final class StoreRoles {
  private static final Pattern PREFIX = Pattern.compile("[a-z][a-z0-9_]{0,47}");

  private StoreRoles() {}

  /**
   * Returns a script that creates the roles {@code <prefix>_owner}, {@code <prefix>_scheduler},
   * {@code <prefix>_operator}, {@code <prefix>_ingester}, {@code <prefix>_reporter} and {@code
   * <prefix>_reader}, and grants each exactly what it needs in a schema. A superuser runs it before
   * the owner opens the store for the first time, and again after that and after each upgrade.
   *
   * @throws IllegalArgumentException if the schema is not a name that {@link
   *     PostgresChunkStore.Builder#schema} accepts, or the prefix not one of 1 to 48 lower-case
   *     letters, digits and underscores, beginning with a letter and not with {@code pg_}
   */
  public static String sql(String schema, String prefix) {
    FleetSchema named = new FleetSchema(schema);
    if (!PREFIX.matcher(prefix).matches() || prefix.startsWith("pg_")) {
      throw new IllegalArgumentException(
          "prefix is '"
              + prefix
              + "'; 1 to 48 lower-case letters, digits and underscores are accepted, beginning"
              + " with a letter and not with pg_");
    }
    return script()
        .replace("@schema", named.name())
        .replace("@ingests", numbers(CommandKind.Giver.INGESTER))
        .replace("@reports", numbers(CommandKind.Giver.WORKER))
        .replace("@operates", numbers(CommandKind.Giver.OPERATOR))
        .replace("@replaced", CommandKind.HEARTBEAT.number() + ", " + CommandKind.APPLIED.number())
        .replace("@", prefix + "_");
  }

  /** Returns the name, without its prefix, of the least role that may give a kind of commands. */
  static String of(CommandKind<?, ?> kind) {
    return switch (kind.giver()) {
      case INGESTER -> "ingester";
      case WORKER -> "reporter";
      case OPERATOR -> "operator";
      case LEADER, CYCLE -> "scheduler";
    };
  }

  private static String numbers(CommandKind.Giver giver) {
    return CommandKind.ALL.stream()
        .filter(kind -> kind.giver() == giver)
        .map(kind -> String.valueOf(kind.number()))
        .collect(joining(", "));
  }

  private static String script() {
    try (InputStream script = StoreRoles.class.getResourceAsStream("roles.sql")) {
      if (script == null) {
        throw new IOException("script roles.sql is not in the jar");
      }
      return new String(script.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
