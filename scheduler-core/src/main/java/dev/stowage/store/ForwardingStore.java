package dev.stowage.store;

import dev.stowage.evidence.EvidenceRecord;
import dev.stowage.lifecycle.ChunkStatus;
import dev.stowage.lifecycle.Head;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.DatasetId;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * A store that hands everything on to another one: what meters, traces or breaks a store overrides
 * what it cares about, and {@link #session} where it cares about sessions. Thread-safe if the other
 * one is.
 */
public abstract class ForwardingStore implements ChunkStore {
  private final ChunkStore store;

  /** Hands everything on to this store. */
  protected ForwardingStore(ChunkStore store) {
    this.store = Objects.requireNonNull(store, "store");
  }

  /** What stands for a session that the other store granted. */
  protected StoreSession session(StoreSession granted) {
    return granted;
  }

  @Override
  public Claim claim(LeaseRequest request) {
    Claim claim = store.claim(request);
    return claim instanceof Claim.Granted granted
        ? new Claim.Granted(session(granted.session()))
        : claim;
  }

  @Override
  public StoreDescription describe() {
    return store.describe();
  }

  @Override
  public long clockNanos() {
    return store.clockNanos();
  }

  @Override
  public Optional<Lease> lease() {
    return store.lease();
  }

  @Override
  public StoreInbox inbox() {
    return store.inbox();
  }

  @Override
  public FleetView view() {
    return store.view();
  }

  @Override
  public List<ChunkStatus> status(List<ChunkKey> chunks) {
    return store.status(chunks);
  }

  @Override
  public Head head(DatasetId dataset) {
    return store.head(dataset);
  }

  @Override
  public CommitOutcome outcomeOf(CommitKey key) {
    return store.outcomeOf(key);
  }

  @Override
  public List<EvidenceRecord> evidence(long fromIndex, int maxRecords) {
    return store.evidence(fromIndex, maxRecords);
  }

  @Override
  public void close() {
    store.close();
  }
}
