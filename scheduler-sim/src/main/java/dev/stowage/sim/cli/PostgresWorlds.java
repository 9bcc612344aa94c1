package dev.stowage.sim.cli;

import dev.stowage.sim.scenario.ScenarioStore;
import dev.stowage.sim.scenario.ScenarioTokens;
import dev.stowage.storage.postgres.PostgresChunkStore;
import dev.stowage.store.ChunkStore;
import dev.stowage.store.StorageException;
import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import org.jspecify.annotations.Nullable;

/**
 * Worlds on a PostgreSQL server: the one that is named, or one that is started for the run. Each
 * world has a schema of its own, which is dropped with it.
 */
final class PostgresWorlds implements ScenarioStore.Backend, AutoCloseable {
  private final String url;
  private final @Nullable StartedServer started;
  private int schemas;

  private PostgresWorlds(String url, @Nullable StartedServer started) {
    this.url = url;
    this.started = started;
  }

  /**
   * The server at this address; a fresh one if it is null.
   *
   * @throws UnreadableException if it cannot be reached or started
   */
  static PostgresWorlds at(@Nullable String url) throws UnreadableException {
    if (url == null) {
      return start();
    }
    PostgresWorlds there = new PostgresWorlds(url, null);
    try {
      there.open().close();
      return there;
    } catch (StorageException | IllegalStateException | IllegalArgumentException e) {
      throw new UnreadableException("stowage: nothing was run. " + e.getMessage());
    }
  }

  private static PostgresWorlds start() throws UnreadableException {
    try {
      StartedServer server = StartedServer.start();
      return new PostgresWorlds(server.url(), server);
    } catch (IOException | IllegalStateException e) {
      throw new UnreadableException(
          "stowage: no server could be started ("
              + e.getMessage()
              + "); nothing was run. Name one with --jdbc-url.");
    }
  }

  /** Whether the server was started for the run, and may be killed. */
  boolean isOurs() {
    return started != null;
  }

  @Override
  public ScenarioStore open() {
    String schema = "scenario_" + ProcessHandle.current().pid() + "_" + ++schemas;
    PostgresChunkStore store =
        PostgresChunkStore.builder(url).schema(schema).lineageTokens(new ScenarioTokens()).open();
    return new World(schema, store);
  }

  @Override
  public void close() {
    if (started != null) {
      started.close();
    }
  }

  private final class World implements ScenarioStore {
    private final String schema;
    private final PostgresChunkStore store;

    World(String schema, PostgresChunkStore store) {
      this.schema = schema;
      this.store = store;
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
    public void kill() {
      if (started != null) {
        started.kill();
      }
    }

    @Override
    public void close() {
      store.close();
      execute("DROP SCHEMA " + schema + " CASCADE");
    }

    private void execute(String sql) {
      try (Connection connection = DriverManager.getConnection(url);
          Statement statement = connection.createStatement()) {
        statement.execute(sql);
      } catch (SQLException e) {
        throw new IllegalStateException("failed: " + sql, e);
      }
    }
  }
}
