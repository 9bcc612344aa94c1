package dev.stowage.sim.tool.cli;

import dev.stowage.sim.kit.scenario.ScenarioStore;
import dev.stowage.sim.kit.scenario.ScenarioTokens;
import dev.stowage.storage.postgres.JdbcAddress;
import dev.stowage.storage.postgres.PostgresChunkStore;
import dev.stowage.storage.postgres.sql.FleetSchema;
import dev.stowage.storage.postgres.sql.TrialSchema;
import dev.stowage.store.StorageException;
import dev.stowage.store.StorageException.Outcome;
import dev.stowage.store.spi.FleetStore;
import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * Worlds on a PostgreSQL server: a given one, or one started for the run. Each world has a schema
 * of its own. A closed world's schema is emptied for the next world, which costs a tenth of making
 * a schema and keeps connections with prepared statements; all schemas are dropped in the end.
 */
final class PostgresWorlds implements ScenarioStore.Backend, AutoCloseable {
  private final String url;
  private final @Nullable StartedServer started;
  private final Deque<Home> vacant = new ArrayDeque<>();
  private final Deque<Home> vacantWithClock = new ArrayDeque<>();
  private int schemas;

  private PostgresWorlds(String url, @Nullable StartedServer started) {
    this.url = url;
    this.started = started;
  }

  /**
   * Opens the server at {@code url}; starts one if that is null.
   *
   * @throws UnreadableException if it cannot be reached or started
   */
  static PostgresWorlds at(@Nullable String url) throws UnreadableException {
    if (url == null) {
      return start();
    }
    PostgresWorlds there = new PostgresWorlds(url, null);
    try {
      there.vacant.add(there.build(false));
      return there;
    } catch (StorageException | IllegalStateException | IllegalArgumentException e) {
      throw new UnreadableException("stowage: nothing was run: " + e.getMessage());
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
              + "); nothing was run. Name a server with --jdbc-url.");
    }
  }

  /** Reports whether the server was started for the run, and may be killed. */
  boolean isOurs() {
    return started != null;
  }

  @Override
  public ScenarioStore open() {
    return open(false);
  }

  @Override
  public ScenarioStore openWithClock() {
    return open(true);
  }

  private Deque<Home> vacant(boolean hasClock) {
    return hasClock ? vacantWithClock : vacant;
  }

  private ScenarioStore open(boolean hasClock) {
    Home used = vacant(hasClock).poll();
    if (used == null) {
      return new World(build(hasClock));
    }
    used.tokens.restart();
    execute(TrialSchema.emptied(used.schema));
    return new World(used);
  }

  private Home build(boolean hasClock) {
    FleetSchema schema =
        new FleetSchema("scenario_" + ProcessHandle.current().pid() + "_" + ++schemas);
    ScenarioTokens tokens = new ScenarioTokens();
    PostgresChunkStore.Builder builder =
        PostgresChunkStore.builder(url).schema(schema.name()).lineageTokens(tokens);
    return new Home(
        schema, tokens, hasClock, (hasClock ? builder : builder.withoutTrustedClock()).open());
  }

  private void execute(String sql) {
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      if (isOfALostServer(e)) {
        throw new StorageException.Transient(
            JdbcAddress.redacted(String.valueOf(e.getMessage())), Outcome.UNKNOWN, e);
      }
      throw new IllegalStateException("failed: " + sql, e);
    }
  }

  /** Reports whether a session was ended or refused, which is the server's affair. */
  private static boolean isOfALostServer(SQLException e) {
    String state = String.valueOf(e.getSQLState());
    return state.startsWith("08") || state.startsWith("57P") || state.startsWith("53");
  }

  @Override
  public void close() {
    vacant.addAll(vacantWithClock);
    for (Home home : vacant) {
      home.store.close();
      if (started == null) {
        execute(TrialSchema.dropped(home.schema));
      }
    }
    if (started != null) {
      started.close();
    }
  }

  /**
   * The schema of a world.
   *
   * @param tokens the tokens of its lineages, the same for every world in this schema
   * @param hasClock true if the store trusts the server's clock
   */
  private record Home(
      FleetSchema schema, ScenarioTokens tokens, boolean hasClock, PostgresChunkStore store) {}

  private final class World implements ScenarioStore {
    private final Home home;
    private boolean isLeft;

    World(Home home) {
      this.home = home;
    }

    @Override
    public FleetStore store() {
      return home.store;
    }

    @Override
    public void expireLease() {
      execute(TrialSchema.expired(home.schema));
    }

    @Override
    public void remember() {
      throw new UnsupportedOperationException("a PostgreSQL server cannot be made to lose commits");
    }

    @Override
    public void restore() {
      throw new UnsupportedOperationException("a PostgreSQL server cannot be made to lose commits");
    }

    @Override
    public void kill() {
      if (started != null) {
        started.kill();
      }
    }

    @Override
    public boolean isLost(StorageException failure) {
      Throwable cause = failure;
      while (cause instanceof StorageException && cause.getCause() != null) {
        cause = cause.getCause();
      }
      return cause instanceof SQLException server && isOfALostServer(server);
    }

    @Override
    public void close() {
      if (!isLeft) {
        isLeft = true;
        vacant(home.hasClock).add(home);
      }
    }
  }
}
