package dev.stowage.storage.postgres;

import dev.stowage.lifecycle.Command;
import dev.stowage.lifecycle.CommandKind;
import dev.stowage.lifecycle.LifecycleState;
import dev.stowage.lifecycle.ProposedChunk;
import dev.stowage.lifecycle.rows.ChangeSet;
import dev.stowage.lifecycle.rows.ChunkRow;
import dev.stowage.lifecycle.rows.FleetRow;
import dev.stowage.lifecycle.rows.ReplicaRows;
import dev.stowage.lifecycle.rows.SwapRow;
import dev.stowage.lifecycle.rows.WorkerRow;
import dev.stowage.model.BlockRange;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.DatasetId;
import dev.stowage.model.WorkerId;
import dev.stowage.storage.postgres.sql.SqlTransaction;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** The rows that decide a command: the lifecycle answers on these as it would on all rows. */
final class CommandRows {
  /** The flag of replicas that the newest portal assignment names. */
  private static final int NAMED = 1;

  private final SqlTransaction from;
  private final Datasets datasets;
  private final Map<ChunkKey, ChunkSql.Stored> chunks = new TreeMap<>();
  private final Map<WorkerId, WorkerRow> workers = new TreeMap<>();
  private final Map<Long, SwapRow> swaps = new TreeMap<>();

  private CommandRows(SqlTransaction from, Datasets datasets) {
    this.from = from;
    this.datasets = datasets;
  }

  static CommandRows of(SqlTransaction from, Datasets datasets, Command<?> command) {
    CommandRows commandRows = new CommandRows(from, datasets);
    CommandKind<?, ?> kind = command.kind();
    kind.worker(command).ifPresent(commandRows::addWorker);
    commandRows.addChunks(kind.chunks(command));
    if (command instanceof Command.Remove remove) {
      commandRows.addPending(List.of(remove.chunk()), SwapSql.Side.OLD);
      commandRows.addPending(List.of(remove.chunk()), SwapSql.Side.NEW);
    } else if (command instanceof Command.RegisterSwap swap) {
      commandRows.addForRegistration(swap);
    } else if (command instanceof Command.CancelSwap cancel) {
      commandRows.addForCancellation(cancel);
    } else if (command instanceof Command.Wish wish) {
      commandRows.addForWish(wish.wish().dataset(), wish.wish().chunkId().orElse(""));
      commandRows.addWorker(wish.wish().worker());
    } else if (command instanceof Command.Unwish wish) {
      commandRows.addForWish(wish.wish().dataset(), wish.wish().chunkId().orElse(""));
      commandRows.addWorker(wish.wish().worker());
    } else {
      commandRows.addOverlapping(ranges(kind.admitted(command)));
    }
    return commandRows;
  }

  static CommandRows of(SqlTransaction from, Datasets datasets, List<ChunkSql.Stored> near) {
    CommandRows commandRows = new CommandRows(from, datasets);
    commandRows.add(near);
    return commandRows;
  }

  boolean knows(ChunkKey chunk) {
    return chunks.containsKey(chunk);
  }

  /** Returns the rows as a state, in which {@code waiting} waits for a first placement. */
  LifecycleState toState(FleetRow fleet, Waiting waiting) {
    List<ChunkRow> rows = new ArrayList<>(chunks.size());
    chunks.values().forEach(it -> rows.add(ChunkSql.at(it.ahead(), rows.size())));
    List<WorkerRow> holders = new ArrayList<>(workers.values());
    ChangeSet.Parts parts =
        new ChangeSet.Parts()
            .chunks(rows)
            .workers(placed(holders))
            .swaps(List.copyOf(swaps.values()));
    return LifecycleState.loadPart(fleet, parts, waiting.chunks(), waiting.bytes());
  }

  /** The number and the bytes of chunks that wait for a first placement in the whole fleet. */
  record Waiting(long chunks, long bytes) {
    static final Waiting UNASKED = new Waiting(0, 0);

    static Waiting read(SqlTransaction from) {
      return from.one(
              "SELECT count(*), least(COALESCE(sum(size_bytes), 0), 9223372036854775807)::bigint"
                  + " FROM $.chunk c"
                  + " WHERE live AND state = 2 AND established_at IS NULL AND NOT EXISTS (SELECT"
                  + " FROM $.established e WHERE e.lineage = c.number_lineage"
                  + " AND c.number_counter BETWEEN e.first_number AND e.last_number)",
              row -> new Waiting(row.getLong(1), row.getLong(2)))
          .orElse(UNASKED);
    }
  }

  /** Returns the chunks with replicas and workers, without marks and swaps ahead of the leader. */
  static LifecycleState ofStatus(
      SqlTransaction from, Datasets datasets, FleetRow fleet, Collection<ChunkKey> keys) {
    return ofLeaving(from, datasets, fleet, keys, List.of());
  }

  /** Returns the state of {@link #ofStatus} with the workers of {@code asked} too. */
  static LifecycleState ofLeaving(
      SqlTransaction from,
      Datasets datasets,
      FleetRow fleet,
      Collection<ChunkKey> keys,
      List<WorkerRow> asked) {
    List<ChunkRow> rows = new ArrayList<>();
    Map<Integer, Integer> places = new LinkedHashMap<>();
    List<ChunkSql.Stored> found = ChunkSql.find(from, datasets, keys);
    Set<ChunkKey> hidden = SwapSql.producedUnknown(from, datasets, found);
    for (ChunkSql.Stored stored : found) {
      if (stored.isBase()) {
        places.put(stored.row().position(), rows.size());
      }
      if (!hidden.contains(stored.row().key())) {
        rows.add(ChunkSql.at(stored.row(), rows.size()));
      }
    }
    ReplicaRows stored =
        ReplicaSql.of(from, places.keySet().stream().mapToInt(Integer::intValue).toArray());
    Map<Integer, Integer> holders = new LinkedHashMap<>();
    int[] positions = new int[stored.size()];
    for (int row = 0; row < stored.size(); row++) {
      positions[row] = stored.worker(row);
    }
    List<WorkerRow> workers = WorkerSql.newestAt(from, positions);
    workers.forEach(row -> holders.put(row.position(), holders.size()));
    Set<Integer> newLives = WorkerSql.withNewLife(from, positions);
    ReplicaRows.Builder replicas = ReplicaRows.builder(stored.size());
    for (int row = 0; row < stored.size(); row++) {
      Integer holder = holders.get(stored.worker(row));
      Integer chunk = places.get(stored.chunk(row));
      if (holder != null && chunk != null) {
        replicas.add(chunk, holder);
        replicas.stamps(stored.since(row), stored.supersededAt(row), stored.releasedAt(row));
        if (newLives.contains(stored.worker(row))) {
          // The worker has another disk, which begins empty.
          replicas.window(0, -1, 0);
          if ((stored.flags(row) & NAMED) != 0) {
            rows.set(chunk, withGone(rows.get(chunk), workers.get(holder).id()));
          }
        } else {
          replicas.window(stored.readableUntil(row), stored.missingSince(row), stored.flags(row));
        }
      }
    }
    Set<WorkerId> known = new TreeSet<>();
    List<WorkerRow> all = new ArrayList<>(workers);
    workers.forEach(row -> known.add(row.id()));
    asked.stream().filter(row -> !known.contains(row.id())).forEach(all::add);
    ChangeSet.Parts parts = new ChangeSet.Parts().chunks(rows).workers(placed(all));
    return LifecycleState.load(fleet, parts.replicas(replicas.build()));
  }

  /** Returns all workers as their writers know them, without chunks and replicas. */
  static LifecycleState ofWorkers(SqlTransaction from, FleetRow fleet) {
    List<WorkerRow> all = WorkerSql.newest(from);
    return FleetSql.atTickSeen(
        from, LifecycleState.load(fleet, new ChangeSet.Parts().workers(placed(all))));
  }

  private static ChunkRow withGone(ChunkRow row, WorkerId worker) {
    TreeSet<WorkerId> names = new TreeSet<>(row.goneNames());
    names.add(worker);
    return row.withGoneNames(List.copyOf(names));
  }

  private static List<WorkerRow> placed(List<WorkerRow> rows) {
    List<WorkerRow> placed = new ArrayList<>(rows.size());
    rows.forEach(row -> placed.add(WorkerSql.at(row, placed.size())));
    return placed;
  }

  /** Reads the chain only if chunks hold blocks beyond the old side, which alone may conflict. */
  private void addForRegistration(Command.RegisterSwap swap) {
    addPending(swap.oldChunks(), SwapSql.Side.OLD);
    if (addOverlapping(beyondOldSide(swap)) == 0) {
      return;
    }
    Collection<ChunkKey> open = swap.oldChunks();
    while (!open.isEmpty()) {
      List<ChunkKey> further = new ArrayList<>();
      for (SwapRow producer : addPending(open, SwapSql.Side.NEW)) {
        further.addAll(producer.oldChunks());
      }
      addChunks(further);
      open = further;
    }
  }

  private Map<DatasetId, List<BlockRange>> beyondOldSide(Command.RegisterSwap swap) {
    List<BlockRange> old = new ArrayList<>();
    for (ChunkKey key : swap.oldChunks()) {
      ChunkSql.Stored stored = chunks.get(key);
      if (stored != null && key.dataset().equals(swap.dataset())) {
        old.add(stored.ahead().range());
      }
    }
    Map<DatasetId, List<BlockRange>> beyond = new TreeMap<>();
    ranges(swap.newChunks())
        .forEach((dataset, fresh) -> beyond.put(dataset, BlockRange.difference(fresh, old)));
    return beyond;
  }

  private void addForCancellation(Command.CancelSwap cancel) {
    List<SwapRow> open = SwapSql.find(from, datasets, cancel.swapId());
    while (!open.isEmpty()) {
      List<ChunkKey> produced = new ArrayList<>();
      for (SwapRow swap : open) {
        swaps.put(swap.id(), swap);
        produced.addAll(swap.newChunks());
      }
      addChunks(produced);
      open = addPending(produced, SwapSql.Side.OLD);
    }
  }

  private void addForWish(DatasetId dataset, String chunk) {
    if (!chunk.isEmpty()) {
      addChunks(List.of(new ChunkKey(dataset, chunk)));
    }
  }

  private void addWorker(WorkerId worker) {
    WorkerSql.newest(from, worker).ifPresent(row -> workers.put(worker, row));
  }

  private void addChunks(Collection<ChunkKey> keys) {
    add(ChunkSql.find(from, datasets, keys));
  }

  private static Map<DatasetId, List<BlockRange>> ranges(List<ProposedChunk> proposed) {
    Map<DatasetId, List<BlockRange>> ranges = new TreeMap<>();
    for (ProposedChunk chunk : proposed) {
      if (chunk.violations().isEmpty()) {
        ranges
            .computeIfAbsent(chunk.key().dataset(), dataset -> new ArrayList<>())
            .add(chunk.range());
      }
    }
    return ranges;
  }

  /** Adds the live chunks that share a block with a range, and returns their number. */
  private int addOverlapping(Map<DatasetId, List<BlockRange>> ranges) {
    int[] found = {0};
    // Ranges of several datasets share a query, which saves a round trip per dataset.
    Map<DatasetId, List<BlockRange>> few = new TreeMap<>();
    ranges.forEach((dataset, wanted) -> {
      if (wanted.size() < ChunkSql.MANY) {
        few.put(dataset, wanted);
      } else {
        found[0] += add(ChunkSql.overlapping(from, datasets, dataset, wanted));
      }
    });
    return found[0] + add(ChunkSql.overlapping(from, datasets, few));
  }

  /** Returns the pending swaps with these chunks that were not known yet. */
  private List<SwapRow> addPending(Collection<ChunkKey> keys, SwapSql.Side side) {
    List<SwapRow> fresh = new ArrayList<>();
    for (SwapRow swap : SwapSql.pending(from, datasets, keys, side)) {
      if (swaps.put(swap.id(), swap) == null) {
        fresh.add(swap);
      }
    }
    return fresh;
  }

  private int add(List<ChunkSql.Stored> rows) {
    rows.forEach(stored -> chunks.put(stored.row().key(), stored));
    return rows.size();
  }
}
