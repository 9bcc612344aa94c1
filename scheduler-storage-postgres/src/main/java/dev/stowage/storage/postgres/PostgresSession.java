package dev.stowage.storage.postgres;

import dev.stowage.config.LifecycleConfig;
import dev.stowage.lifecycle.LifecycleState;
import dev.stowage.storage.postgres.sql.Database;
import dev.stowage.storage.postgres.sql.FleetSchema;
import dev.stowage.storage.postgres.sql.SqlBatch;
import dev.stowage.storage.postgres.sql.SqlTransaction;
import dev.stowage.storage.postgres.sql.Writes;
import dev.stowage.store.Lease;
import dev.stowage.store.Lease.LeaseRequest;
import dev.stowage.store.StorageException;
import dev.stowage.store.spi.LoadedFleet;
import dev.stowage.store.spi.StoreSession;
import dev.stowage.store.spi.StoreSession.HistoryHorizon;
import dev.stowage.store.spi.StoreTransaction;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A held lease. Work needs the gate alone and extends the lease; renewals need no gate. */
final class PostgresSession implements StoreSession {
  private static final Logger LOG = LoggerFactory.getLogger(PostgresSession.class);

  private final Database database;
  private final StoreClock clock;
  private final Proofs proofs;
  private volatile Lease lease;
  private volatile Duration duration;
  private @Nullable PostgresTransaction open;
  private volatile boolean ended;

  PostgresSession(
      Database database, StoreClock clock, Proofs proofs, Lease lease, Duration duration) {
    this.database = database;
    this.clock = clock;
    this.proofs = proofs;
    this.lease = lease;
    this.duration = duration;
  }

  @Override
  public Lease lease() {
    return lease;
  }

  @Override
  public Lease renew(Duration lasts) {
    LeaseRequest.require(lasts);
    Lease mine = lease;
    Duration limit = Database.limitOf(lasts);
    requireGoing();
    SqlBatch opening = database.opening(Database.Gate.LEASE, limit);
    List<LeaseSql.Stored> stored = LeaseSql.ask(opening);
    List<Lease> renewed = LeaseSql.askRenewed(opening, mine, lasts);
    try (SqlTransaction transaction = database.beginRenewal(opening, limit)) {
      proofs.seen(LeaseSql.only(stored), mine.epoch()).require(mine);
      if (renewed.isEmpty()) {
        LeaseSql.read(transaction).require(mine);
        throw new StorageException.Fenced(mine.holder() + " gave epoch " + mine.epoch() + " back");
      }
      transaction.commit();
    }
    duration = lasts;
    lease = renewed.get(0);
    return renewed.get(0);
  }

  /** A renewal in a transaction with those of other fleets on the server. */
  final class Beside {
    private final Lease mine = lease;
    private final Duration lasts;
    private final List<LeaseSql.Stored> stored;
    private final List<Lease> renewed;

    Beside(SqlBatch batch, List<LeaseSql.Stored> before, Duration lasts) {
      this.lasts = lasts;
      stored = before;
      renewed = LeaseSql.askRenewedBeside(batch, database.schema, mine, lasts);
    }

    /** Notes the lease once the transaction is committed; throws if it was not extended. */
    void settle() {
      proofs.seen(LeaseSql.only(stored), mine.epoch()).require(mine);
      if (renewed.isEmpty()) {
        throw new StorageException.Transient(
            "another transaction has the lease of schema " + database.schema.name(),
            StorageException.Outcome.NOT_COMMITTED,
            null);
      }
      duration = lasts;
      lease = renewed.get(0);
    }
  }

  /** Returns the begin of a transaction that extends leases, this one's and others. */
  SqlBatch renewing(Duration limit) {
    requireGoing();
    return database.opening(Database.Gate.LEASE, limit);
  }

  SqlTransaction beginRenewal(SqlBatch opening, Duration limit) {
    return database.beginRenewal(opening, limit);
  }

  FleetSchema schema() {
    return database.schema;
  }

  boolean isOver() {
    return ended;
  }

  @Override
  public void resign() {
    alone(transaction -> {
      LeaseSql.resign(transaction);
      return lease;
    });
    ended = true;
  }

  @Override
  public LoadedFleet load() {
    return alone(StoredFleet::loadToLead);
  }

  @Override
  public LoadedFleet found(LifecycleConfig config) {
    return alone(transaction -> {
      if (FleetSql.base(transaction).isPresent()) {
        throw new IllegalStateException("the fleet has begun already");
      }
      StoredFleet.requireNothing(transaction);
      LifecycleState first = LifecycleState.empty(config, lease.lineage());
      Writes writes = new Writes(transaction);
      FleetSql.put(writes, first.fleetRow(), first.digest(), null);
      SliceSql.minted(writes, first.fleetRow());
      RouteSql.begun(writes, first.fleetRow());
      writes.send();
      return StoredFleet.load(transaction);
    });
  }

  @Override
  public StoreTransaction begin() {
    PostgresTransaction former = open;
    if (former != null && former.isOpen()) {
      throw new IllegalStateException("a transaction is open already; at most 1 is accepted");
    }
    SqlBatch first = opening(Database.Gate.ALONE);
    PostgresTransaction.Asked asked = PostgresTransaction.ask(first, lease);
    Proofs.Opening opening = proofs.open(first);
    SqlTransaction transaction = null;
    try {
      transaction = database.begin(first);
      LeaseSql.Stored stored = opening.lease();
      stored.require(lease);
      extendIfHalfOver(stored);
      OptionalLong nanos = clock.read(stored.nowNanos());
      PostgresTransaction begun =
          new PostgresTransaction(
              transaction,
              asked,
              nanos,
              opening,
              this::extend,
              told -> WakeUps.tell(database, told));
      open = begun;
      return begun;
    } catch (RuntimeException e) {
      opening.close();
      if (transaction != null) {
        transaction.close();
      }
      throw e;
    }
  }

  @Override
  public long verify() {
    return alone(StoredFleet::verify);
  }

  @Override
  public int trimHistory(HistoryHorizon horizon, int maxRows) {
    return alone(transaction -> {
      proofs.clear(transaction);
      return HistorySql.trim(transaction, horizon, database.keysKept(), maxRows);
    });
  }

  @Override
  public void close() {
    ended = true;
  }

  private void extend(SqlBatch last) {
    LeaseSql.extend(last, lease, duration);
  }

  /**
   * Extends the lease from within another transaction, which excludes claims, and in one of its
   * own: the commit of the other one may wait for a standby, and renewals must not wait for it.
   */
  private void extendIfHalfOver(LeaseSql.Stored stored) {
    if (stored.isHalfOver(duration)) {
      try {
        renew(duration);
      } catch (StorageException.Transient e) {
        // An expired lease fences nobody by itself; a renewal beside the turns tries again.
        LOG.debug("the lease could not be extended within a transaction", e);
      }
    }
  }

  private SqlBatch opening(Database.Gate gate) {
    requireGoing();
    return database.opening(gate);
  }

  private void requireGoing() {
    if (ended) {
      throw new StorageException.Fenced("the session of epoch " + lease.epoch() + " is over");
    }
  }

  private <T> T alone(Function<SqlTransaction, T> work) {
    SqlBatch first = opening(Database.Gate.ALONE);
    try (Proofs.Opening opening = proofs.open(first);
        SqlTransaction transaction = database.begin(first)) {
      LeaseSql.Stored stored = opening.lease();
      stored.require(lease);
      extendIfHalfOver(stored);
      T done = work.apply(transaction);
      SqlBatch last = new SqlBatch();
      opening.stamp(last);
      opening.commit(() -> transaction.commit(last));
      return done;
    }
  }
}
