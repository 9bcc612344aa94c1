package dev.stowage.storage.postgres;

import dev.stowage.command.Command;
import dev.stowage.contract.LogSender;
import dev.stowage.contract.StoreFixture;
import dev.stowage.storage.postgres.sql.FleetSchema;
import dev.stowage.storage.postgres.sql.TrialSchema;
import dev.stowage.store.CommandId;
import dev.stowage.store.spi.FleetStore;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;

/** A fleet in a schema of its own; every connection is one of another process. */
public final class PostgresFixture implements StoreFixture {
  private static final AtomicLong SENDERS = new AtomicLong(1_000);

  private final TestServer server;
  private final Function<TestServer, PostgresChunkStore.Builder> builders;
  private final Home home;

  /** The lineage tokens, equal in every fixture, so that equal input gets equal answers. */
  private final AtomicLong lineages = new AtomicLong(1);

  private final List<PostgresChunkStore> opened = new CopyOnWriteArrayList<>();

  /** On the server of this JVM. */
  public PostgresFixture() {
    this(TestServer.get(), it -> PostgresChunkStore.builder(it.source()).withoutTrustedClock());
  }

  /**
   * On a server.
   *
   * @param builders where stores come from
   */
  PostgresFixture(TestServer server, Function<TestServer, PostgresChunkStore.Builder> builders) {
    this.server = server;
    this.builders = builders;
    home = Home.at(server);
  }

  @Override
  public PostgresChunkStore connect() {
    PostgresChunkStore.Builder builder =
        builders.apply(server).schema(schema()).lineageTokens(lineages::getAndIncrement);
    PostgresChunkStore store = builder.open();
    opened.add(store);
    return store;
  }

  /** Appends a command to the log, under a name of its own. */
  static CommandId append(FleetStore store, Command<?> command) {
    return new LogSender(store, SENDERS.incrementAndGet()).append(command);
  }

  /** The schema, for tests that write around the store. */
  public String schema() {
    return home.schema();
  }

  /** Executes a statement in the schema, as a foreign hand would. */
  public void execute(String sql) {
    server.execute(new FleetSchema(schema()).in(sql));
  }

  /** The one number that a query answers. */
  long number(String query) {
    return server.number(query);
  }

  @Override
  public void expireLease() {
    server.execute(TrialSchema.expired(new FleetSchema(schema())));
  }

  /** Rows alone are enough for deltas since the newest assignment at the load. */
  @Override
  public boolean keepsAssignments() {
    return true;
  }

  /**
   * Records another timeline, as if the server had been promoted since, and that a process misses a
   * commit.
   */
  @Override
  public boolean losesCommits() {
    execute(lost(new FleetSchema(schema())));
    return true;
  }

  static String lost(FleetSchema schema) {
    return schema.in(
        "UPDATE $.lease SET timeline = timeline + 1, expires_nanos = 0;"
            + " INSERT INTO $.proof (token, number, seen_nanos, system_id, timeline)"
            + " SELECT lineage, 0, max(seen_nanos), lineage, -1 FROM $.lease, $.proof"
            + " GROUP BY lineage");
  }

  /** Closes the stores first: they look at the schema, which the next fixture has. */
  @Override
  public void close() {
    opened.forEach(PostgresChunkStore::close);
    home.close();
  }
}
