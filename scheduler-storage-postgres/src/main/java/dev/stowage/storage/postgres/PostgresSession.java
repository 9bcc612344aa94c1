package dev.stowage.storage.postgres;

import dev.stowage.lifecycle.LifecycleConfig;
import dev.stowage.lifecycle.LifecycleState;
import dev.stowage.storage.postgres.sql.Database;
import dev.stowage.storage.postgres.sql.SqlBatch;
import dev.stowage.storage.postgres.sql.SqlTransaction;
import dev.stowage.storage.postgres.sql.Writes;
import dev.stowage.store.HistoryHorizon;
import dev.stowage.store.Lease;
import dev.stowage.store.LoadedFleet;
import dev.stowage.store.StorageException;
import dev.stowage.store.StoreSession;
import dev.stowage.store.StoreTransaction;
import dev.stowage.store.TransactionScope;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A held lease. Everything it does happens alone behind the gate, and after a look at the epoch.
 */
final class PostgresSession implements StoreSession {
  private final Database database;
  private Lease lease;
  private @Nullable PostgresTransaction open;
  private boolean ended;

  PostgresSession(Database database, Lease lease) {
    this.database = database;
    this.lease = lease;
  }

  @Override
  public Lease lease() {
    return lease;
  }

  @Override
  public Lease renew(Duration duration) {
    lease = alone(transaction -> LeaseSql.renew(transaction, duration.toNanos()));
    return lease;
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
      LifecycleState first = LifecycleState.empty(config, lease.lineage());
      Writes writes = new Writes(transaction);
      FleetSql.putBase(writes, first.fleetRow(), first.digest(), null);
      SliceSql.minted(writes, first.fleetRow());
      RouteSql.begun(writes, first.fleetRow());
      writes.send();
      return StoredFleet.load(transaction);
    });
  }

  @Override
  public StoreTransaction begin(TransactionScope scope) {
    PostgresTransaction former = open;
    if (former != null && former.isOpen()) {
      throw new IllegalStateException("a transaction is open already; at most 1 is accepted");
    }
    SqlBatch first = opening();
    PostgresTransaction.Asked asked = PostgresTransaction.ask(first, lease);
    SqlTransaction transaction = beginAlone(first);
    try {
      PostgresTransaction begun = new PostgresTransaction(transaction, asked);
      open = begun;
      return begun;
    } catch (RuntimeException e) {
      transaction.close();
      throw e;
    }
  }

  @Override
  public long verify() {
    return alone(StoredFleet::verify);
  }

  @Override
  public int trimHistory(HistoryHorizon horizon, int maxRows) {
    return alone(transaction -> HistorySql.trim(transaction, horizon, maxRows));
  }

  @Override
  public void close() {
    ended = true;
  }

  private SqlBatch opening() {
    if (ended) {
      throw new StorageException.Fenced("the session of epoch " + lease.epoch() + " is over");
    }
    return database.opening(Database.Gate.ALONE);
  }

  /** Begins, asks what is behind the opening, and looks at the epoch. */
  private SqlTransaction beginAlone(SqlBatch opening) {
    List<LeaseSql.Stored> stored = LeaseSql.ask(opening);
    SqlTransaction transaction = database.begin(opening);
    try {
      LeaseSql.only(stored).require(lease);
      return transaction;
    } catch (RuntimeException e) {
      transaction.close();
      throw e;
    }
  }

  private <T> T alone(Function<SqlTransaction, T> work) {
    try (SqlTransaction transaction = beginAlone(opening())) {
      T done = work.apply(transaction);
      transaction.commit();
      return done;
    }
  }
}
