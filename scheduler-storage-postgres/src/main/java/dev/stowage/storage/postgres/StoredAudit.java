package dev.stowage.storage.postgres;

import dev.stowage.evidence.ChainPoint;
import dev.stowage.lifecycle.LifecycleState;
import dev.stowage.lifecycle.LifecycleView;
import dev.stowage.lifecycle.documents.SliceEntry;
import dev.stowage.lifecycle.rows.FleetRow;
import dev.stowage.lifecycle.rows.WorkerRow;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.ChunkNumber;
import dev.stowage.model.DatasetId;
import dev.stowage.model.InvariantViolation;
import dev.stowage.model.Lineage;
import dev.stowage.storage.postgres.sql.SqlTransaction;
import dev.stowage.store.Lease;
import dev.stowage.store.Lease.LeaseRequest;
import dev.stowage.store.StorageException;
import dev.stowage.store.spi.LoadedFleet;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Compares all redundant rows in one snapshot; it repairs none. */
final class StoredAudit {
  static final String BY_A_HAND = "; some row was changed by hand: restore a backup";

  /** The most findings of one kind. */
  static final int MOST_TOLD = 10;

  private final SqlTransaction from;
  private final List<String> found = new ArrayList<>();

  private StoredAudit(SqlTransaction from) {
    this.from = from;
  }

  static List<String> check(SqlTransaction from, LoadedFleet loaded) {
    LifecycleState state = loaded.state().orElseThrow(() -> StoredFleet.absent(from));
    StoredAudit audit = new StoredAudit(from);
    audit.part("the digest", () -> loaded.requireDigest(state.fullDigest()));
    audit.part("the evidence", () -> audit.evidence(loaded.evidenceHead()));
    audit.part("table lease", audit::toLead);
    audit.part("table slice_added", () -> audit.named(state));
    audit.part("table slice_sum, slice_change or route_change", () -> audit.sums(state));
    audit.part("table quarantine", audit::quarantine);
    return audit.found.stream().map(StorageException::escaped).toList();
  }

  /** Turns unreadable rows into findings, so that the next part is checked too. */
  private void part(String what, Runnable check) {
    try {
      check.run();
    } catch (InvariantViolation e) {
      throw e;
    } catch (StorageException.Corrupt e) {
      found.add(String.valueOf(e.getMessage()));
      if (from.isRefused()) {
        // The transaction answers nothing more.
        throw new StorageException.Corrupt(String.join("; ", found), e);
      }
    } catch (StorageException e) {
      throw e;
    } catch (RuntimeException e) {
      found.add(String.valueOf(StoredFleet.unreadable(what, e).getMessage()));
    }
  }

  private void evidence(Optional<ChainPoint> head) {
    try {
      found.addAll(EvidenceSql.problems(from, head));
    } catch (StorageException.Corrupt e) {
      found.add(String.valueOf(e.getMessage()));
    }
  }

  private void toLead() {
    long leases = from.one("SELECT count(*) FROM $.lease", row -> row.getLong(1)).orElse(0L);
    if (leases != 1) {
      found.add("table lease has " + leases + " rows instead of 1, so nobody can lead" + BY_A_HAND);
    }
    from.list("SELECT holder FROM $.lease", row -> row.getString(1)).stream()
        .filter(Objects::nonNull)
        .flatMap(holder -> LeaseRequest.violations(holder, Lease.LONGEST).stream())
        .forEach(why -> found.add("table lease has a holder with a bad name: " + why + BY_A_HAND));
    // As numeric, because the difference to a value written by hand may overflow bigint.
    none(
        "SELECT CASE WHEN l.epoch > "
            + LeaseSql.LARGEST_EPOCH
            + " OR l.epoch < 0 THEN 'table lease has epoch ' || l.epoch ELSE"
            + " 'table lease says that the lease runs for more than "
            + Lease.LONGEST.toDays()
            + " days' END FROM $.lease l WHERE l.epoch > "
            + LeaseSql.LARGEST_EPOCH
            + " OR l.epoch < 0 OR l.expires_nanos::numeric - "
            + Lease.LONGEST.toNanos()
            + " > "
            + LeaseSql.NOW,
        "");
    none(
        "SELECT 'table committed has a row of commit ' || c.epoch || '.' || c.sequence"
            + " FROM $.committed c JOIN $.lease l ON c.epoch > l.epoch",
        ", which was not made");
  }

  private void none(String query, String what) {
    from.visit(
        query + " LIMIT " + MOST_TOLD, row -> found.add(row.getString(1) + what + BY_A_HAND));
  }

  /** Checks in memory, since an SQL join has no statistics for few rows that name many chunks. */
  private void named(LifecycleState state) {
    Map<Integer, Long> until = new HashMap<>();
    int[] of = {-1};
    int[] told = {0};
    BitSet seen = new BitSet();
    from.visit(
        "SELECT a.worker, a.until, a.chunks FROM $.slice_added a ORDER BY a.worker",
        row -> {
          if (row.getInt(1) != of[0]) {
            unnamed(state, of[0], until, told);
            until.clear();
            of[0] = row.getInt(1);
            seen.set(of[0]);
          }
          long last = row.getLong(2);
          for (Integer chunk : (Integer[]) row.getArray(3).getArray()) {
            until.merge(chunk, last, Math::max);
          }
        });
    unnamed(state, of[0], until, told);
    state.forEachWorker(worker -> {
      if (!seen.get(worker)) {
        unnamed(state, worker, Map.of(), told);
      }
    });
  }

  /** Finds replicas of a worker that no row names for long enough. */
  private void unnamed(LifecycleState state, int worker, Map<Integer, Long> until, int[] told) {
    if (worker < 0 || worker >= state.workerLimit() || !state.isWorker(worker)) {
      return;
    }
    for (int slot = state.firstReplicaOn(worker);
        slot != LifecycleView.NONE && told[0] < MOST_TOLD;
        slot = state.nextReplicaOn(slot)) {
      int chunk = state.replicaChunk(slot);
      Long last = until.get(chunk);
      if (last == null || last < state.since(slot)) {
        told[0]++;
        found.add(
            "no row of table slice_added names the replica of chunk "
                + state.chunkKey(chunk)
                + " on worker "
                + state.workerId(worker)
                + BY_A_HAND);
      }
    }
  }

  private void sums(LifecycleState state) {
    found.addAll(RouteSql.problems(from, state.fleetRow()));
    none(
        "SELECT 'table assignment' FROM $.fleet f"
            + " WHERE f.worker_assignment IS DISTINCT FROM (SELECT max(a.id) FROM $.assignment a)",
        " does not end with the newest assignment");
    newestAssignment(state.fleetRow());
    none(
        "SELECT 'table slice_added has a row of assignment ' || a.until FROM $.slice_added a"
            + " JOIN $.fleet f ON a.until > f.worker_assignment",
        ", which was not minted");
    Map<Integer, NavigableMap<Long, SliceSums.At>> kept = new HashMap<>();
    from.visit(
        "SELECT worker, assignment, sum, inventory_report FROM $.slice_sum",
        row ->
            kept.computeIfAbsent(row.getInt(1), worker -> new TreeMap<>())
                .put(row.getLong(2), new SliceSums.At(row.getLong(3), row.getLong(4))));
    Map<Integer, NavigableMap<Long, Long>> changes = new HashMap<>();
    came(state, changes);
    went(state.fleetRow(), changes);
    state.forEachWorker(worker -> {
      WorkerRow row = state.workerRow(worker);
      sums(row, kept.getOrDefault(worker, new TreeMap<>()), changes.get(worker));
    });
  }

  /** Checks lineage and tick of the newest row, except ticks after the time was set by hand. */
  private void newestAssignment(FleetRow fleet) {
    Set<Long> lineages = new TreeSet<>();
    fleet.lineages().forEach(lineage -> lineages.add(lineage.token().token()));
    boolean isSetBack = fleet.time().resets() > 0;
    from.visit(
        "SELECT lineage, tick FROM $.assignment ORDER BY id DESC LIMIT 1",
        row -> {
          if (!lineages.contains(row.getLong(1))) {
            found.add(
                "the newest row of table assignment is of lineage "
                    + Lineage.of(row.getLong(1))
                    + ", which this fleet never had"
                    + BY_A_HAND);
          }
          long tick = row.getLong(2);
          if (tick < 0 || (tick > fleet.largestTick() && !isSetBack)) {
            found.add(
                "the newest row of table assignment is of tick "
                    + tick
                    + ", the largest tick of the fleet is "
                    + fleet.largestTick()
                    + BY_A_HAND);
          }
        });
  }

  private void sums(
      WorkerRow worker,
      NavigableMap<Long, SliceSums.At> kept,
      @Nullable NavigableMap<Long, Long> changes) {
    Map.Entry<Long, SliceSums.At> newest = kept.lastEntry();
    if (newest == null
        || !Objects.equals(newest.getValue().sum(), worker.sliceSum())
        || !newest.getValue().isOf(worker)) {
      found.add(
          "table slice_sum does not end with the checksum of worker " + worker.id() + BY_A_HAND);
      return;
    }
    for (Map.Entry<Long, SliceSums.At> now = newest;
        now != null && now.getValue().isOf(worker);
        now = kept.lowerEntry(now.getKey())) {
      Map.Entry<Long, SliceSums.At> before = kept.lowerEntry(now.getKey());
      if (before == null || !before.getValue().isOf(worker)) {
        return;
      }
      long sum = before.getValue().sum();
      if (changes != null) {
        for (long change : changes.subMap(before.getKey(), false, now.getKey(), true).values()) {
          sum += change;
        }
      }
      if (sum != now.getValue().sum()) {
        found.add(
            "the changes of the slice of worker "
                + worker.id()
                + " between assignments "
                + before.getKey()
                + " and "
                + now.getKey()
                + " do not match its checksums in table slice_sum"
                + BY_A_HAND);
        return;
      }
    }
  }

  private static void add(
      Map<Integer, NavigableMap<Long, Long>> to, int worker, long assignment, long change) {
    to.computeIfAbsent(worker, any -> new TreeMap<>()).merge(assignment, change, Long::sum);
  }

  private static void came(LifecycleState state, Map<Integer, NavigableMap<Long, Long>> to) {
    FleetRow fleet = state.fleetRow();
    state.forEachChunk(chunk -> {
      for (int slot = state.firstReplica(chunk);
          slot != LifecycleView.NONE;
          slot = state.nextReplica(slot)) {
        ChunkNumber number = Objects.requireNonNull(state.chunkNumber(chunk), "number");
        SliceEntry entry =
            new SliceEntry(
                state.chunkKey(chunk), number, state.chunkSizeBytes(chunk), state.since(slot));
        add(to, state.replicaWorker(slot), entry.since(), SliceSums.of(fleet, entry));
      }
    });
  }

  /** Adds the entries that ended; those of purged chunks are unknown. */
  private void went(FleetRow fleet, Map<Integer, NavigableMap<Long, Long>> to) {
    from.visit(
        "SELECT s.worker, s.assignment, s.since, d.name, c.id, s.number_lineage, s.number_counter,"
            + " c.size_bytes FROM $.slice_change s JOIN $.chunk c ON c.position = s.chunk"
            + " AND c.number_lineage = s.number_lineage AND c.number_counter = s.number_counter"
            + " JOIN $.dataset d ON d.id = c.dataset",
        row -> {
          long entry = SliceSums.of(fleet, ended(row));
          add(to, row.getInt(1), row.getLong(2), -entry);
          add(to, row.getInt(1), row.getLong(3), entry);
        });
  }

  private static SliceEntry ended(ResultSet row) throws SQLException {
    return new SliceEntry(
        new ChunkKey(DatasetId.of(row.getString(4)), row.getString(5)),
        new ChunkNumber(Lineage.of(row.getLong(6)), row.getLong(7)),
        row.getLong(8),
        row.getLong(3));
  }

  private void quarantine() {
    none(
        "SELECT 'row ' || q.mark || ' of table quarantine' FROM $.quarantine q"
            + " WHERE q.digest <> sha256(q.command)",
        " has another digest than its command");
    none(
        "SELECT 'row ' || q.mark || ' of table quarantine' FROM $.quarantine q"
            + " JOIN $.inbox i ON i.mark = q.mark",
        " is in table inbox too");
  }
}
