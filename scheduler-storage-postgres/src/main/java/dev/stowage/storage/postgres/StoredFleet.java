package dev.stowage.storage.postgres;

import dev.stowage.lifecycle.LifecycleState;
import dev.stowage.lifecycle.rows.FleetRow;
import dev.stowage.lifecycle.rows.WorkerRow;
import dev.stowage.model.InvariantViolation;
import dev.stowage.storage.postgres.sql.SqlTransaction;
import dev.stowage.storage.postgres.sql.StoredArrays;
import dev.stowage.store.LoadedFleet;
import dev.stowage.store.StorageException;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Reads the whole of what the leader committed. */
final class StoredFleet {
  /** Tables that have no row before a fleet has begun. */
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
      requireNothing(from);
      return LoadedFleet.NONE;
    }
    LifecycleState state;
    try {
      EvidenceSql.requireHead(from, base.get().evidenceHead());
      List<WorkerRow> workers = WorkerSql.base(from);
      workers.forEach(SliceSums::kept);
      state = build(from, base.get().row(), workers, established);
    } catch (StorageException e) {
      throw e;
    } catch (RuntimeException e) {
      throw new StorageException.Corrupt(
          "the rows do not fit together: " + inWords(e) + "; restore a backup", e);
    }
    FleetSql.Seen seen = FleetSql.seen(from, base.get().row());
    return new LoadedFleet(
        Optional.of(state),
        base.get().digest(),
        Optional.ofNullable(base.get().evidenceHead()),
        seen.tick(),
        seen.clockNanos());
  }

  /** What is said where a row is no such row as a store writes. */
  static StorageException.Corrupt unreadable(String table, RuntimeException why) {
    return new StorageException.Corrupt(
        table
            + " has a row that cannot be read: "
            + inWords(why)
            + "; it was changed by a hand: restore a backup",
        why);
  }

  /** The same of one row; what already says what is wrong is said once. */
  static StorageException.Corrupt unreadableRow(String of, RuntimeException why) {
    return why instanceof StorageException.Corrupt told
        ? told
        : new StorageException.Corrupt(
            "the row of " + of + " cannot be read: " + inWords(why) + "; restore a backup", why);
  }

  /** What is wrong with a row, where reading it said so. */
  static String inWords(RuntimeException why) {
    boolean isOfTheCell = why instanceof NullPointerException || why instanceof ClassCastException;
    return isOfTheCell || why.getMessage() == null
        ? "a column is NULL, or holds what no store writes"
        : why.getMessage();
  }

  /**
   * What is made of rows, where they are such as a store writes.
   *
   * @param what what is read, such as "a slice"
   * @throws StorageException.Corrupt if one is not
   */
  static <T> T readable(String what, Supplier<T> reading) {
    try {
      return reading.get();
    } catch (StorageException | InvariantViolation e) {
      throw e;
    } catch (RuntimeException e) {
      throw unreadable("what " + what + " is read from", e);
    }
  }

  /** A fleet that has not begun has left nothing: else its row was deleted. */
  static void requireNothing(SqlTransaction from) {
    for (String table : OF_A_FLEET) {
      // A fleet that began between two glances shows its own row too.
      if (from.one("SELECT 1 FROM $." + table + " LIMIT 1", row -> true).isPresent()
          && FleetSql.base(from).isEmpty()) {
        throw new StorageException.Corrupt(
            "table fleet has no row, and table "
                + table
                + " has some; the row of the fleet was deleted by a hand: restore a backup",
            null);
      }
    }
  }

  /**
   * Above which position rows of a table are looked at as a whole: tables as large as that are held
   * in memory, and so is a table with one row that a hand gave such a position.
   */
  private static final int LARGE = 1 << 24;

  /** Positions are given densely, and given anew: of those so far out most have a row. */
  private static final long MOST_APART = 64;

  /**
   * About how many rows of a table the leader knows, and not fewer.
   *
   * @throws StorageException.Corrupt if a position is so far out that no leader gave it
   */
  private static int places(SqlTransaction from, String table) {
    int last =
        from.one(
                "SELECT COALESCE(max(position), -1) FROM $." + table + " WHERE position >= 0",
                row -> row.getInt(1))
            .orElse(-1);
    if (last >= LARGE) {
      long rows =
          from.one(
                  "SELECT count(*) FROM $." + table + " WHERE position >= 0", row -> row.getLong(1))
              .orElse(0L);
      if (last / MOST_APART > rows) {
        throw new StorageException.Corrupt(
            "table "
                + table
                + " has a row at position "
                + last
                + ", and only "
                + rows
                + " rows; the position was changed by a hand: restore a backup",
            null);
      }
    }
    return last + 1;
  }

  /** Each row is entered while the server makes the next ones. */
  private static LifecycleState build(
      SqlTransaction from, FleetRow fleet, List<WorkerRow> workers, EstablishedSql established) {
    Datasets datasets = Datasets.all(from);
    places(from, "worker");
    LifecycleState.Builder state = LifecycleState.builder(fleet, places(from, "chunk"));
    workers.forEach(state::worker);
    ChunkSql.visitBase(from, datasets, established, state::chunk);
    SwapSql.base(from, datasets).forEach(state::swap);
    ReplicaSql.visitAll(from, state);
    return state.build();
  }

  /** Compares everything that is stored twice, and refuses what does not agree. */
  static long verify(SqlTransaction from) {
    StoredArrays.require(from);
    LoadedFleet loaded = load(from);
    List<String> found = StoredAudit.check(from, loaded);
    if (!found.isEmpty()) {
      throw new StorageException.Corrupt(String.join("; ", found), null);
    }
    return loaded.digest();
  }

  /** The same for who needs no row of the fleet. */
  static void requireNothingOrAFleet(SqlTransaction from) {
    if (from.one("SELECT 1 FROM $.fleet WHERE NOT ahead", row -> true).isEmpty()) {
      requireNothing(from);
    }
  }

  /** Refuses rows of which some was changed by a hand. */
  static void requireDigest(long found, long kept) {
    if (found != kept) {
      throw new StorageException.Corrupt(
          "the rows have digest "
              + Long.toHexString(found)
              + ", beside them is kept "
              + Long.toHexString(kept)
              + "; some row was changed by a hand: restore a backup",
          null);
    }
  }

  /**
   * Why there is no row of the fleet: it has not begun.
   *
   * @throws StorageException.Corrupt if it has: nobody waits for a leader that cannot come
   */
  static StorageException.Transient absent(SqlTransaction from) {
    requireNothing(from);
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
