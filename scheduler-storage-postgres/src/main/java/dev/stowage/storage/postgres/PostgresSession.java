package dev.stowage.storage.postgres;

import dev.stowage.lifecycle.LifecycleConfig;
import dev.stowage.lifecycle.LifecycleState;
import dev.stowage.store.HistoryHorizon;
import dev.stowage.store.Lease;
import dev.stowage.store.LoadedFleet;
import dev.stowage.store.StorageException;
import dev.stowage.store.StoreSession;
import dev.stowage.store.StoreTransaction;
import dev.stowage.store.TransactionScope;
import java.time.Duration;
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
    lease = alone(transaction -> LeaseTable.renew(transaction, duration.toNanos()));
    return lease;
  }

  @Override
  public void resign() {
    alone(transaction -> {
      LeaseTable.resign(transaction);
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
      if (FleetTable.base(transaction).isPresent()) {
        throw new IllegalStateException("the fleet has begun already");
      }
      LifecycleState first = LifecycleState.empty(config, lease.lineage());
      FleetTable.putBase(transaction, first.fleetRow(), first.digest(), null);
      SliceTable.minted(transaction, first.fleetRow());
      RouteTable.begun(transaction, first.fleetRow());
      return StoredFleet.load(transaction);
    });
  }

  @Override
  public StoreTransaction begin(TransactionScope scope) {
    PostgresTransaction former = open;
    if (former != null && former.isOpen()) {
      throw new IllegalStateException("a transaction is open already; at most 1 is accepted");
    }
    SqlTransaction transaction = beginAlone();
    try {
      FleetTable.Base base = FleetTable.base(transaction).orElseThrow(StoredFleet::notBegun);
      PostgresTransaction begun = new PostgresTransaction(transaction, base);
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
    return alone(transaction -> HistoryTable.trim(transaction, horizon, maxRows));
  }

  @Override
  public void close() {
    ended = true;
  }

  private SqlTransaction beginAlone() {
    if (ended) {
      throw new StorageException.Fenced("the session of epoch " + lease.epoch() + " is over");
    }
    SqlTransaction transaction = database.begin(Database.Gate.ALONE);
    try {
      LeaseTable.read(transaction).require(lease);
      return transaction;
    } catch (RuntimeException e) {
      transaction.close();
      throw e;
    }
  }

  private <T> T alone(Function<SqlTransaction, T> work) {
    try (SqlTransaction transaction = beginAlone()) {
      T done = work.apply(transaction);
      transaction.commit();
      return done;
    }
  }
}
