package dev.stowage.store;

import dev.stowage.lifecycle.LifecycleConfig;
import java.time.Duration;
import java.util.Objects;

/**
 * A session that hands everything on to another one; see {@link ForwardingStore}. Belongs to one
 * thread at a time, as any session.
 */
public abstract class ForwardingSession implements StoreSession {
  private final StoreSession session;

  /** Hands everything on to this session. */
  protected ForwardingSession(StoreSession session) {
    this.session = Objects.requireNonNull(session, "session");
  }

  /** What stands for a transaction that the other session began. */
  protected StoreTransaction transaction(StoreTransaction begun) {
    return begun;
  }

  @Override
  public StoreTransaction begin(TransactionScope scope) {
    return transaction(session.begin(scope));
  }

  @Override
  public Lease lease() {
    return session.lease();
  }

  @Override
  public Lease renew(Duration duration) {
    return session.renew(duration);
  }

  @Override
  public void resign() {
    session.resign();
  }

  @Override
  public LoadedFleet load() {
    return session.load();
  }

  @Override
  public LoadedFleet found(LifecycleConfig config) {
    return session.found(config);
  }

  @Override
  public long verify() {
    return session.verify();
  }

  @Override
  public int trimHistory(HistoryHorizon horizon, int maxRows) {
    return session.trimHistory(horizon, maxRows);
  }

  @Override
  public void close() {
    session.close();
  }
}
