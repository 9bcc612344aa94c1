package dev.stowage.storage.postgres;

import dev.stowage.storage.postgres.sql.FleetSchema;
import dev.stowage.storage.postgres.sql.TrialSchema;

/**
 * A schema of a test server. Making one costs ten times what emptying it does, so a schema whose
 * definition a test has left alone is kept for the next test of this JVM.
 *
 * @param definition what {@link #definition} says of the schema when it is made
 */
record Home(TestServer server, String schema, String definition) implements AutoCloseable {
  /** Everything that statements can change but rows; and the rows of the history of versions. */
  private static final String DEFINITION =
      """
      SELECT md5(string_agg(part, ' ' ORDER BY part)) FROM (
        SELECT concat_ws(' ', relname, relkind, relacl, reloptions, attname, atttypid,
            attnotnull, atthasdef, attacl) part FROM pg_class c
            LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0
          WHERE c.relnamespace = '#'::regnamespace
        UNION ALL SELECT concat_ws(' ', conname, pg_get_constraintdef(oid)) FROM pg_constraint
          WHERE connamespace = '#'::regnamespace
        UNION ALL SELECT concat_ws(' ', proname, prosrc, proacl) FROM pg_proc
          WHERE pronamespace = '#'::regnamespace
        UNION ALL SELECT concat_ws(' ', tgname, tgenabled) FROM pg_trigger t
          JOIN pg_class c ON c.oid = t.tgrelid WHERE c.relnamespace = '#'::regnamespace
        UNION ALL SELECT concat_ws(' ', relname, 'was analyzed') FROM pg_statistic s
          JOIN pg_class c ON c.oid = s.starelid WHERE c.relnamespace = '#'::regnamespace
        UNION ALL SELECT h::text FROM $.stowage_history h) parts
      """;

  /** Returns an empty schema that no other test uses. */
  static Home at(TestServer server) {
    Home vacant = server.vacant.poll();
    return vacant == null ? made(server) : vacant;
  }

  private static Home made(TestServer server) {
    String schema = server.freshSchema();
    PostgresChunkStore.builder(server.source()).schema(schema).withoutListening().open().close();
    return new Home(server, schema, definition(server, schema));
  }

  private static String definition(TestServer server, String schema) {
    return server.text(in(schema, DEFINITION));
  }

  private static String in(String schema, String sql) {
    return new FleetSchema(schema).in(sql.replace("#", schema));
  }

  /** Empties the schema, or drops it if a test has changed more than rows. */
  @Override
  public void close() {
    if (isAsMade()) {
      empty(server, schema);
      server.vacant.add(this);
    } else {
      drop();
    }
  }

  /** Restores the rows of a schema to those that it is made with. */
  static void empty(TestServer server, String schema) {
    server.execute(TrialSchema.emptied(new FleetSchema(schema)));
  }

  private boolean isAsMade() {
    try {
      return definition.equals(definition(server, schema));
    } catch (AssertionError gone) {
      return false;
    }
  }

  void drop() {
    server.execute(TrialSchema.dropped(new FleetSchema(schema)));
  }
}
