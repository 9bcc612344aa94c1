package dev.stowage.storage.postgres;

import com.zaxxer.hikari.HikariDataSource;
import dev.stowage.storage.postgres.sql.Database;
import dev.stowage.storage.postgres.sql.FleetSchema;
import dev.stowage.storage.postgres.sql.SqlBatch;
import dev.stowage.storage.postgres.sql.SqlTransaction;
import dev.stowage.store.Lease;
import dev.stowage.store.StorageException;
import dev.stowage.store.spi.FleetServer;
import dev.stowage.store.spi.FleetStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A PostgreSQL database whose schemas are fleets. All stores share one pool of connections, two
 * connections for leases, one that listens, and one thread each for news and proofs. Connects when
 * the first store is opened. Thread-safe.
 */
public final class PostgresServer implements FleetServer {
  /** The connections for leases, so that a renewal by itself does not wait for shared ones. */
  private static final int FOR_LEASES = 2;

  /** The most connections that the set-up of a schema holds while it waits for another one. */
  private static final int HELD_BY_SETUP = 3;

  /** Bounds the wait for the leases of fleets that others may lead. */
  private static final Duration LOOK = Duration.ofSeconds(10);

  /** Bounds the look for news, which renewals on the same thread wait for. */
  private static final Duration GLANCE = Duration.ofSeconds(2);

  private final Builder settings;

  /** Keeps stores that are opened at one time from waiting for connections of each other. */
  private final Semaphore opening;

  private @Nullable Pools pools;
  private boolean isClosed;

  private record Pools(
      HikariDataSource own, HikariDataSource leases, @Nullable Listener listener, Runnable guard) {
    PostgresChunkStore.Shared shared(ProofWatch watch) {
      return new PostgresChunkStore.Shared(own, leases, listener, watch, guard);
    }
  }

  private final ProofWatch watch = new ProofWatch();

  private PostgresServer(Builder settings) {
    this.settings = settings;
    opening = new Semaphore((settings.connections - 1) / HELD_BY_SETUP);
  }

  /** Returns a builder with connections to a {@code jdbc:postgresql://host/database}. */
  public static Builder builder(String jdbcUrl, String user, String password) {
    return new Builder(jdbcUrl, user, password);
  }

  @Override
  public String name() {
    return settings.name;
  }

  @Override
  public Duration deadline() {
    return settings.deadline;
  }

  /**
   * Opens the store of a schema.
   *
   * @throws IllegalArgumentException if {@code schema} cannot be a schema of a fleet
   * @throws IllegalStateException as {@link PostgresChunkStore.Builder#open} does
   * @throws StorageException as {@link PostgresChunkStore.Builder#open} does
   */
  @Override
  public PostgresChunkStore open(String schema) {
    PostgresChunkStore.Builder builder = settings.builder().schema(schema);
    opening.acquireUninterruptibly();
    try {
      return builder.sharing(pools().shared(watch)).open();
    } finally {
      opening.release();
    }
  }

  private synchronized Pools pools() {
    if (isClosed) {
      throw new IllegalStateException("server " + settings.name + " was closed");
    }
    Pools open = pools;
    if (open == null) {
      PostgresChunkStore.Builder builder = settings.builder();
      HikariDataSource own = builder.ownPool();
      HikariDataSource leases = PostgresChunkStore.Builder.renewalsOf(own, FOR_LEASES);
      open =
          new Pools(
              own,
              leases,
              builder.isListening() ? new Listener(own::getConnection, settings.name) : null,
              builder.guard(own, leases));
      pools = open;
    }
    return open;
  }

  @Override
  public List<Optional<Lease>> running(List<FleetStore> stores) {
    if (stores.isEmpty()) {
      return List.of();
    }
    Database any = ((PostgresChunkStore) stores.get(0)).database();
    SqlBatch reading = any.opening(Database.Gate.SNAPSHOT, LOOK);
    List<List<LeaseSql.Stored>> asked = LeaseSql.askAll(reading, schemasOf(stores));
    any.beginRenewal(reading, LOOK).close();
    List<Optional<Lease>> running = new ArrayList<>();
    for (int at = 0; at < asked.size(); at++) {
      running.add(((PostgresChunkStore) stores.get(at)).running(asked.get(at)));
    }
    return running;
  }

  private static List<FleetSchema> schemasOf(List<FleetStore> stores) {
    return stores.stream().map(it -> ((PostgresChunkStore) it).database().schema).toList();
  }

  /**
   * Asks in one transaction, by index: consumed news may leave dead rows. A schema that cannot be
   * read fails the question, which is then asked about fewer.
   */
  @Override
  public Optional<List<Boolean>> haveNews(List<FleetStore> stores) {
    List<Boolean> answers = new ArrayList<>();
    if (!stores.isEmpty()) {
      Database any = ((PostgresChunkStore) stores.get(0)).database();
      SqlBatch reading = any.opening(Database.Gate.GLANCE, GLANCE);
      InboxSql.askWaiting(reading, schemasOf(stores), answers);
      any.beginRenewal(reading, GLANCE).close();
    }
    return Optional.of(answers);
  }

  /** Extends all leases in one transaction, or each alone if that fails because of one of them. */
  @Override
  public List<Optional<RuntimeException>> renew(List<Renewal> renewals) {
    if (renewals.isEmpty()) {
      return List.of();
    }
    List<PostgresSession> sessions = new ArrayList<>();
    for (Renewal renewal : renewals) {
      if (!(renewal.session() instanceof PostgresSession session) || session.isOver()) {
        return FleetServer.super.renew(renewals);
      }
      sessions.add(session);
    }
    List<PostgresSession.Beside> asked = new ArrayList<>();
    try {
      Duration shortest =
          renewals.stream().map(Renewal::duration).min(Comparator.naturalOrder()).orElseThrow();
      Duration limit = Database.limitOf(shortest);
      SqlBatch opening = sessions.get(0).renewing(limit);
      List<List<LeaseSql.Stored>> stored =
          LeaseSql.askAll(opening, sessions.stream().map(PostgresSession::schema).toList());
      for (int at = 0; at < sessions.size(); at++) {
        Duration lasts = renewals.get(at).duration();
        asked.add(sessions.get(at).new Beside(opening, stored.get(at), lasts));
      }
      try (SqlTransaction transaction = sessions.get(0).beginRenewal(opening, limit)) {
        transaction.commit();
      }
    } catch (StorageException.Transient e) {
      return renewals.stream().map(each -> Optional.<RuntimeException>of(e)).toList();
    } catch (RuntimeException e) {
      return FleetServer.super.renew(renewals);
    }
    return asked.stream().map(PostgresServer::settled).toList();
  }

  private static Optional<RuntimeException> settled(PostgresSession.Beside renewal) {
    try {
      renewal.settle();
      return Optional.empty();
    } catch (RuntimeException e) {
      return Optional.of(e);
    }
  }

  @Override
  public synchronized void close() {
    isClosed = true;
    Pools open = pools;
    if (open != null) {
      if (open.listener() != null) {
        open.listener().close();
      }
      PostgresChunkStore.Builder.closeBoth(open.leases(), open.own());
    }
  }

  /** A builder of servers; all settings but the database have a default. Not thread-safe. */
  public static final class Builder {
    private final String url;
    private final String user;
    private final String password;
    private String name;
    private int connections = 8;
    private Duration deadline = Duration.ofMinutes(1);
    private UnaryOperator<PostgresChunkStore.Builder> stores = UnaryOperator.identity();

    private Builder(String url, String user, String password) {
      this.url = Objects.requireNonNull(url, "jdbcUrl");
      this.user = Objects.requireNonNull(user, "user");
      this.password = Objects.requireNonNull(password, "password");
      name = JdbcAddress.shown(url);
    }

    /** Sets the name; the address without its parameters unless set. */
    public Builder name(String shown) {
      name = Objects.requireNonNull(shown, "name");
      return this;
    }

    /** Sets the most connections for work, at least 4; 8 unless set. Leases and news take three. */
    public Builder connections(int count) {
      if (count <= HELD_BY_SETUP) {
        throw new IllegalArgumentException("connections are " + count + "; at least 4 is accepted");
      }
      connections = count;
      return this;
    }

    /** Sets {@link FleetServer#deadline}; one minute unless set. */
    public Builder deadline(Duration longest) {
      deadline = Objects.requireNonNull(longest, "deadline");
      return this;
    }

    /** Sets what completes the builder of each store: setup, timeouts, listening. */
    public Builder stores(UnaryOperator<PostgresChunkStore.Builder> completes) {
      stores = Objects.requireNonNull(completes, "stores");
      return this;
    }

    private PostgresChunkStore.Builder builder() {
      return stores.apply(PostgresChunkStore.builder(url, user, password)).connections(connections);
    }

    /** Creates the server, which is not asked before a store is opened. */
    public PostgresServer build() {
      return new PostgresServer(this);
    }
  }
}
