package dev.stowage.storage.postgres.sql;

/**
 * Statements that tests give around a store, as its schema's owner. They are here so that nothing
 * outside knows the tables.
 */
public final class TrialSchema {
  private static final String EMPTIED =
      """
      DO $do$ DECLARE tables text; BEGIN
        -- A table that was never written to is as it was made.
        SELECT string_agg(oid::regclass::text, ', ') INTO tables FROM pg_class
          WHERE relnamespace = '#'::regnamespace AND relkind = 'r' AND pg_relation_size(oid) > 0
            AND relname <> 'stowage_history';
        EXECUTE 'TRUNCATE ' || tables || ' CASCADE';
        PERFORM setval(format('%I.%I', schemaname, sequencename), start_value, false)
          FROM pg_sequences WHERE schemaname = '#' AND last_value IS NOT NULL;
        INSERT INTO $.lease (epoch, lineage, expires_nanos) VALUES (0, 0, 0);
      END $do$
      """;

  private TrialSchema() {}

  /** Returns the statement that ends the lease, as if its duration were over. */
  public static String expired(FleetSchema schema) {
    return schema.in("UPDATE $.lease SET expires_nanos = 0");
  }

  /** Returns the statement that restores the rows with which the schema was made. */
  public static String emptied(FleetSchema schema) {
    return schema.in(EMPTIED.replace("#", schema.name()));
  }

  /** Returns the statement that deletes the schema and all that it has. */
  public static String dropped(FleetSchema schema) {
    return "DROP SCHEMA IF EXISTS " + schema.quoted() + " CASCADE";
  }
}
