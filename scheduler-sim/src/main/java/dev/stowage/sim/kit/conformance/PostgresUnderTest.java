package dev.stowage.sim.kit.conformance;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.stowage.storage.postgres.PostgresChunkStore;
import dev.stowage.storage.postgres.sql.FleetSchema;
import dev.stowage.storage.postgres.sql.TrialSchema;
import dev.stowage.store.spi.FleetStore;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.LongSupplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.opentest4j.TestAbortedException;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.utility.DockerImageName;

/**
 * A PostgreSQL server of the host, on which each fresh store has a schema of its own. It is reached
 * when the first store is opened. Needs {@code scheduler-storage-postgres} on the path, and
 * Testcontainers for an image. Thread-safe.
 */
public final class PostgresUnderTest implements AutoCloseable {
  private static final String URL = "STOWAGE_TEST_JDBC_URL";
  private static final String IMAGE = "STOWAGE_TEST_IMAGE";
  private static final int PORT = 5432;
  private static final String USER = "stowage";

  private final String url;
  private final String image;
  private @Nullable Server server;

  private PostgresUnderTest(@Nullable String url, @Nullable String image) {
    this.url = Objects.requireNonNullElse(url, "");
    this.image = Objects.requireNonNullElse(image, "");
  }

  /**
   * Returns the server that variables of the environment name; the first that is set counts. If
   * none is, each test is skipped.
   *
   * <ul>
   *   <li>{@code STOWAGE_TEST_JDBC_URL}: the address of a server, {@code
   *       jdbc:postgresql://host:port/database?user=...&password=...}. The user may create schemas
   *       in the database.
   *   <li>{@code STOWAGE_TEST_IMAGE}: the name of an image, such as {@code postgres:18}. It is
   *       started in a container, with {@code fsync} off.
   * </ul>
   */
  public static PostgresUnderTest of(Map<String, String> environment) {
    return new PostgresUnderTest(environment.get(URL), environment.get(IMAGE));
  }

  /** Opens a fresh store without a clock that its fleet trusts. */
  public StoreUnderTest open(LongSupplier lineageTokens) {
    return open(lineageTokens, PostgresChunkStore.Builder::withoutTrustedClock);
  }

  /** Opens a fresh store whose fleet trusts a clock. */
  public StoreUnderTest open(LongSupplier lineageTokens, LongSupplier trustedNanos) {
    return open(lineageTokens, builder -> builder.trustedClock(trustedNanos));
  }

  private StoreUnderTest open(
      LongSupplier lineageTokens, UnaryOperator<PostgresChunkStore.Builder> clock) {
    Server reached = reached();
    FleetSchema schema = reached.schema();
    return new Store(
        reached,
        schema,
        clock.apply(
            PostgresChunkStore.builder(reached.source)
                .schema(schema.name())
                .lineageTokens(lineageTokens)));
  }

  private synchronized Server reached() {
    Server reached = server;
    if (reached == null) {
      if (!url.isEmpty()) {
        reached = new Server(url, () -> {});
      } else if (!image.isEmpty()) {
        reached = Container.start(image);
      } else {
        throw new TestAbortedException("neither " + URL + " nor " + IMAGE + " names a server");
      }
      server = reached;
    }
    return reached;
  }

  /** Drops the schemas, or stops the container. */
  @Override
  public synchronized void close() {
    if (server != null) {
      server.close();
      server = null;
    }
  }

  private static final class Server {
    final HikariDataSource source;
    private final String prefix;
    private final Runnable end;
    private int made;

    /** Schemas that stores have left: making one costs ten times what emptying it does. */
    private final Deque<FleetSchema> vacant = new ConcurrentLinkedDeque<>();

    Server(String url, Runnable end) {
      HikariConfig config = new HikariConfig();
      config.setJdbcUrl(url);
      config.setMaximumPoolSize(20);
      config.setMinimumIdle(0);
      source = new HikariDataSource(config);
      this.end = end;
      prefix = "stowage_test_" + drawn() + "_";
    }

    /** Returns a name that no other process draws. */
    private String drawn() {
      try (Connection connection = source.getConnection();
          Statement statement = connection.createStatement();
          ResultSet row = statement.executeQuery("SELECT md5(gen_random_uuid()::text)")) {
        row.next();
        return row.getString(1).substring(0, 12);
      } catch (SQLException e) {
        throw new IllegalStateException("no name for schemas could be drawn", e);
      }
    }

    synchronized FleetSchema schema() {
      FleetSchema empty = vacant.poll();
      return empty == null ? new FleetSchema(prefix + ++made) : empty;
    }

    void execute(String sql) {
      try (Connection connection = source.getConnection();
          Statement statement = connection.createStatement()) {
        statement.execute(sql);
      } catch (SQLException e) {
        throw new IllegalStateException("failed: " + sql, e);
      }
    }

    void close() {
      for (int each = 1; each <= made; each++) {
        execute(TrialSchema.dropped(new FleetSchema(prefix + each)));
      }
      source.close();
      end.run();
    }
  }

  private static final class Store implements StoreUnderTest {
    private final Server server;
    private final FleetSchema schema;
    private final PostgresChunkStore.Builder builder;
    private final List<FleetStore> opened = new CopyOnWriteArrayList<>();

    Store(Server server, FleetSchema schema, PostgresChunkStore.Builder builder) {
      this.server = server;
      this.schema = schema;
      this.builder = builder;
    }

    @Override
    public FleetStore connect() {
      FleetStore store = builder.open();
      opened.add(store);
      return store;
    }

    @Override
    public void expireLease() {
      server.execute(TrialSchema.expired(schema));
    }

    /** Does nothing: a session of the process is fenced by the next claim. */
    @Override
    public void crash() {}

    @Override
    public boolean keepsAssignments() {
      return true;
    }

    @Override
    public void close() {
      opened.forEach(FleetStore::close);
      if (!opened.isEmpty()) {
        server.execute(TrialSchema.emptied(schema));
        server.vacant.add(schema);
      }
    }
  }

  /** A class of its own: Testcontainers may be absent. */
  private static final class Container {
    static Server start(String image) {
      GenericContainer<?> container =
          new GenericContainer<>(DockerImageName.parse(image))
              .withEnv("POSTGRES_USER", USER)
              .withEnv("POSTGRES_PASSWORD", USER)
              .withEnv("POSTGRES_DB", USER)
              .withExposedPorts(PORT)
              .withCommand("postgres", "-c", "fsync=off", "-c", "max_connections=60")
              // Over TCP: images that prepare the database with a first server let nobody in there
              // that way.
              .waitingFor(Wait.forSuccessfulCommand("pg_isready -h 127.0.0.1"));
      container.start();
      String address = container.getHost() + ":" + container.getMappedPort(PORT) + "/" + USER;
      return new Server(
          "jdbc:postgresql://" + address + "?user=" + USER + "&password=" + USER, container::stop);
    }
  }
}
