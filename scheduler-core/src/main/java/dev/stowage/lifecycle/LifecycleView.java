package dev.stowage.lifecycle;

import dev.stowage.answer.ChunkStatus.ChunkState;
import dev.stowage.command.Annex;
import dev.stowage.command.PlacementWish;
import dev.stowage.config.HoldUntil;
import dev.stowage.config.LifecycleConfig;
import dev.stowage.lifecycle.documents.PortalAssignment;
import dev.stowage.lifecycle.documents.Publisher;
import dev.stowage.lifecycle.documents.RetainedAssignments;
import dev.stowage.lifecycle.documents.WorkerAssignment;
import dev.stowage.lifecycle.planning.Takers;
import dev.stowage.lifecycle.rows.ChangeSet;
import dev.stowage.lifecycle.rows.ChunkRow;
import dev.stowage.lifecycle.rows.FleetRow;
import dev.stowage.lifecycle.rows.SwapRow;
import dev.stowage.lifecycle.rows.WorkerRow;
import dev.stowage.lifecycle.state.ChunkTable;
import dev.stowage.lifecycle.state.FleetPressure;
import dev.stowage.lifecycle.state.Hold;
import dev.stowage.lifecycle.state.PendingReports;
import dev.stowage.lifecycle.state.RowLoader;
import dev.stowage.lifecycle.state.SlidSegments;
import dev.stowage.lifecycle.state.SwapTable;
import dev.stowage.lifecycle.state.Tables;
import dev.stowage.model.BlockRange;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.ChunkNumber;
import dev.stowage.model.DatasetId;
import dev.stowage.model.Eligibility;
import dev.stowage.model.Incarnation;
import dev.stowage.model.Lineage;
import dev.stowage.model.PortalAssignmentId;
import dev.stowage.model.Tick;
import dev.stowage.model.Worker;
import dev.stowage.model.WorkerAssignmentId;
import dev.stowage.model.WorkerId;
import dev.stowage.pressure.PressureSnapshot.PressureBand;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.IntConsumer;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads a state as consumed by cycles; methods named <i>reported</i> include later reports.
 * Positions are stable while rows live, slots until the next command; neither is checked. Any
 * thread may read a {@link LifecycleSnapshot}, only its writer a {@link LifecycleState}.
 */
public abstract sealed class LifecycleView permits LifecycleState, LifecycleSnapshot {
  /** The value for no position and no slot. */
  public static final int NONE = -1;

  LifecycleView() {}

  /** Returns the rows, for what computes answers; not to be changed. */
  @SuppressWarnings("exports") // for packages that are not exported either
  public abstract Tables tables();

  abstract Publisher.Shown shown();

  // --- chunks

  /** Returns one more than the largest chunk position in use. */
  public final int chunkLimit() {
    return tables().chunks.limit();
  }

  /** Returns the number of chunk rows. */
  public final int chunkCount() {
    return tables().chunks.count();
  }

  /** Reports whether a chunk row is at this position. */
  public final boolean isChunk(int chunk) {
    return tables().chunks.exists(chunk);
  }

  /** Returns the position of a chunk, or {@link #NONE}. */
  public final int chunkPosition(ChunkKey key) {
    return tables().chunks.find(key);
  }

  /** Returns the position of the chunk with this number, or {@link #NONE}. */
  public final int chunkPosition(ChunkNumber number) {
    return tables().chunks.find(number);
  }

  /** Visits the position of every chunk row in canonical order. */
  public final void forEachChunk(IntConsumer visitor) {
    tables().chunks.forEachCanonically(visitor);
  }

  /** Visits the chunks of one dataset in the order of (first block, chunk id). */
  public final void forEachChunkOf(DatasetId dataset, IntConsumer visitor) {
    int number = tables().chunks.dataset(dataset);
    if (number >= 0) {
      tables().chunks.order(number).forEach(visitor);
    }
  }

  /** Returns the last live chunks of a dataset, at most {@code most}, last first. */
  public final int[] newestChunks(DatasetId dataset, int most) {
    int number = tables().chunks.dataset(dataset);
    return number < 0 ? new int[0] : tables().chunks.order(number).last(most, this::isLive);
  }

  /** Reports whether another visible or live chunk shares a block with {@code chunk}. */
  public final boolean overlapsAnother(int chunk) {
    ChunkTable chunks = tables().chunks;
    BlockRange range = chunks.facts.range(chunk);
    return chunks
            .liveOrderOf(chunk)
            .firstOverlap(range.first(), range.last(), chunks.facts, other -> other != chunk)
        >= 0;
  }

  /** Visits the visible or live chunks of a known dataset that share a block with a range. */
  public final void forEachOverlapping(DatasetId dataset, BlockRange range, IntConsumer visitor) {
    ChunkTable chunks = tables().chunks;
    chunks
        .liveOrder(chunks.dataset(dataset))
        .firstOverlap(
            range.first(),
            range.last(),
            chunks.facts,
            chunk -> {
              visitor.accept(chunk);
              return false;
            });
  }

  /**
   * Returns at most {@code most} chunks, at least 1, in canonical order after {@code place},
   * present or not, whose first block is {@code first}; from the beginning if {@code place} is
   * null.
   */
  public final int[] chunksBehind(@Nullable ChunkKey place, long first, int most) {
    ChunkTable chunks = tables().chunks;
    int[] next = new int[Math.min(most, chunks.count())];
    int size = 0;
    for (int dataset : chunks.datasetOrder()) {
      int order = place == null ? 1 : chunks.datasets().get(dataset).compareTo(place.dataset());
      if (order == 0 && place != null) {
        size = chunks.order(dataset).fillBehind(first, place.id(), chunks.facts, next, size);
      } else if (order > 0) {
        size = chunks.order(dataset).fill(next, size);
      }
      if (size == next.length) {
        return next;
      }
    }
    return java.util.Arrays.copyOf(next, size);
  }

  /** Visits at least the chunks whose row or replicas differ from {@code older}. */
  public final void forEachChangedChunk(LifecycleView older, IntConsumer visitor) {
    tables().chunks.forEachChanged(older.tables().chunks, visitor);
    tables().replicas.forEachChangedChunk(older.tables().replicas, visitor);
  }

  /** Returns every dataset with a chunk row, ended ones included, in canonical order. */
  public final List<DatasetId> datasets() {
    List<DatasetId> all = new ArrayList<>();
    for (int dataset : tables().chunks.datasetOrder()) {
      if (tables().chunks.order(dataset).size() > 0) {
        all.add(tables().chunks.datasets().get(dataset));
      }
    }
    return all;
  }

  /** Returns the key of a chunk. */
  public final ChunkKey chunkKey(int chunk) {
    return tables().chunks.facts.key(chunk);
  }

  /** Returns the dataset of a chunk. */
  public final DatasetId chunkDataset(int chunk) {
    ChunkTable chunks = tables().chunks;
    return chunks.datasets().get(chunks.facts.dataset(chunk));
  }

  /** Returns the blocks of a chunk. */
  public final BlockRange chunkRange(int chunk) {
    return tables().chunks.facts.range(chunk);
  }

  /** Returns the size of a chunk in bytes. */
  public final long chunkSizeBytes(int chunk) {
    return tables().chunks.facts.sizeBytes(chunk);
  }

  /** Returns the state of a chunk. */
  public final ChunkState chunkState(int chunk) {
    return tables().chunks.stateOf(chunk);
  }

  /** Reports whether a chunk has a removal mark. */
  public final boolean isMarked(int chunk) {
    return tables().chunks.isMarked(chunk);
  }

  /** Reports whether a chunk is live: admitted or visible, and not marked. */
  public final boolean isLive(int chunk) {
    return tables().chunks.isLive(chunk);
  }

  /** Reports whether a worker assignment has named the chunk; otherwise the chunk is new. */
  public final boolean isEstablished(int chunk) {
    return tables().chunks.isEstablished(chunk);
  }

  /** Reports whether any worker has ever possessed the chunk. */
  public final boolean isOncePossessed(int chunk) {
    return tables().chunks.isOncePossessed(chunk);
  }

  /** Returns the number of a chunk; null before admission and for rejected chunks. */
  public final @Nullable ChunkNumber chunkNumber(int chunk) {
    return tables().chunks.facts.number(chunk);
  }

  /** Returns the tick of a chunk's admission, or of its offer before that. */
  public final long admittedTick(int chunk) {
    return tables().chunks.admitted(chunk);
  }

  /** Returns {@link ChunkRow#endTick} of a chunk. */
  public final long endTick(int chunk) {
    return tables().chunks.end(chunk);
  }

  /** Returns the workers that may hold a chunk by its own demands and the weight policy. */
  public final Eligibility eligibility(int chunk) {
    return tables().rules.eligibility(chunk);
  }

  /** Returns the floor of a chunk under the current configuration. */
  public final int floor(int chunk) {
    return tables().rules.floor(chunk);
  }

  /**
   * Visits chunks whose floor and weight may differ because their dataset's last block moved since
   * {@code seen}, which is updated, and all chunks of datasets that it lacks.
   */
  public final void forEachSlid(Map<DatasetId, Long> seen, IntConsumer visitor) {
    new SlidSegments(seen).visitAll(tables(), visitor);
  }

  /** Returns the weight of a chunk under the current configuration. */
  public final int weight(int chunk) {
    return tables().rules.weight(chunk);
  }

  /** Returns the row of a chunk. */
  public final ChunkRow chunkRow(int chunk) {
    return tables().chunks.row(chunk);
  }

  /** Returns the number of chunks that wait for their first placement. */
  public final long waitingChunks() {
    return tables().waitingChunks();
  }

  /** Returns the bytes that wait for their first placement. */
  public final long waitingBytes() {
    return tables().waitingBytes();
  }

  // --- replicas

  /** Returns the number of replicas. */
  public final int replicaCount() {
    return tables().replicas.count();
  }

  /** Returns one more than the largest slot in use. */
  public final int replicaLimit() {
    return tables().replicas.limit();
  }

  /** Visits the slot of every replica, in no order. */
  public final void forEachReplica(IntConsumer visitor) {
    Tables tables = tables();
    for (int chunk = 0; chunk < tables.chunks.limit(); chunk++) {
      if (tables.chunks.exists(chunk)) {
        for (int slot = firstReplica(chunk); slot != NONE; slot = nextReplica(slot)) {
          visitor.accept(slot);
        }
      }
    }
  }

  /** Returns the first replica of a chunk in the order of worker ids, or {@link #NONE}. */
  public final int firstReplica(int chunk) {
    return tables().chunks.firstReplica(chunk);
  }

  /** Returns the next replica of the chunk of this replica, or {@link #NONE}. */
  public final int nextReplica(int slot) {
    return tables().replicas.next(slot);
  }

  /** Returns the first replica on a worker, in no order, or {@link #NONE}. */
  public final int firstReplicaOn(int worker) {
    return tables().workers.firstReplica(worker);
  }

  /** Returns the next replica on the worker of this replica, or {@link #NONE}. */
  public final int nextReplicaOn(int slot) {
    return tables().replicas.nextOfWorker(slot);
  }

  /** Returns the replica of a chunk on a worker, or {@link #NONE}. */
  public final int findReplica(int chunk, int worker) {
    return tables().replicas.find(chunk, worker, tables().chunks);
  }

  /** Returns the chunk of a replica. */
  public final int replicaChunk(int slot) {
    return tables().replicas.chunk(slot);
  }

  /** Returns the worker of a replica. */
  public final int replicaWorker(int slot) {
    return tables().replicas.worker(slot);
  }

  /** Returns the state of a replica. */
  public final ReplicaState replicaState(int slot) {
    return tables().replicas.stateOf(slot);
  }

  /** Returns the worker assignment in which a replica first appeared. */
  public final long since(int slot) {
    return tables().replicas.since(slot);
  }

  /** Returns why a replica came to its worker. */
  public final Origin origin(int slot) {
    return tables().replicas.origin(slot);
  }

  /** Returns the worker assignment that stopped wanting a replica, 0 for none. */
  public final long supersededAt(int slot) {
    return tables().replicas.superseded(slot);
  }

  /** Returns the portal assignment in which a replica was released, 0 for none. */
  public final long releasedAt(int slot) {
    return tables().replicas.released(slot);
  }

  /** Returns the tick at which the window of a replica ends, 0 for none. */
  public final long readableUntil(int slot) {
    return tables().replicas.readableUntil(slot);
  }

  /** Returns the tick since which a replica is missing, -1 if it is not. */
  public final long missingSince(int slot) {
    return tables().replicas.missingSince(slot);
  }

  /** Reports whether the worker reported that it lacks the bytes. */
  public final boolean isMissing(int slot) {
    return tables().replicas.isMissing(slot);
  }

  /** Reports whether the newest portal assignment names a replica. */
  public final boolean isNamed(int slot) {
    return tables().replicas.isNamed(slot);
  }

  /** Returns the workers whose gone or worthless replicas of a chunk are routed yet, ascending. */
  public final List<WorkerId> goneNames(int chunk) {
    return tables().chunks.goneNames(chunk);
  }

  /** Reports whether the worker's disk was replaced while the replica was not wanted. */
  public final boolean isDiskGone(int slot) {
    return tables().replicas.isDiskGone(slot);
  }

  /** Reports whether the worker has proved that it has the bytes. */
  public final boolean possessed(int slot) {
    return tables().rules.possessed(slot);
  }

  /** Reports whether a report that counts under the policy covers a replica. */
  public final boolean confirmed(int slot) {
    return tables().rules.confirmed(slot);
  }

  /** Reports whether the next portal assignment would name a replica. */
  public final boolean routed(int slot) {
    return tables().rules.routed(slot);
  }

  /** Reports whether a portal that obeys the contract may still ask for a replica. */
  public final boolean readable(int slot, long nowTick) {
    return tables().rules.readable(slot, nowTick);
  }

  /** Reports {@link #possessed} with the reports that no cycle has consumed. */
  public final boolean reportedPossessed(int slot) {
    return PendingReports.possessed(tables(), slot);
  }

  /** Returns what plans of this state allow moves of replicas. */
  public final MoveRules moveRules() {
    return new Takers(tables());
  }

  // --- workers

  /** Returns one more than the largest worker position in use. */
  public final int workerLimit() {
    return tables().workers.limit();
  }

  /** Returns the number of worker rows. */
  public final int workerCount() {
    return tables().workers.count();
  }

  /** Reports whether a worker row is at this position. */
  public final boolean isWorker(int worker) {
    return tables().workers.exists(worker);
  }

  /** Returns the position of a worker, or {@link #NONE}. */
  public final int workerPosition(WorkerId id) {
    return tables().workers.find(id);
  }

  /** Visits the position of every worker row in the order of ids. */
  public final void forEachWorker(IntConsumer visitor) {
    for (int worker : tables().workers.order()) {
      visitor.accept(worker);
    }
  }

  /** Returns the id of a worker. */
  public final WorkerId workerId(int worker) {
    return tables().workers.entry(worker).id();
  }

  /** Returns the description of a worker with its effective status. */
  public final Worker worker(int worker) {
    WorkerRow entry = tables().workers.entry(worker);
    return entry.description().withStatus(entry.status());
  }

  /** Returns the zone path of a worker, or its id if it has none. */
  public final String zone(int worker) {
    return tables().workers.entry(worker).description().zone();
  }

  /** Returns the row of a worker. */
  public final WorkerRow workerRow(int worker) {
    return tables().workers.row(worker);
  }

  /** Reports whether portals may be routed to a worker. */
  public final boolean isPresent(int worker) {
    return tables().workers.entry(worker).isPresent();
  }

  /** Reports whether a worker counts for gates and deletions. */
  public final boolean isCounted(int worker) {
    return tables().workers.entry(worker).isCounted();
  }

  /** Reports whether a worker takes new replicas: registered, no inventory owed, status. */
  public final boolean isPlaceable(int worker) {
    return tables().workers.entry(worker).isPlaceable();
  }

  /** Reports whether a worker owes its inventory. */
  public final boolean owesInventory(int worker) {
    return tables().workers.entry(worker).owesInventory();
  }

  /** Returns the incarnation of a worker's disk. */
  public final Incarnation incarnation(int worker) {
    return tables().workers.entry(worker).incarnation();
  }

  /** Returns the newest assignment a worker applied, as consumed; -1 for none. */
  public final long lastApplied(int worker) {
    return tables().workers.entry(worker).lastApplied();
  }

  /** Returns the newest assignment a worker applied, unconsumed reports included; -1 for none. */
  public final long reportedApplied(int worker) {
    return PendingReports.applied(tables().workers.entry(worker));
  }

  /** Returns the bytes of all replicas on a worker, draining included. */
  public final long footprintBytes(int worker) {
    return tables().workers.footprintBytes(worker).saturated();
  }

  /** Returns the number of replicas on a worker. */
  public final int replicasOn(int worker) {
    return tables().workers.replicas(worker);
  }

  // --- swaps

  /** Returns the row of a swap, if it is kept. */
  public final Optional<SwapRow> swap(long id) {
    return Optional.ofNullable(tables().swaps.row(id));
  }

  /** Returns the swap, pending or ended, that has a chunk on its new side. */
  public final OptionalLong swapOf(ChunkKey newChunk) {
    int chunk = chunkPosition(newChunk);
    long id = chunk < 0 ? 0 : tables().swaps.producing(chunk);
    return id == 0 ? OptionalLong.empty() : OptionalLong.of(id);
  }

  /** Visits the pending swaps with a chunk on either side. */
  public final void forEachPendingSwapOf(int chunk, LongConsumer visitor) {
    SwapTable swaps = tables().swaps;
    if (swaps.hasPending()) {
      for (long id : new long[] {swaps.replacing(chunk), swaps.pendingProducing(chunk)}) {
        if (id != 0) {
          visitor.accept(id);
        }
      }
    }
  }

  /** Returns the pending swaps, ascending. */
  public final List<SwapRow> pendingSwaps() {
    List<SwapRow> rows = new ArrayList<>();
    for (long id : tables().swaps.pending()) {
      swap(id).ifPresent(rows::add);
    }
    return rows;
  }

  /** Returns all swaps with rows, ascending. */
  public final List<SwapRow> swaps() {
    List<SwapRow> rows = new ArrayList<>();
    tables().swaps.all().forEach(rows::add);
    return rows;
  }

  // --- the fleet

  /** Returns the configuration. */
  public final LifecycleConfig config() {
    return tables().fleet.config();
  }

  /** Returns the version of the configuration, which counts accepted changes from 1. */
  public final long configVersion() {
    return tables().fleet.configVersion();
  }

  /** Returns the newest worker assignment; 0 before the first. */
  public final WorkerAssignmentId newestWorkerAssignment() {
    return WorkerAssignmentId.of(tables().fleet.workerAssignment());
  }

  /** Returns the newest portal assignment; 0 before the first. */
  public final PortalAssignmentId newestPortalAssignment() {
    return PortalAssignmentId.of(tables().fleet.portalAssignment());
  }

  /** Returns the confirmation watermark. */
  public final long watermark() {
    return tables().fleet.watermark();
  }

  /** Returns the current lineage. */
  public final Lineage lineage() {
    return tables().fleet.lineage();
  }

  /** Reports whether the pause after the current lineage began holds all deletions at this tick. */
  public final boolean isPaused(long nowTick) {
    return tables().fleet.isPaused(nowTick);
  }

  /** Returns the largest tick of any cycle. */
  public final Tick largestTick() {
    return Tick.of(tables().fleet.largestTick());
  }

  /** Returns the number of cycles called with a smaller tick than the largest. */
  public final long backwardTicks() {
    return tables().fleet.backwardTicks();
  }

  /** Returns M in ticks for a window from this tick, longer than configured after a reduction. */
  public final long windowTicks(long atTick) {
    return tables().fleet.windowAt(atTick);
  }

  /** Returns the pins and bans, in {@link PlacementWish#ORDER}. */
  public final List<PlacementWish> wishes() {
    return tables().fleet.wishes();
  }

  /** Returns the number of accepted changes of wishes and of the freeze. */
  public final long wishesVersion() {
    return tables().fleet.wishesVersion();
  }

  /** Reports whether growth and moves are switched off. */
  public final boolean isFrozen() {
    return tables().fleet.frozen();
  }

  /** Returns the band of pressure of a plan at a tick. */
  public final PressureBand pressureAt(long tick) {
    return FleetPressure.bandAt(tables(), tick);
  }

  /**
   * Returns the floor below which a chunk counts as short: the former one while a raised one is not
   * met by all chunks of its segment.
   */
  public final int formerFloor(int chunk) {
    return tables().rules.formerFloor(chunk);
  }

  /** Returns what placing waits for ({@link LifecycleConfig#holdUntil}); empty if it does not. */
  public final Optional<HoldUntil.Wait> held() {
    return Hold.of(tables());
  }

  /** Returns the annex of this kind. */
  public final Optional<Annex> annex(String kind) {
    return Optional.ofNullable(tables().fleet.annexes().get(kind));
  }

  /** Returns the value that the fleet keeps; throws like {@link KeptValue#of}. */
  public final <T> T kept(KeptValue<T> value) {
    return tables().fleet.kept(value);
  }

  /** Returns the fleet's row. */
  public final FleetRow fleetRow() {
    return tables().fleet;
  }

  /** Returns the sum of all row hashes, kept incrementally; equal states have equal digests. */
  public final long digest() {
    return tables().digest;
  }

  /** Returns what the row of a chunk adds to {@link #digest}. */
  public final long digestOfChunk(int chunk) {
    return tables().chunks.rowHash(chunk);
  }

  /** Returns the digest computed from every row, which equals {@link #digest}. */
  public final long fullDigest() {
    return tables().fullDigest();
  }

  // --- published documents

  /** Returns the newest worker assignment. */
  public WorkerAssignment workerAssignment() {
    return shown().workers();
  }

  /** Returns the newest portal assignment. */
  public PortalAssignment portalAssignment() {
    return shown().portals();
  }

  /**
   * Returns the ticks for which a portal may use routes that it asks for now: the drain window,
   * less the allowed skew once a clock of the store was read, since a leader may be ahead of it.
   */
  public final long portalWindowTicks() {
    return tables().fleet.portalWindowTicks();
  }

  /** Returns the workers whose newest band is at least {@code HIGH}, in the order of ids. */
  public List<WorkerId> strainedWorkers() {
    return shown().strained();
  }

  /**
   * Returns the retained assignments, oldest first, the newest included, to be passed to {@link
   * LifecycleState#load}.
   */
  public final RetainedAssignments retainedAssignments() {
    return shown().retained();
  }

  /** Returns all rows as {@link LifecycleState#load} takes them. */
  public final ChangeSet.Parts rows() {
    return RowLoader.rows(tables());
  }
}
