package dev.stowage.sim.freeze;

import dev.stowage.sim.kit.scenario.ScenarioStore;
import dev.stowage.sim.kit.scenario.ScenarioTokens;
import dev.stowage.storage.postgres.PostgresChunkStore;
import dev.stowage.store.ChunkStore;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;

/** Worlds on an embedded PostgreSQL server, each in a schema of its own. Not thread-safe. */
final class ServerWorlds implements ScenarioStore.Backend, AutoCloseable {
  private final EmbeddedPostgres server;
  private int schemas;

  private ServerWorlds(EmbeddedPostgres server) {
    this.server = server;
  }

  static ServerWorlds start() throws IOException {
    return new ServerWorlds(EmbeddedPostgres.builder().start());
  }

  @Override
  public ScenarioStore open() {
    return new World("freeze_" + ++schemas);
  }

  private String url() {
    return server.getJdbcUrl("postgres", "postgres");
  }

  private void execute(String sql) {
    try (Connection connection = DriverManager.getConnection(url());
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new IllegalStateException("failed: " + sql, e);
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
  }

  private final class World implements ScenarioStore {
    private final String schema;
    private final PostgresChunkStore store;

    World(String schema) {
      this.schema = schema;
      store =
          PostgresChunkStore.builder(url())
              .withoutTrustedClock()
              .schema(schema)
              .lineageTokens(new ScenarioTokens())
              .open();
    }

    @Override
    public ChunkStore store() {
      return store;
    }

    @Override
    public void expireLease() {
      execute("UPDATE " + schema + ".lease SET expires_nanos = 0");
    }

    @Override
    public void remember() {
      throw new UnsupportedOperationException("a server is not made to lose commits");
    }

    @Override
    public void restore() {
      throw new UnsupportedOperationException("a server is not made to lose commits");
    }

    @Override
    public void close() {
      store.close();
      execute("DROP SCHEMA " + schema + " CASCADE");
    }
  }
}
