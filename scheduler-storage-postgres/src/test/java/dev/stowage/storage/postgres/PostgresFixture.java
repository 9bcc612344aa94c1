package dev.stowage.storage.postgres;

import dev.stowage.store.StoreFixture;

/** A fleet in a schema of its own; every connection is one of another process. */
public final class PostgresFixture implements StoreFixture {
  private final TestServer server = TestServer.get();
  private final String schema = server.freshSchema();
  private boolean isMade;

  @Override
  public PostgresChunkStore connect() {
    PostgresChunkStore.Builder builder =
        PostgresChunkStore.builder(server.source())
            .schema(schema)
            .setup(isMade ? SchemaSetup.VALIDATE : SchemaSetup.MIGRATE);
    isMade = true;
    return builder.open();
  }

  /** The schema, for tests that write around the store. */
  String schema() {
    return schema;
  }

  /** Executes a statement in the schema, as a foreign hand would. */
  void execute(String sql) {
    server.execute(new FleetSchema(schema).in(sql));
  }

  @Override
  public void expireLease() {
    execute("UPDATE $.lease SET expires_nanos = 0");
  }

  /** Rows alone are enough for deltas since the newest assignment at the load. */
  @Override
  public boolean keepsAssignments() {
    return true;
  }

  @Override
  public void close() {
    execute("DROP SCHEMA " + schema + " CASCADE");
  }
}
