package dev.stowage.audit;

import dev.stowage.answer.ChunkStatus.ChunkState;
import dev.stowage.columns.ArrayGrowth;
import dev.stowage.command.PlacementWish;
import dev.stowage.lifecycle.LifecycleView;
import dev.stowage.lifecycle.SwapState;
import dev.stowage.lifecycle.rows.SwapRow;
import dev.stowage.lifecycle.rows.WorkerRow;
import dev.stowage.lifecycle.rows.WorkerRow.PendingReport;
import dev.stowage.model.BlockRange;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.ChunkNumber;
import dev.stowage.model.WorkerId;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Copies the facts of a state, with the reports since the last cycle, by which the next is judged.
 */
final class FleetReader {
  private static final int[] NOT_NUMBERED = {};
  private static final int SLOTS_A_CHUNK = 4;

  private final LifecycleView state;
  private final boolean isWhole;

  // Ascending positions.
  private final int[] positions;

  private final int[] workerPositions;

  private int[] slots = {};

  private final int[] workerAt;

  private final ChunkColumns chunks;
  private final WorkerColumns workers;
  private final ReplicaColumns replicas;

  private final ChunkKey[] likely;

  private final IdentityHashMap<PendingReport, Set<ChunkNumber>> listed = new IdentityHashMap<>();

  private FleetReader(LifecycleView state, ChunkKey[] likely) {
    this.state = state;
    this.likely = likely;
    isWhole = true;
    positions = all(state.chunkLimit(), state.chunkCount(), state::isChunk);
    workerPositions = all(state.workerLimit(), state.workerCount(), state::isWorker);
    workerAt = numbered(workerPositions, state.workerLimit());
    chunks = new ChunkColumns(state.chunkCount());
    workers = new WorkerColumns(state.workerCount());
    replicas = new ReplicaColumns(state.replicaCount());
  }

  private FleetReader(LifecycleView state, Excerpt excerpt) {
    this.state = state;
    likely = new ChunkKey[0];
    isWhole = false;
    positions = excerpt.chunks();
    chunks = new ChunkColumns(positions.length, at -> state.chunkKey(positions[at]));
    int count = collectSlots();
    workerPositions = holders(excerpt.workers(), count);
    workerAt =
        count < state.workerLimit() ? NOT_NUMBERED : numbered(workerPositions, state.workerLimit());
    workers = WorkerColumns.ofExcerpt(workerPositions.length);
    replicas = new ReplicaColumns(count);
  }

  private int collectSlots() {
    int[] found = new int[ArrayGrowth.capacity((long) SLOTS_A_CHUNK * positions.length, 0)];
    int count = 0;
    for (int at = 0; at < positions.length; at++) {
      chunks.replicaStart[at] = count;
      for (int slot = state.firstReplica(positions[at]);
          slot != LifecycleView.NONE;
          slot = state.nextReplica(slot)) {
        if (count == found.length) {
          found = Arrays.copyOf(found, ArrayGrowth.capacity(2L * count, count + 1L));
        }
        found[count++] = slot;
      }
    }
    chunks.replicaStart[positions.length] = count;
    slots = found;
    return count;
  }

  private static int[] all(int limit, int count, IntPredicate isThere) {
    int[] all = new int[count];
    int at = 0;
    for (int position = 0; position < limit; position++) {
      if (isThere.test(position)) {
        all[at++] = position;
      }
    }
    return all;
  }

  private static int[] numbered(int[] read, int limit) {
    int[] numbers = new int[limit];
    for (int at = 0; at < read.length; at++) {
      numbers[read[at]] = at;
    }
    return numbers;
  }

  private int[] holders(int[] others, int replicaCount) {
    BitSet all = new BitSet(state.workerLimit());
    for (int worker : others) {
      all.set(worker);
    }
    for (int replica = 0; replica < replicaCount; replica++) {
      all.set(state.replicaWorker(slots[replica]));
    }
    return all.stream().toArray();
  }

  private int workerAt(int position) {
    return workerAt.length == 0
        ? Arrays.binarySearch(workerPositions, position)
        : workerAt[position];
  }

  static FleetSnapshot read(LifecycleView state) {
    return new FleetReader(state, new ChunkKey[0]).read(state.swaps());
  }

  static FleetSnapshot read(LifecycleView state, FleetSnapshot older) {
    return new FleetReader(state, older.chunks().key).read(state.swaps());
  }

  static FleetSnapshot read(LifecycleView state, Excerpt excerpt) {
    return new FleetReader(state, excerpt).read(excerpt.swaps());
  }

  private FleetSnapshot read(List<SwapRow> rows) {
    readWorkers();
    readChunks();
    takeReportsIn();
    List<PlacementWish> wishes = isWhole ? state.wishes() : List.of();
    List<PlacementWish> bans =
        wishes.isEmpty()
            ? wishes
            : wishes.stream().filter(wish -> wish.kind() == PlacementWish.Kind.BAN).toList();
    return new FleetSnapshot(
        header(), chunks, workers, replicas, swaps(rows), bans, state.fleetRow());
  }

  private FleetSnapshot.Header header() {
    return new FleetSnapshot.Header(
        state.largestTick().value(),
        state.newestWorkerAssignment().value(),
        state.newestPortalAssignment().value(),
        state.watermark(),
        state.config().confirmation().quorumPercent(),
        state.config().gates() == dev.stowage.config.LifecycleConfig.Gates.ON,
        state.config().drainWindowTicks());
  }

  private void readWorkers() {
    for (int at = 0; at < workers.count; at++) {
      int position = workerPositions[at];
      workers.id[at] = state.workerId(position);
      workers.lastApplied[at] = state.lastApplied(position);
      workers.incarnation[at] = state.incarnation(position).value();
      workers.unproven[at] = state.owesInventory(position) || workers.incarnation[at] == 0;
      if (isWhole) {
        readRow(state.workerRow(position), at);
      }
    }
  }

  private void readRow(WorkerRow row, int at) {
    workers.status[at] = row.status();
    workers.caughtUp[at] = row.caughtUp();
    workers.publishedIncarnation[at] = row.publishedIncarnation();
    workers.lastReport[at] = row.lastReport();
    workers.lastSeen[at] = row.lastSeenTick();
    workers.absentSince[at] = row.absentSince();
    workers.isSilent[at] = row.absence() != null;
    workers.leastCopies[at] = row.leastCopies();
    workers.awayUntil[at] = row.awayUntil();
    workers.departure[at] = row.departure();
    workers.described[at] = row.description();
    workers.zoneInRoutes[at] = row.zoneInRoutes();
  }

  private void readChunks() {
    int replica = 0;
    for (int at = 0; at < chunks.count; at++) {
      int position = positions[at];
      readChunk(position, at);
      if (isWhole) {
        readRest(position, at);
        chunks.replicaStart[at] = replica;
        for (int slot = state.firstReplica(position);
            slot != LifecycleView.NONE;
            slot = state.nextReplica(slot)) {
          readReplica(slot, replica++, at);
        }
      } else {
        for (; replica < chunks.replicaStart[at + 1]; replica++) {
          readReplica(slots[replica], replica, at);
        }
      }
    }
    chunks.replicaStart[chunks.count] = replica;
  }

  private void readChunk(int position, int at) {
    BlockRange range = state.chunkRange(position);
    chunks.dataset[at] = state.chunkDataset(position);
    chunks.first[at] = range.first();
    chunks.last[at] = range.last();
    chunks.state[at] = codeOf(state.chunkState(position));
    chunks.marked[at] = state.isMarked(position);
    chunks.established[at] = state.isEstablished(position);
    chunks.everPossessed[at] = state.isOncePossessed(position);
    // A window of no ticks that began in tick 0 ends at 0, and is a window all the same.
    boolean isDropped = chunks.state[at] == ChunkColumns.DROPPED;
    long end = state.endTick(position);
    chunks.windowEnd[at] = isDropped ? end : orNone(end);
    chunks.endTick[at] = end;
  }

  private void readRest(int position, int at) {
    ChunkNumber number = state.chunkNumber(position);
    chunks.key[at] =
        at < likely.length ? state.chunkKey(position, likely[at]) : state.chunkKey(position);
    chunks.number[at] =
        number == null ? FleetSnapshot.NONE : number.lineage().token() * 31 + number.counter();
    chunks.sizeBytes[at] = state.chunkSizeBytes(position);
    chunks.floor[at] = state.floor(position);
    chunks.eligibility[at] = state.eligibility(position);
    List<WorkerId> gone = state.goneNames(position);
    chunks.goneNames.set(at, gone);
  }

  private void readReplica(int slot, int at, int chunk) {
    replicas.chunk[at] = chunk;
    replicas.worker[at] = workerAt(state.replicaWorker(slot));
    replicas.since[at] = state.since(slot);
    replicas.supersededAt[at] = orNone(state.supersededAt(slot));
    replicas.releasedAt[at] = orNone(state.releasedAt(slot));
    replicas.readableUntil[at] = orNone(state.readableUntil(slot));
    replicas.missingSince[at] = state.missingSince(slot);
    replicas.named[at] = state.isNamed(slot);
    replicas.diskGone[at] = state.isDiskGone(slot);
  }

  // Parts are an inventory once complete; the newer of two sendings may not be.
  private void noteSending(int worker, PendingReport report) {
    if (!report.isPart()) {
      return;
    }
    List<PendingReport> pending = state.pendingReports(workerPositions[worker]);
    long parts = pending.stream().filter(other -> other.isPartOf(report.number())).count();
    workers.sending[worker] = report.number();
    workers.sendingIsOpen[worker] = parts < report.of();
    workers.inventoryPending[worker] |= parts == report.of();
  }

  // A pending inventory is only flagged: it may rewrite all of the worker's books.
  private void takeReportsIn() {
    boolean[] reported = new boolean[workers.count];
    boolean hasReports = false;
    for (int worker = 0; worker < workers.count; worker++) {
      for (PendingReport report : state.pendingReports(workerPositions[worker])) {
        reported[worker] = true;
        hasReports = true;
        workers.inventoryPending[worker] |= report.kind() == PendingReport.Kind.INVENTORY;
        noteSending(worker, report);
        if (report.kind() == PendingReport.Kind.APPLIED) {
          workers.lastApplied[worker] = report.assignment();
          workers.caughtUp[worker] |= report.assignment() >= state.watermark();
        }
      }
    }
    for (int replica = 0; hasReports && replica < replicas.count; replica++) {
      if (reported[replicas.worker[replica]]) {
        takeReportsIn(replica);
      }
    }
  }

  private void takeReportsIn(int replica) {
    int worker = workerPositions[replicas.worker[replica]];
    int position = positions[replicas.chunk[replica]];
    boolean missing = replicas.missingSince[replica] != FleetSnapshot.NONE;
    for (PendingReport report : state.pendingReports(worker)) {
      boolean listed = !report.chunks().isEmpty() && lists(report, state.chunkNumber(position));
      if (report.kind() == PendingReport.Kind.APPLIED) {
        missing = listed;
      } else if (report.kind() == PendingReport.Kind.LOST) {
        missing |= listed;
      }
    }
    boolean was = replicas.missingSince[replica] != FleetSnapshot.NONE;
    if (missing != was) {
      replicas.missingSince[replica] = missing ? state.largestTick().value() : FleetSnapshot.NONE;
    }
  }

  private boolean lists(PendingReport report, @Nullable ChunkNumber number) {
    return number != null
        && listed.computeIfAbsent(report, it -> new HashSet<>(it.chunks())).contains(number);
  }

  private SwapColumns swaps(List<SwapRow> all) {
    SwapColumns columns = new SwapColumns(all.size());
    for (int swap = 0; swap < all.size(); swap++) {
      SwapRow row = all.get(swap);
      columns.id[swap] = row.id();
      columns.state[swap] = codeOf(row.state());
      columns.oldSide[swap] = positions(row.oldChunks());
      columns.newSide[swap] = positions(row.newChunks());
    }
    return columns;
  }

  private int[] positions(List<ChunkKey> keys) {
    int[] side = new int[keys.size()];
    Arrays.setAll(
        side,
        i -> {
          int position = state.chunkPosition(keys.get(i));
          return position < 0 ? -1 : Math.max(-1, Arrays.binarySearch(positions, position));
        });
    return side;
  }

  private static long orNone(long zeroForNone) {
    return zeroForNone == 0 ? FleetSnapshot.NONE : zeroForNone;
  }

  private static byte codeOf(SwapState state) {
    return switch (state) {
      case PENDING -> SwapColumns.PENDING;
      case FIRED -> SwapColumns.FIRED;
      case CANCELLED -> SwapColumns.CANCELLED;
    };
  }

  private static byte codeOf(ChunkState state) {
    return switch (state) {
      case OFFERED -> ChunkColumns.OFFERED;
      case REJECTED -> ChunkColumns.REJECTED;
      case ADMITTED -> ChunkColumns.ADMITTED;
      case VISIBLE -> ChunkColumns.VISIBLE;
      case DROPPED -> ChunkColumns.DROPPED;
      case TOMBSTONE -> ChunkColumns.TOMBSTONE;
    };
  }
}
