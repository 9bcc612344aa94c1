package dev.stowage.storage.postgres;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.HikariPoolMXBean;
import dev.stowage.answer.Question;
import dev.stowage.evidence.ChainPoint;
import dev.stowage.evidence.EvidenceRecord;
import dev.stowage.lifecycle.rows.FleetRow;
import dev.stowage.storage.postgres.sql.Database;
import dev.stowage.storage.postgres.sql.Failures;
import dev.stowage.storage.postgres.sql.FleetSchema;
import dev.stowage.storage.postgres.sql.SchemaObjects;
import dev.stowage.storage.postgres.sql.SqlBatch;
import dev.stowage.storage.postgres.sql.SqlTransaction;
import dev.stowage.store.AgedReader;
import dev.stowage.store.FleetView;
import dev.stowage.store.Lease;
import dev.stowage.store.Lease.LeaseRequest;
import dev.stowage.store.QuarantinedNews;
import dev.stowage.store.StorageException;
import dev.stowage.store.spi.Claim;
import dev.stowage.store.spi.Commit.CommitKey;
import dev.stowage.store.spi.Commit.CommitOutcome;
import dev.stowage.store.spi.FleetStore;
import dev.stowage.store.spi.FleetStore.StoreDescription;
import dev.stowage.store.spi.LoadedFleet;
import dev.stowage.store.spi.StoreInbox;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.postgresql.Driver;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A fleet in one schema of a PostgreSQL database, version 14 or later. Thread-safe; any number of
 * processes share it, one of which leads, while all may read and write through the {@link #inbox}.
 *
 * <p>Works through a proxy that pools transactions if the driver names no statements on the server.
 * Leases run on the database's clock.
 */
public final class PostgresChunkStore implements FleetStore {
  /** The oldest accepted major version of the server. */
  public static final int OLDEST_SERVER = 14;

  private static final Logger LOG = LoggerFactory.getLogger(PostgresChunkStore.class);

  /** The time in which a server must accept a connection and a login. */
  static final Duration CONNECTING = Duration.ofSeconds(5);

  /** The longest wait for a connection of the store's own pool. */
  static final Duration POOL_WAIT = Duration.ofSeconds(10);

  private final Database database;
  private final WakeUps news;
  private final WakeUps answers;
  private final WakeUps assignments;
  private final PostgresInbox inbox;
  private final Views views = new Views();
  private final SharedReading<FleetView> newest = new SharedReading<>();
  private final StoreClock clock;
  private final @Nullable LongSupplier lineageTokens;
  private final Proofs proofs;
  private final StoredReader reader;

  private PostgresChunkStore(
      Database database,
      WakeUps news,
      WakeUps answers,
      WakeUps assignments,
      StoreClock clock,
      Proofs proofs,
      @Nullable Standby standby,
      @Nullable LongSupplier lineageTokens) {
    this.database = database;
    this.news = news;
    this.answers = answers;
    this.assignments = assignments;
    this.clock = clock;
    this.lineageTokens = lineageTokens;
    this.proofs = proofs;
    inbox = new PostgresInbox(database, news, answers, proofs);
    reader = new StoredReader(database, standby, clock, proofs);
  }

  /** Returns a builder with its own connections to a {@code jdbc:postgresql://host/database}. */
  public static Builder builder(String jdbcUrl, String user, String password) {
    Builder builder = new Builder();
    builder.url = Objects.requireNonNull(jdbcUrl, "jdbcUrl");
    builder.user = Objects.requireNonNull(user, "user");
    builder.password = Objects.requireNonNull(password, "password");
    return builder;
  }

  /** Returns a builder to an address with the parameters {@code user} and {@code password}. */
  public static Builder builder(String jdbcUrl) {
    return builder(jdbcUrl, "", "");
  }

  /**
   * Returns a builder over the host's connections, which the store does not close. Through a proxy
   * they must have {@code prepareThreshold=0}. A renewal takes a connection in addition to those of
   * the leader and of threads that wait for it.
   */
  public static Builder builder(DataSource source) {
    Builder builder = new Builder();
    builder.source = Objects.requireNonNull(source, "source");
    return builder;
  }

  @Override
  public StoreDescription describe() {
    return new StoreDescription("postgres", database.schema.name(), Migrations.OWN.version());
  }

  @Override
  public long clockNanos() {
    try (SqlTransaction transaction = database.begin(Database.Gate.SNAPSHOT)) {
      return LeaseSql.now(transaction);
    }
  }

  @Override
  public OptionalLong trustedClockNanos() {
    boolean isAsked = clock.isThere() && clock.nanos() == null;
    return clock.read(isAsked ? clockNanos() : 0);
  }

  /**
   * Looks at the lease without the gate first. An expired lease is claimed after its holder's
   * transaction, unless that commits meanwhile: its holder is alive and extends it with its next
   * one. Beyond the lock timeout, or a third of the lease, the claim gives way.
   */
  @Override
  public Claim claim(LeaseRequest request) {
    Objects.requireNonNull(request, "request");
    Duration limit = Database.limitOf(request.duration());
    long known = proofs.newestEpoch();
    SqlBatch glance = database.opening(Database.Gate.SNAPSHOT, limit);
    List<LeaseSql.Stored> leases = LeaseSql.ask(glance);
    database.beginWithin(glance, limit).close();
    LeaseSql.Stored seen = proofs.seen(LeaseSql.only(leases), known);
    seen.requireCountable();
    Optional<Lease> others = seen.lease().filter(it -> !it.holder().equals(request.holder()));
    if (others.isPresent() && seen.isRunning()) {
      return new Claim.Held(others.get());
    }
    try {
      // A holder's commits count from here on, while this claim waits for the gate.
      long newest = others.isPresent() ? newestSequence(limit) : Long.MAX_VALUE;
      return claimAlone(request, limit, seen.epoch(), newest);
    } catch (StorageException.Transient e) {
      if (others.isPresent() && Failures.isLockTimeout(e.getCause())) {
        return new Claim.Held(others.get());
      }
      throw e;
    }
  }

  private long newestSequence(Duration limit) {
    SqlBatch glance = database.opening(Database.Gate.SNAPSHOT, limit);
    List<Long> newest = HistorySql.askNewest(glance);
    database.beginWithin(glance, limit).close();
    return newest.get(0);
  }

  private Claim claimAlone(LeaseRequest request, Duration limit, long epoch, long newest) {
    SqlBatch first = database.opening(Database.Gate.ALONE, limit);
    List<Long> newestNow = HistorySql.askNewest(first);
    List<FleetSql.Base> bases = FleetSql.askBase(first);
    Proofs.Asked asked = proofs.ask(first);
    try (Proofs.Opening opening = proofs.open(first);
        SqlTransaction transaction = database.beginWithin(first, limit)) {
      LeaseSql.Stored stored = opening.lease();
      stored.requireCountable();
      Optional<Lease> held = stored.lease();
      boolean isAlive =
          stored.isRunning()
              || (stored.isServerOfRecord()
                  && stored.epoch() == epoch
                  && newestNow.get(0) > newest);
      if (held.isPresent() && !held.get().holder().equals(request.holder()) && isAlive) {
        return new Claim.Held(held.get());
      }
      Optional<FleetRow> fleet = bases.stream().findFirst().map(FleetSql.Base::row);
      boolean isLost = fleet.isPresent() && proofs.isLost(stored, asked);
      Lease granted =
          LeaseSql.grant(
              transaction,
              request,
              LeaseSql.lineageToLead(transaction, stored, fleet, isLost, lineageTokens),
              isLost ? proofs.epochAfterLoss(stored) : 0);
      SqlBatch last = new SqlBatch();
      proofs.prove(last);
      opening.stamp(last);
      opening.commit(() -> transaction.commit(last));
      proofs.granted(granted);
      return new Claim.Granted(
          new PostgresSession(database, clock, proofs, granted, request.duration()));
    }
  }

  @Override
  public Optional<Lease> lease() {
    try (SqlTransaction transaction = database.begin(Database.Gate.SNAPSHOT)) {
      return LeaseSql.read(transaction).lease();
    }
  }

  @Override
  public AutoCloseable onAssignment(Runnable hint) {
    return assignments.subscribe(Objects.requireNonNull(hint, "hint"));
  }

  @Override
  public StoreInbox inbox() {
    return inbox;
  }

  /**
   * Returns the newest view. Reads the whole fleet if there was a commit since the last call, once
   * for all callers that wait: serve workers and portals with {@link #agedReader}.
   */
  @Override
  public FleetView view() {
    return newest.get(() -> {
      try (SqlTransaction transaction = database.begin(Database.Gate.SNAPSHOT)) {
        return views.newest(transaction);
      }
    });
  }

  /**
   * Returns the fleet as of the newest commit, in one snapshot and without the lease. Throws {@link
   * dev.stowage.store.StorageException.Corrupt} naming an unreadable row.
   */
  public LoadedFleet read() {
    try (SqlTransaction transaction = database.begin(Database.Gate.SNAPSHOT)) {
      return StoredFleet.load(transaction);
    }
  }

  /**
   * Compares all redundant rows in one read-only snapshot: digest, slice checksums, documents,
   * chain of evidence and rows ahead of the leader. Reads every row.
   *
   * @throws dev.stowage.store.StorageException.Corrupt if the rows make no fleet, or a part of the
   *     schema was dropped by hand
   */
  public Audited audit() {
    try (SqlTransaction transaction = database.begin(Database.Gate.SNAPSHOT)) {
      SchemaObjects.require(transaction);
      LoadedFleet fleet = StoredFleet.load(transaction);
      return new Audited(
          fleet, fleet.state().isEmpty() ? List.of() : StoredAudit.check(transaction, fleet));
    }
  }

  /** The fleet, empty before it begins, and one sentence for each discrepancy. */
  public record Audited(LoadedFleet fleet, List<String> problems) {}

  /**
   * Returns the reader of documents and answers with their age: by the {@linkplain Builder#standby
   * standby} where it may, and else by the primary. Throws {@link StorageException.Corrupt} naming
   * a worker whose rows do not match its checksum.
   */
  @Override
  public AgedReader agedReader() {
    return reader;
  }

  @Override
  public <R> R ask(Question<R> question) {
    Objects.requireNonNull(question, "question");
    try (SqlTransaction transaction = database.begin(Database.Gate.SNAPSHOT)) {
      return StoredReading.answer(transaction, question);
    }
  }

  @Override
  public CommitOutcome outcomeOf(CommitKey key) {
    Objects.requireNonNull(key, "key");
    // Behind the gate, because a commit under way ends before this transaction begins.
    try (SqlTransaction transaction = database.begin(Database.Gate.APPENDING)) {
      CommitOutcome outcome = HistorySql.outcomeOf(transaction, key);
      if (outcome == CommitOutcome.COMMITTED) {
        transaction.confirm(database.patience());
      }
      return outcome;
    }
  }

  @Override
  public List<EvidenceRecord> evidence(long fromIndex, int maxRecords) {
    try (SqlTransaction transaction = database.begin(Database.Gate.SNAPSHOT)) {
      return HistorySql.read(transaction, fromIndex, maxRecords);
    }
  }

  @Override
  public Optional<ChainPoint> evidenceStart() {
    try (SqlTransaction transaction = database.begin(Database.Gate.SNAPSHOT)) {
      return EvidenceSql.start(transaction);
    }
  }

  @Override
  public List<EvidenceRecord> deeds() {
    try (SqlTransaction transaction = database.begin(Database.Gate.SNAPSHOT)) {
      return HistorySql.deeds(transaction);
    }
  }

  @Override
  public List<QuarantinedNews> quarantine(long afterMark, int most) {
    try (SqlTransaction transaction = database.begin(Database.Gate.SNAPSHOT)) {
      return QuarantineSql.read(transaction, afterMark, most);
    } catch (IllegalArgumentException e) {
      throw StoredFleet.unreadable("table quarantine", e);
    }
  }

  /** Closes the store's own connections. */
  @Override
  public void close() {
    news.close();
    answers.close();
    assignments.close();
    proofs.close();
    database.close();
  }

  /** Holds what the stores of a {@link PostgresServer} share. */
  record Shared(
      DataSource source,
      DataSource leases,
      @Nullable Listener listener,
      ProofWatch watch,
      Runnable guard) {}

  Database database() {
    return database;
  }

  /** Returns the lease that was read in a transaction with others, if it runs. */
  Optional<Lease> running(List<LeaseSql.Stored> stored) {
    LeaseSql.Stored seen = proofs.seen(LeaseSql.only(stored), proofs.newestEpoch());
    return seen.lease().filter(it -> seen.isRunning());
  }

  /** A builder of stores; all settings but the database have a default. Not thread-safe. */
  public static final class Builder {
    private @Nullable DataSource source;
    private String url = "";
    private String user = "";
    private String password = "";
    private String schema = "stowage";
    private int connections = 4;
    private SchemaSetup setup = SchemaSetup.MIGRATE;
    private Migrations migrations = Migrations.OWN;
    private Timeouts timeouts = Timeouts.DEFAULT;
    private boolean isListening = true;
    private StoreClock clock = StoreClock.DATABASE;
    private Promotions promotions = Promotions.MAY_LOSE;
    private @Nullable PrimaryCheck primaryCheck;
    private @Nullable PrimarySource primary;
    private Logger log = LOG;
    private @Nullable LongSupplier lineageTokens;
    private @Nullable Shared shared;
    private @Nullable DataSource standby;
    private Duration standbyWait = Duration.ofSeconds(1);
    private Duration connecting = CONNECTING;
    private Duration poolWait = POOL_WAIT;
    private Duration late = Proofs.LATE;
    private Duration rest = Standby.REST;
    private Duration fresh = PrimarySource.FRESH;

    private Builder() {}

    /** Sets the schema of the fleet; the default is {@code stowage}. */
    public Builder schema(String name) {
      schema = new FleetSchema(Objects.requireNonNull(name, "schema")).name();
      return this;
    }

    /** Sets the treatment of the schema; the default is {@link SchemaSetup#MIGRATE}. */
    public Builder setup(SchemaSetup what) {
      setup = Objects.requireNonNull(what, "setup");
      return this;
    }

    /** Sets the most own connections, at least 1; 4 unless set. News and renewals take two more. */
    public Builder connections(int count) {
      if (count < 1) {
        throw new IllegalArgumentException("connections are " + count + "; at least 1 is accepted");
      }
      connections = count;
      return this;
    }

    /**
     * Disables {@link StoreInbox#onNews hints} of other processes, for which a connection listens
     * otherwise. Required behind a proxy that pools transactions.
     */
    public Builder withoutListening() {
      isListening = false;
      return this;
    }

    /**
     * Sets the clock, in nanoseconds, that the fleet trusts; the default is the database's. All
     * processes of a fleet must use one clock.
     */
    public Builder trustedClock(LongSupplier nanos) {
      clock = StoreClock.of(Objects.requireNonNull(nanos, "trustedClock"));
      return this;
    }

    /**
     * Removes the trusted clock: the host's time advances by at most {@code maxStep} at once. For
     * tests and simulations without real time.
     */
    public Builder withoutTrustedClock() {
      clock = StoreClock.NONE;
      return this;
    }

    /** Sets the waits of the server; the default is {@link Timeouts#DEFAULT}. */
    public Builder timeouts(Timeouts limits) {
      timeouts = Objects.requireNonNull(limits, "timeouts");
      return this;
    }

    /** Sets what a promotion may lose; the default is {@link Promotions#MAY_LOSE}. */
    public Builder promotions(Promotions what) {
      promotions = Objects.requireNonNull(what, "promotions");
      return this;
    }

    /**
     * Sets connections to hot standbys of the server, which {@link #agedReader} then reads from;
     * none by default. The store does not close them. Let them give up soon where a server is away:
     * with {@code connectTimeout}, {@code socketTimeout} and the wait for a connection of a few
     * seconds. {@link #open} throws {@code IllegalArgumentException} without a trusted clock, by
     * which ages are told.
     */
    public Builder standby(DataSource connections) {
      standby = Objects.requireNonNull(connections, "standby");
      return this;
    }

    /**
     * Sets how long a reader waits for a standby to have an assignment, and then for its turn at
     * the primary; one second unless set.
     */
    public Builder standbyWait(Duration longest) {
      if (longest.isNegative() || longest.compareTo(Duration.ofMinutes(1)) > 0) {
        throw new IllegalArgumentException(
            "standbyWait is " + longest + "; 0 to one minute is accepted");
      }
      standbyWait = longest;
      return this;
    }

    /** Sets what the store shares with other stores of a server, instead of connections. */
    Builder sharing(Shared parts) {
      shared = parts;
      return this;
    }

    /**
     * Sets how long own connections wait for a server to answer a greeting, in whole seconds, and
     * how long callers wait for a connection; {@link #CONNECTING} and {@link #POOL_WAIT} unless
     * set.
     */
    Builder waits(Duration greeting, Duration pool) {
      connecting = greeting;
      poolWait = pool;
      return this;
    }

    /** Sets {@link Proofs#LATE}, {@link PrimarySource#FRESH} and {@link Standby#REST}. */
    Builder pauses(Duration each) {
      late = each;
      fresh = each;
      rest = each;
      return this;
    }

    boolean isListening() {
      return isListening;
    }

    /**
     * Sets who says which server of the address is the primary; the default is the driver, which
     * takes the first one that accepts writes. For an address with the hosts of a cluster. {@link
     * #open} throws {@code IllegalArgumentException} for connections of the host.
     */
    public Builder primaryCheck(PrimaryCheck check) {
      primaryCheck = Objects.requireNonNull(check, "primaryCheck");
      return this;
    }

    Builder log(Logger other) {
      log = other;
      return this;
    }

    /** Sets other scripts, as a library of another version has. */
    Builder migrations(Migrations others) {
      migrations = others;
      return this;
    }

    /** Sets the source of lineage tokens; the default is the database. */
    public Builder lineageTokens(LongSupplier tokens) {
      lineageTokens = Objects.requireNonNull(tokens, "lineageTokens");
      return this;
    }

    /**
     * Connects, and sets up or validates the schema.
     *
     * @throws IllegalArgumentException if the driver does not take the address or a parameter's
     *     value; the message names accepted ones
     * @throws IllegalStateException if the server is too old, has no SSL or no accepted certificate
     *     for an address that asks for it or refuses the user, the schema is unexpected or is to be
     *     made through a proxy, or the host's connections name statements through a proxy; the
     *     message names the remedy
     * @throws dev.stowage.store.StorageException.Corrupt if the schema has a fleet's tables and its
     *     version history does not
     * @throws dev.stowage.store.StorageException.Transient if the server cannot be reached, or is
     *     read-only and a schema is to be made
     */
    public PostgresChunkStore open() {
      DataSource given = source;
      Shared parts = shared;
      if (given != null && primaryCheck != null) {
        throw new IllegalArgumentException(
            "primaryCheck needs an address: connections of the host choose their server"
                + " themselves");
      }
      if (standby != null && !clock.isThere()) {
        throw new IllegalArgumentException(
            "standby needs a trusted clock, by which the age of its answers is told");
      }
      HikariDataSource own = given == null && parts == null ? ownPool() : null;
      try {
        DataSource used =
            parts != null ? parts.source() : given == null ? Objects.requireNonNull(own) : given;
        FleetSchema named = new FleetSchema(schema);
        if (given != null) {
          ServerCheck.require(given);
          ServerCheck.requireUnnamed(given);
        }
        Database database = database(own, used, named);
        migrations.apply(database, used, setup);
        if (given == null) {
          warnOfSeveralHosts(used);
        }
        Listener listener =
            parts != null
                ? parts.listener()
                : isListening ? new Listener(database::connection, named.name()) : null;
        return new PostgresChunkStore(
            database,
            WakeUps.ofNews(named, listener),
            WakeUps.ofAnswers(named, listener),
            WakeUps.ofAssignments(named, listener),
            clock,
            new Proofs(
                database,
                promotions == Promotions.LOSE_NOTHING,
                log,
                parts == null ? null : parts.watch(),
                OwnProcess::nanos,
                late),
            standbyOf(database),
            lineageTokens);
      } catch (RuntimeException e) {
        if (own != null) {
          own.close();
        }
        throw e;
      }
    }

    private @Nullable Standby standbyOf(Database primary) {
      DataSource from = standby;
      if (from == null) {
        return null;
      }
      Standby opened =
          new Standby(
              new Database(from, from, null, primary.schema, timeouts),
              new PrimaryTime(primary, OwnProcess::nanos),
              clock,
              standbyWait,
              rest,
              log,
              OwnProcess::nanos);
      opened.requireOfPrimary();
      return opened;
    }

    /** Creates a pool for renewals, opened by the first one and closed when idle. */
    static HikariDataSource renewalsOf(HikariDataSource own, int most) {
      HikariDataSource renewing = new HikariDataSource();
      own.copyStateTo(renewing);
      renewing.setPoolName(own.getPoolName() + "-lease");
      renewing.setMaximumPoolSize(most);
      renewing.setInitializationFailTimeout(1);
      return renewing;
    }

    private Database database(@Nullable HikariDataSource own, DataSource used, FleetSchema named) {
      if (own == null) {
        Shared parts = shared;
        return parts == null
            ? new Database(used, used, null, named, timeouts)
            : new Database(used, parts.leases(), null, named, timeouts, parts.guard());
      }
      HikariDataSource renewing = renewalsOf(own, 1);
      return new Database(
          own, renewing, () -> closeBoth(renewing, own), named, timeouts, guard(own, renewing));
    }

    /** Returns what keeps transactions from a server that is no longer the primary. */
    Runnable guard(HikariDataSource own, HikariDataSource renewing) {
      PrimarySource asked = primary;
      if (asked == null) {
        return () -> {};
      }
      AtomicLong evicted = new AtomicLong(asked.generation());
      return () -> {
        try {
          asked.require();
        } finally {
          long now = asked.generation();
          if (evicted.getAndSet(now) != now) {
            evict(own);
            evict(renewing);
          }
        }
      };
    }

    private static void evict(HikariDataSource pool) {
      HikariPoolMXBean opened = pool.getHikariPoolMXBean();
      if (opened != null) {
        opened.softEvictConnections();
      }
    }

    private void warnOfSeveralHosts(DataSource used) {
      boolean isUnchecked = primaryCheck == null && PrimarySource.hasSeveralHosts(url);
      if (isUnchecked && ServerCheck.synchronousStandbys(used).isEmpty()) {
        log.warn(
            "the address of schema {} names several hosts, without a primaryCheck and without a"
                + " synchronous standby: a primary that its cluster has given up still accepts"
                + " writes, which are lost",
            schema);
      }
    }

    static void closeBoth(HikariDataSource renewing, HikariDataSource own) {
      renewing.close();
      own.close();
    }

    /** Names statements on the server unless a proxy stands between. */
    HikariDataSource ownPool() {
      HikariDataSource direct = pool(new HikariConfig());
      try {
        ServerCheck.require(direct);
        if (!ServerCheck.isProxied(direct)) {
          return direct;
        }
      } catch (RuntimeException e) {
        direct.close();
        throw e;
      }
      direct.close();
      HikariConfig unnamed = new HikariConfig();
      unnamed.addDataSourceProperty("prepareThreshold", "0");
      return pool(unnamed);
    }

    private HikariDataSource pool(HikariConfig config) {
      JdbcAddress.require(url);
      config.setPoolName("stowage-" + schema);
      config.setMaximumPoolSize(connections + (isListening ? 1 : 0));
      config.setMinimumIdle(0);
      config.setConnectionTimeout(poolWait.toMillis());
      config.setValidationTimeout(connecting.toMillis());
      config.addDataSourceProperty("ApplicationName", "stowage " + schema);
      config.addDataSourceProperty("tcpKeepAlive", "true");
      config.addDataSourceProperty("connectTimeout", String.valueOf(connecting.toSeconds()));
      config.addDataSourceProperty("loginTimeout", String.valueOf(connecting.toSeconds()));
      // A server that vanished silently is noticed after its statements have timed out.
      config.addDataSourceProperty("socketTimeout", String.valueOf(timeouts.socket().toSeconds()));
      if (!user.isEmpty()) {
        config.addDataSourceProperty("user", user);
        config.addDataSourceProperty("password", password);
      }
      Properties login = config.getDataSourceProperties();
      PrimaryCheck check = primaryCheck;
      PrimarySource asked = check == null ? null : new PrimarySource(url, login, check, fresh);
      primary = asked;
      if (asked == null) {
        config.setJdbcUrl(url);
      } else {
        config.setDataSource(asked.asDataSource());
      }
      // The first connection of a pool rests for a second behind a failure.
      config.setInitializationFailTimeout(-1);
      try {
        Objects.requireNonNull(asked == null ? new Driver().connect(url, login) : asked.connect())
            .close();
      } catch (SQLException e) {
        throw Failures.ofConnecting("no connection to " + JdbcAddress.shown(url), e);
      }
      return new HikariDataSource(config);
    }
  }
}
