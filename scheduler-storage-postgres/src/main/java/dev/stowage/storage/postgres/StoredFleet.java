package dev.stowage.storage.postgres;

import dev.stowage.lifecycle.LifecycleState;
import dev.stowage.lifecycle.rows.FleetRow;
import dev.stowage.lifecycle.rows.WorkerRow;
import dev.stowage.model.InvariantViolation;
import dev.stowage.model.Tick;
import dev.stowage.storage.postgres.sql.SchemaObjects;
import dev.stowage.storage.postgres.sql.SqlTransaction;
import dev.stowage.store.StorageException;
import dev.stowage.store.spi.LoadedFleet;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Reads the whole fleet as the leader committed it. */
final class StoredFleet {
  /** Tables without rows before the fleet begins. */
  private static final List<String> OF_A_FLEET =
      List.of(
          "chunk",
          "worker",
          "replica",
          "swap",
          "evidence",
          "committed",
          "assignment",
          "route_change",
          "slice_added",
          "slice_sum");

  private StoredFleet() {}

  /** Returns the fleet as of the newest commit, without unconsumed news. */
  static LoadedFleet load(SqlTransaction from) {
    return load(from, EstablishedSql.read(from));
  }

  /**
   * Returns the fleet, moves chunks that a hand inserted to the log, and deletes the stamps that
   * the chunks' own rows hold by now.
   */
  static LoadedFleet loadToLead(SqlTransaction from) {
    EstablishedSql established = EstablishedSql.read(from);
    LoadedFleet loaded = load(from, established);
    long digest = loaded.digest();
    if (loaded.state().filter(state -> ForeignChunks.setAside(from, state, digest)).isPresent()) {
      return loadToLead(from);
    }
    established.deleteUnused(from);
    return loaded;
  }

  private static LoadedFleet load(SqlTransaction from, EstablishedSql established) {
    Optional<FleetSql.Base> base = FleetSql.base(from);
    if (base.isEmpty()) {
      requireNothing(from);
      return LoadedFleet.NONE;
    }
    LifecycleState state;
    try {
      EvidenceSql.requireHead(from, base.get().evidenceHead());
      List<WorkerRow> workers = WorkerSql.all(from);
      workers.forEach(SliceSums::kept);
      state = build(from, base.get().row(), workers, established);
    } catch (StorageException e) {
      throw e;
    } catch (RuntimeException e) {
      throw new StorageException.Corrupt(
          "the rows do not fit together: " + inWords(e) + "; restore a backup", e);
    }
    return new LoadedFleet(
        Optional.of(FleetSql.atTickSeen(from, state)),
        base.get().digest(),
        Optional.ofNullable(base.get().evidenceHead()),
        Tick.of(base.get().row().largestTick()),
        FleetSql.logPosition(from));
  }

  static StorageException.Corrupt unreadable(String table, RuntimeException why) {
    return new StorageException.Corrupt(
        table
            + " has a row that cannot be read: "
            + inWords(why)
            + "; it was changed by hand: restore a backup",
        why);
  }

  static StorageException.Corrupt unreadableRow(String of, RuntimeException why) {
    return why instanceof StorageException.Corrupt told
        ? told
        : new StorageException.Corrupt(
            "the row of " + of + " cannot be read: " + inWords(why) + "; restore a backup", why);
  }

  static String inWords(RuntimeException why) {
    boolean isOfTheCell = why instanceof NullPointerException || why instanceof ClassCastException;
    return isOfTheCell || why.getMessage() == null
        ? "a column is NULL, or holds what no store writes"
        : why.getMessage();
  }

  /** Returns the result of {@code reading}; throws {@code Corrupt} for an impossible row. */
  static <T> T readable(String what, Supplier<T> reading) {
    try {
      return reading.get();
    } catch (StorageException | InvariantViolation e) {
      throw e;
    } catch (RuntimeException e) {
      throw unreadable("the source of " + what, e);
    }
  }

  /** Throws {@code Corrupt} if a fleet without its row in table fleet has other rows. */
  static void requireNothing(SqlTransaction from) {
    for (String table : OF_A_FLEET) {
      // A fleet that began between the two queries has its row too.
      if (from.one("SELECT 1 FROM $." + table + " LIMIT 1", row -> true).isPresent()
          && FleetSql.base(from).isEmpty()) {
        throw new StorageException.Corrupt(
            "table fleet has no row, and table "
                + table
                + " has some; the row of the fleet was deleted by hand: restore a backup",
            null);
      }
    }
  }

  /** The position from which rows are counted: memory grows with the last position. */
  private static final int LARGE = 1 << 24;

  /** The most positions per row; positions are dense, so a sparser table was changed by hand. */
  private static final long MOST_APART = 64;

  /** Returns the end of the positions; throws {@code Corrupt} if one is impossibly large. */
  private static int places(SqlTransaction from, String table) {
    int last =
        from.one("SELECT COALESCE(max(position), -1) FROM $." + table, row -> row.getInt(1))
            .orElse(-1);
    if (last >= LARGE) {
      long rows = from.one("SELECT count(*) FROM $." + table, row -> row.getLong(1)).orElse(0L);
      if (last / MOST_APART > rows) {
        throw new StorageException.Corrupt(
            "table "
                + table
                + " has a row at position "
                + last
                + ", and only "
                + rows
                + " rows; the position was changed by hand: restore a backup",
            null);
      }
    }
    return last + 1;
  }

  /** Builds the state while the server still sends rows. */
  private static LifecycleState build(
      SqlTransaction from, FleetRow fleet, List<WorkerRow> workers, EstablishedSql established) {
    Datasets datasets = Datasets.all(from);
    places(from, "worker");
    LifecycleState.Builder state = LifecycleState.builder(fleet, places(from, "chunk"));
    workers.forEach(state::worker);
    ChunkSql.visitAll(from, datasets, established, state::chunk);
    SwapSql.all(from, datasets).forEach(state::swap);
    ReplicaSql.visitAll(from, state);
    return state.build();
  }

  /** Compares all redundant rows; throws {@code Corrupt} for discrepancies. */
  static long verify(SqlTransaction from) {
    SchemaObjects.require(from);
    LoadedFleet loaded = load(from);
    List<String> found = StoredAudit.check(from, loaded);
    if (!found.isEmpty()) {
      throw new StorageException.Corrupt(String.join("; ", found), null);
    }
    return loaded.digest();
  }

  /** Throws {@link #absent} if there is no fleet. */
  static void requireFleet(SqlTransaction from) {
    if (from.one("SELECT 1 FROM $.fleet", row -> true).isEmpty()) {
      throw absent(from);
    }
  }

  /** Returns the error of a fleet that has not begun; throws {@code Corrupt} if it has. */
  static StorageException.Transient absent(SqlTransaction from) {
    requireNothing(from);
    return new StorageException.Transient(
        "no leader has started this fleet yet; try again once one has claimed the lease",
        StorageException.Outcome.NOT_COMMITTED,
        null);
  }

  /** Returns what may be served; throws if there is no fleet, or commits may have been lost. */
  static FleetSql.Base served(
      SqlTransaction from, LeaseSql.Stored lease, List<FleetSql.Base> base) {
    FleetSql.Base fleet = base.stream().findFirst().orElseThrow(() -> absent(from));
    if (lease.isHistoryLost(fleet.row())) {
      throw new StorageException.Transient(
          "the store may have lost commits; the next leader starts a new lineage",
          StorageException.Outcome.NOT_COMMITTED,
          null);
    }
    return fleet;
  }
}
