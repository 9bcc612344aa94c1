package dev.stowage.storage.postgres;

import dev.stowage.storage.postgres.sql.Failures;
import dev.stowage.storage.postgres.sql.FleetSchema;
import dev.stowage.storage.postgres.sql.SchemaObjects;
import dev.stowage.store.StorageException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.MigrationInfo;
import org.flywaydb.core.api.MigrationVersion;
import org.flywaydb.core.api.output.ValidateOutput;

/** Detects a history of schema versions that does not match the existing tables of a fleet. */
final class HistoryCheck {
  private static final String REMEDY =
      "; it was changed by hand, and nothing was done to the schema: restore table "
          + Migrations.HISTORY
          + " from a backup, or from another fleet's schema of the same version";

  private HistoryCheck() {}

  /** Throws {@link StorageException.Corrupt} if a fleet exists and its history does not fit it. */
  static void require(PinnedSource source, FleetSchema schema, Flyway flyway) {
    try (Connection connection = source.getConnection()) {
      if (!SchemaObjects.isThereAFleet(connection, schema)) {
        return;
      }
      String wrong = wrong(flyway);
      if (!wrong.isEmpty()) {
        throw corrupt(schema, wrong);
      }
    } catch (SQLException e) {
      throw Failures.of("no connection to the database", e);
    }
  }

  private static StorageException.Corrupt corrupt(FleetSchema schema, String wrong) {
    return new StorageException.Corrupt(
        "the tables of a fleet are in schema "
            + schema.name()
            + ", and table "
            + Migrations.HISTORY
            + ", which keeps their versions, "
            + wrong
            + REMEDY,
        null);
  }

  private static String wrong(Flyway flyway) {
    try {
      MigrationInfo current = flyway.info().current();
      if (current == null) {
        return "is missing or has no row";
      }
      if (current.getVersion() == null) {
        return "has no row of a version";
      }
      List<ValidateOutput> invalid = flyway.validateWithResult().invalidMigrations;
      return invalid.stream()
          .map(row -> inWords(row, current.getVersion()))
          .filter(words -> !words.isEmpty())
          .collect(Collectors.joining(", and "));
    } catch (FlywayException | IllegalArgumentException e) {
      return "cannot be read";
    }
  }

  private static String inWords(ValidateOutput row, MigrationVersion newest) {
    boolean isLacking = "RESOLVED_VERSIONED_MIGRATION_NOT_APPLIED".equals(code(row));
    if (isLacking && MigrationVersion.fromVersion(row.version).compareTo(newest) < 0) {
      return "lacks the row of version " + row.version;
    }
    String what =
        switch (code(row)) {
          // A fleet of an older version lacks the rows of later ones.
          case "RESOLVED_VERSIONED_MIGRATION_NOT_APPLIED" -> "";
          case "CHECKSUM_MISMATCH" -> "another checksum than its script";
          case "DESCRIPTION_MISMATCH" -> "another description than its script";
          case "TYPE_MISMATCH" -> "another type than its script";
          case "APPLIED_VERSIONED_MIGRATION_NOT_RESOLVED" -> "no script in this library";
          default -> "a mark that its script failed";
        };
    return what.isEmpty() ? "" : "has a row of version " + row.version + " with " + what;
  }

  private static String code(ValidateOutput row) {
    return String.valueOf(row.errorDetails.errorCode).toUpperCase(Locale.ROOT);
  }
}
