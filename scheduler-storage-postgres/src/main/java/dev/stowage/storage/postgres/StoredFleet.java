package dev.stowage.storage.postgres;

import dev.stowage.lifecycle.LifecycleState;
import dev.stowage.lifecycle.rows.FleetRow;
import dev.stowage.storage.postgres.sql.SqlTransaction;
import dev.stowage.store.LoadedFleet;
import dev.stowage.store.StorageException;
import java.util.Optional;

/** Reads the whole of what the leader committed. */
final class StoredFleet {
  private StoredFleet() {}

  /** The fleet as of the newest commit, without what the leader has not taken in. */
  static LoadedFleet load(SqlTransaction from) {
    return load(from, EstablishedSql.read(from));
  }

  /** The same, for who leads: stamps that are in the chunks' own rows by now are kept once. */
  static LoadedFleet loadToLead(SqlTransaction from) {
    EstablishedSql established = EstablishedSql.read(from);
    LoadedFleet loaded = load(from, established);
    established.deleteUnused(from);
    return loaded;
  }

  private static LoadedFleet load(SqlTransaction from, EstablishedSql established) {
    Optional<FleetSql.Base> base = FleetSql.base(from);
    if (base.isEmpty()) {
      return LoadedFleet.NONE;
    }
    LifecycleState state;
    try {
      state = build(from, base.get().row(), established);
    } catch (StorageException e) {
      throw e;
    } catch (RuntimeException e) {
      throw new StorageException.Corrupt(
          "the rows do not fit together: " + e + "; restore a backup", e);
    }
    return new LoadedFleet(
        Optional.of(state),
        base.get().digest(),
        Optional.ofNullable(base.get().evidenceHead()),
        FleetSql.seen(from));
  }

  /** Each row is entered while the server makes the next ones. */
  private static LifecycleState build(
      SqlTransaction from, FleetRow fleet, EstablishedSql established) {
    Datasets datasets = Datasets.all(from);
    LifecycleState.Builder state = LifecycleState.builder(fleet, ChunkSql.atMost(from));
    WorkerSql.base(from).forEach(state::worker);
    ChunkSql.visitBase(from, datasets, established, state::chunk);
    SwapSql.base(from, datasets).forEach(state::swap);
    ReplicaSql.visitAll(from, state);
    return state.build();
  }

  /** Recomputes the digest from every row, and compares it with the one that was kept. */
  static long verify(SqlTransaction from) {
    LoadedFleet loaded = load(from);
    long full = loaded.state().map(LifecycleState::fullDigest).orElseThrow(StoredFleet::notBegun);
    if (full != loaded.digest()) {
      throw new StorageException.Corrupt(
          "the rows have digest "
              + Long.toHexString(full)
              + ", beside them is kept "
              + Long.toHexString(loaded.digest())
              + "; some row was changed by a hand: restore a backup",
          null);
    }
    SliceSql.unnamedReplica(from)
        .ifPresent(replica -> {
          throw new StorageException.Corrupt(
              "no row of table slice_added names the replica of "
                  + replica
                  + "; some row was changed by a hand: restore a backup",
              null);
        });
    return full;
  }

  static StorageException.Transient notBegun() {
    return new StorageException.Transient(
        "the fleet has not begun; its first leader begins it",
        StorageException.Outcome.NOT_COMMITTED,
        null);
  }

  static StorageException.Transient historyLost() {
    return new StorageException.Transient(
        "the store may have lost commits; the next leader starts a new lineage",
        StorageException.Outcome.NOT_COMMITTED,
        null);
  }
}
