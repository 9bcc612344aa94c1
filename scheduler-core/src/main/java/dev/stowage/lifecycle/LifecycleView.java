package dev.stowage.lifecycle;

import dev.stowage.lifecycle.rows.ChunkRow;
import dev.stowage.lifecycle.rows.FleetRow;
import dev.stowage.lifecycle.rows.PendingReport;
import dev.stowage.lifecycle.rows.SwapRow;
import dev.stowage.lifecycle.rows.WorkerRow;
import dev.stowage.lifecycle.state.ChunkFacts;
import dev.stowage.lifecycle.state.ChunkTable;
import dev.stowage.lifecycle.state.FleetPressure;
import dev.stowage.lifecycle.state.PendingReports;
import dev.stowage.lifecycle.state.SlidSegments;
import dev.stowage.lifecycle.state.SwapTable;
import dev.stowage.lifecycle.state.Tables;
import dev.stowage.lifecycle.state.WorkerEntry;
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
import dev.stowage.pressure.PressureBand;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.IntConsumer;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads a fleet's state: by position for whoever walks all of it, by key for whoever asks about one
 * thing. Positions (of chunks and workers) are kept while their rows live; slots (of replicas) are
 * good until the next command. Everything is the state as cycles have consumed it; what workers
 * reported since is in the methods that say <i>reported</i>.
 *
 * <p>A {@link LifecycleSnapshot} is immutable and may be read by any thread; a {@link
 * LifecycleState} only by the thread that writes it. Methods that take a position or a slot do not
 * check it.
 */
public abstract sealed class LifecycleView permits LifecycleState, LifecycleSnapshot {
  /** No position, no slot. */
  public static final int NONE = -1;

  /** Only this package makes views. */
  LifecycleView() {}

  abstract Tables tables();

  // --- chunks

  /** One more than the largest chunk position in use. */
  public final int chunkLimit() {
    return tables().chunks.limit();
  }

  /** The number of chunk rows. */
  public final int chunkCount() {
    return tables().chunks.count();
  }

  /** Whether a row is at this position. */
  public final boolean isChunk(int chunk) {
    return tables().chunks.exists(chunk);
  }

  /** The position of a chunk, or {@link #NONE}. */
  public final int chunkPosition(ChunkKey key) {
    return tables().chunks.find(key);
  }

  /** The position of the chunk with this number, or {@link #NONE}. */
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

  /**
   * Visits the chunks that portals see or that own their range, and share a block with this one, it
   * excluded. Costs what lies around it.
   */
  public final void forEachOverlapping(int chunk, IntConsumer visitor) {
    ChunkTable chunks = tables().chunks;
    BlockRange range = chunks.facts.range(chunk);
    chunks
        .liveOrderOf(chunk)
        .firstOverlap(
            range.first(),
            range.last(),
            other -> {
              if (other != chunk) {
                visitor.accept(other);
              }
              return false;
            });
  }

  /**
   * The next chunks in canonical order.
   *
   * @param place the chunk behind which they come, there or not; null for the first of all
   * @param first its first block
   * @param most how many are given at most, at least 1
   * @return their positions; fewer than {@code most} if these are the last
   */
  public final int[] chunksBehind(@Nullable ChunkKey place, long first, int most) {
    ChunkTable chunks = tables().chunks;
    int[] next = new int[Math.min(most, chunks.count())];
    int size = 0;
    for (int dataset : chunks.datasetOrder()) {
      int order = place == null ? 1 : chunks.datasets().get(dataset).compareTo(place.dataset());
      if (order == 0 && place != null) {
        size = chunks.order(dataset).fillBehind(first, place.id(), next, size);
      } else if (order > 0) {
        size = chunks.order(dataset).fill(next, size);
      }
      if (size == next.length) {
        return next;
      }
    }
    return java.util.Arrays.copyOf(next, size);
  }

  /**
   * Visits the position of every chunk that came or went, or whose row, or the row of one of whose
   * replicas, is not what it is in {@code older}; some more than once, and maybe some that are the
   * same. Costs little where few rows changed: copies of one state share the others.
   */
  public final void forEachChangedChunk(LifecycleView older, IntConsumer visitor) {
    tables().chunks.forEachChanged(older.tables().chunks, visitor);
    tables().replicas.forEachChangedChunk(older.tables().replicas, visitor);
  }

  /** Every dataset that has the row of a chunk, ended ones included, in canonical order. */
  public final List<DatasetId> datasets() {
    List<DatasetId> all = new ArrayList<>();
    for (int dataset : tables().chunks.datasetOrder()) {
      if (tables().chunks.order(dataset).size() > 0) {
        all.add(tables().chunks.datasets().get(dataset));
      }
    }
    return all;
  }

  /** The key of a chunk. */
  public final ChunkKey chunkKey(int chunk) {
    return tables().chunks.facts.key(chunk);
  }

  /**
   * The key of a chunk: {@code likely} itself where that is it, so that whoever reads a state again
   * and again makes each key once.
   */
  public final ChunkKey chunkKey(int chunk, ChunkKey likely) {
    ChunkFacts facts = tables().chunks.facts;
    return facts.hasKey(chunk, likely) ? likely : facts.key(chunk);
  }

  /** The dataset of a chunk. */
  public final DatasetId chunkDataset(int chunk) {
    ChunkTable chunks = tables().chunks;
    return chunks.datasets().get(chunks.facts.dataset(chunk));
  }

  /** The blocks of a chunk. */
  public final BlockRange chunkRange(int chunk) {
    return tables().chunks.facts.range(chunk);
  }

  /** The size of a chunk. */
  public final long chunkSizeBytes(int chunk) {
    return tables().chunks.facts.sizeBytes(chunk);
  }

  /** The state of a chunk. */
  public final ChunkState chunkState(int chunk) {
    return tables().chunks.stateOf(chunk);
  }

  /** Whether a removal mark stands on a chunk. */
  public final boolean isMarked(int chunk) {
    return tables().chunks.isMarked(chunk);
  }

  /** Whether a chunk is live: admitted or visible, and not marked. */
  public final boolean isLive(int chunk) {
    return tables().chunks.isLive(chunk);
  }

  /** Whether a worker assignment has named the chunk; a chunk that is not established is new. */
  public final boolean isEstablished(int chunk) {
    return tables().chunks.isEstablished(chunk);
  }

  /** Whether some worker has possessed the chunk at some time. */
  public final boolean isOncePossessed(int chunk) {
    return tables().chunks.isOncePossessed(chunk);
  }

  /** The number of a chunk; null before admission and for rejected ones. */
  public final @Nullable ChunkNumber chunkNumber(int chunk) {
    return tables().chunks.facts.number(chunk);
  }

  /** The tick of a chunk's admission (of its offer, while it is not admitted). */
  public final long admittedTick(int chunk) {
    return tables().chunks.admitted(chunk);
  }

  /** {@link ChunkRow#endTick} of a chunk. */
  public final long endTick(int chunk) {
    return tables().chunks.end(chunk);
  }

  /** Who may hold a chunk: what it asks for, and what the weight policy does. */
  public final Eligibility eligibility(int chunk) {
    return tables().rules.eligibility(chunk);
  }

  /** The floor of a chunk under the present configuration. */
  public final int floor(int chunk) {
    return tables().rules.floor(chunk);
  }

  /**
   * Visits the positions of chunks whose floor and weight may be others because the last block of
   * their dataset moved.
   *
   * @param seen the last block of each dataset at the visit before; kept up to date. All chunks of
   *     a dataset that is not in it are visited
   */
  public final void forEachSlid(Map<DatasetId, Long> seen, IntConsumer visitor) {
    new SlidSegments(seen).visitAll(tables(), visitor);
  }

  /** The weight of a chunk under the present configuration. */
  public final int weight(int chunk) {
    return tables().rules.weight(chunk);
  }

  /** Everything stored about a chunk. */
  public final ChunkRow chunkRow(int chunk) {
    return tables().chunks.row(chunk);
  }

  /** Chunks that wait for their first placement. */
  public final long waitingChunks() {
    return tables().waitingChunks();
  }

  /** Bytes that wait for their first placement. */
  public final long waitingBytes() {
    return tables().waitingBytes();
  }

  // --- replicas

  /** The number of replicas. */
  public final int replicaCount() {
    return tables().replicas.count();
  }

  /** Visits the slot of every replica, in no order. */
  public final void forEachReplica(IntConsumer visitor) {
    tables().replicas.forEach(visitor);
  }

  /** The first replica of a chunk, or {@link #NONE}; they are ordered by worker id. */
  public final int firstReplica(int chunk) {
    return tables().chunks.firstReplica(chunk);
  }

  /** The next replica of the same chunk, or {@link #NONE}. */
  public final int nextReplica(int slot) {
    return tables().replicas.next(slot);
  }

  /** The first replica on a worker, or {@link #NONE}; they are in no order. */
  public final int firstReplicaOn(int worker) {
    return tables().workers.entry(worker).firstReplica;
  }

  /** The next replica on the same worker, or {@link #NONE}. */
  public final int nextReplicaOn(int slot) {
    return tables().replicas.nextOfWorker(slot);
  }

  /** The replica of a chunk on a worker, or {@link #NONE}. */
  public final int findReplica(int chunk, int worker) {
    return tables().replicas.find(chunk, worker, tables().chunks);
  }

  /** The chunk of a replica. */
  public final int replicaChunk(int slot) {
    return tables().replicas.chunk(slot);
  }

  /** The worker of a replica. */
  public final int replicaWorker(int slot) {
    return tables().replicas.worker(slot);
  }

  /** The state of a replica. */
  public final ReplicaState replicaState(int slot) {
    return tables().replicas.stateOf(slot);
  }

  /** The worker assignment in which a replica first appeared. */
  public final long since(int slot) {
    return tables().replicas.since(slot);
  }

  /** The worker assignment that stopped wanting a replica, 0 for none. */
  public final long supersededAt(int slot) {
    return tables().replicas.superseded(slot);
  }

  /** The portal assignment in which a replica was released, 0 for none. */
  public final long releasedAt(int slot) {
    return tables().replicas.released(slot);
  }

  /** The tick at which the window of a replica ends, 0 for none. */
  public final long readableUntil(int slot) {
    return tables().replicas.readableUntil(slot);
  }

  /** Since which tick a replica is missing, -1 if it is not. */
  public final long missingSince(int slot) {
    return tables().replicas.missingSince(slot);
  }

  /** Whether the worker said that it has not got the bytes. */
  public final boolean isMissing(int slot) {
    return tables().replicas.isMissing(slot);
  }

  /** Whether the newest portal assignment names a replica. */
  public final boolean isNamed(int slot) {
    return tables().replicas.isNamed(slot);
  }

  /**
   * Whether the newest portal assignment names a replica of a chunk that is gone, or whose worker's
   * disk was replaced since.
   */
  public final boolean hasStaleRoutes(int chunk) {
    return tables().chunks.hasStaleRoutes(chunk);
  }

  /**
   * Workers that the newest portal assignment names for replicas that are gone or worthless,
   * ascending.
   */
  public final List<WorkerId> goneNames(int chunk) {
    return tables().chunks.goneNames(chunk);
  }

  /** Whether the worker's disk was replaced while the replica was not wanted. */
  public final boolean isDiskGone(int slot) {
    return tables().replicas.isDiskGone(slot);
  }

  /** Whether the worker has proved that it has the bytes. */
  public final boolean possessed(int slot) {
    return tables().rules.possessed(slot);
  }

  /** Whether a report that counts under the policy covers a replica. */
  public final boolean confirmed(int slot) {
    return tables().rules.confirmed(slot);
  }

  /** Whether the next portal assignment would name a replica. */
  public final boolean routed(int slot) {
    return tables().rules.routed(slot);
  }

  /** Whether some portal that obeys the contract may still ask for a replica. */
  public final boolean readable(int slot, long nowTick) {
    return tables().rules.readable(slot, nowTick);
  }

  /** Like {@link #possessed}, with the reports that no cycle has consumed. */
  public final boolean reportedPossessed(int slot) {
    return PendingReports.possessed(tables(), slot);
  }

  // --- workers

  /** One more than the largest worker position in use. */
  public final int workerLimit() {
    return tables().workers.limit();
  }

  /** The number of worker rows. */
  public final int workerCount() {
    return tables().workers.count();
  }

  /** Whether a row is at this position. */
  public final boolean isWorker(int worker) {
    return tables().workers.exists(worker);
  }

  /** The position of a worker, or {@link #NONE}. */
  public final int workerPosition(WorkerId id) {
    return tables().workers.find(id);
  }

  /** Visits the position of every worker row in the order of ids. */
  public final void forEachWorker(IntConsumer visitor) {
    for (int worker : tables().workers.order()) {
      visitor.accept(worker);
    }
  }

  /** The id of a worker. */
  public final WorkerId workerId(int worker) {
    return tables().workers.entry(worker).description.id();
  }

  /** A worker as it is described, with the status that rules. */
  public final Worker worker(int worker) {
    WorkerEntry entry = tables().workers.entry(worker);
    return entry.description.withStatus(entry.status());
  }

  /** Returns the zone path of a worker; its id where it has none. */
  public final String zone(int worker) {
    return tables().workers.entry(worker).description.zone();
  }

  /** Everything stored about a worker. */
  public final WorkerRow workerRow(int worker) {
    return tables().workers.entry(worker).toRow();
  }

  /** What a worker reported since the last cycle, in the order of acceptance. */
  public final List<PendingReport> pendingReports(int worker) {
    return tables().workers.entry(worker).pending;
  }

  /** Whether portals may be routed to a worker. */
  public final boolean isPresent(int worker) {
    return tables().workers.entry(worker).isPresent();
  }

  /** Whether a worker stands for gates and deletions: registered, no inventory owed, status. */
  public final boolean isCounted(int worker) {
    return tables().workers.entry(worker).isCounted();
  }

  /** Whether a worker takes new replicas: registered, no inventory owed, status. */
  public final boolean isPlaceable(int worker) {
    return tables().workers.entry(worker).isPlaceable();
  }

  /** Whether a worker owes its inventory. */
  public final boolean owesInventory(int worker) {
    return tables().workers.entry(worker).owesInventory;
  }

  /** The life of a worker's disk. */
  public final Incarnation incarnation(int worker) {
    return Incarnation.of(tables().workers.entry(worker).incarnation);
  }

  /** The newest assignment a worker applied, as consumed; -1 for none. */
  public final long lastApplied(int worker) {
    return tables().workers.entry(worker).lastApplied;
  }

  /** The newest assignment a worker applied, unconsumed reports included; -1 for none. */
  public final long reportedApplied(int worker) {
    return tables().workers.entry(worker).reportedApplied();
  }

  /** When a worker was last heard of; below 0 while no cycle was told of it. */
  public final long lastSeenTick(int worker) {
    return tables().workers.entry(worker).lastSeen;
  }

  /** Bytes of all replicas on a worker, draining included. */
  public final long footprintBytes(int worker) {
    return tables().workers.entry(worker).footprintBytes;
  }

  /** The number of replicas on a worker. */
  public final int replicasOn(int worker) {
    return tables().workers.entry(worker).replicas;
  }

  // --- swaps

  /** A swap, while its row is kept. */
  public final Optional<SwapRow> swap(long id) {
    return Optional.ofNullable(tables().swaps.row(id));
  }

  /** The swap, pending or ended, whose new side a chunk is on. */
  public final OptionalLong swapOf(ChunkKey newChunk) {
    int chunk = chunkPosition(newChunk);
    long id = chunk < 0 ? 0 : tables().swaps.producing(chunk);
    return id == 0 ? OptionalLong.empty() : OptionalLong.of(id);
  }

  /** Visits the pending swaps that a chunk is in, on either side. */
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

  /** The pending swaps, ascending. */
  public final List<SwapRow> pendingSwaps() {
    List<SwapRow> rows = new ArrayList<>();
    for (long id : tables().swaps.pending()) {
      swap(id).ifPresent(rows::add);
    }
    return rows;
  }

  /** All swaps whose rows are kept, ascending. */
  public final List<SwapRow> swaps() {
    List<SwapRow> rows = new ArrayList<>();
    tables().swaps.all().forEach(rows::add);
    return rows;
  }

  // --- the fleet

  /** The configuration. */
  public final LifecycleConfig config() {
    return tables().fleet.config;
  }

  /** Counts the accepted changes of the configuration, 1 at first. */
  public final long configVersion() {
    return tables().fleet.configVersion;
  }

  /** The newest worker assignment; 0 before the first. */
  public final WorkerAssignmentId newestWorkerAssignment() {
    return WorkerAssignmentId.of(tables().fleet.workerAssignment);
  }

  /** The newest portal assignment; 0 before the first. */
  public final PortalAssignmentId newestPortalAssignment() {
    return PortalAssignmentId.of(tables().fleet.portalAssignment);
  }

  /** The confirmation watermark. */
  public final long watermark() {
    return tables().fleet.watermark;
  }

  /** The present lineage. */
  public final Lineage lineage() {
    return tables().fleet.lineage();
  }

  /** Whether the pause after the present lineage began holds every deletion at this tick. */
  public final boolean isPaused(long nowTick) {
    return tables().fleet.isPaused(nowTick);
  }

  /** The largest tick that any cycle has seen. */
  public final Tick largestTick() {
    return Tick.of(tables().fleet.largestTick);
  }

  /** How often a cycle was called with a smaller tick than the largest. */
  public final long backwardTicks() {
    return tables().fleet.backwardTicks;
  }

  /**
   * M as it counts for a window that begins at this tick: longer than the configured one for a
   * while after that was lowered. A portal that revalidates goes by the configured one.
   */
  public final long windowTicks(long atTick) {
    return tables().fleet.windowAt(atTick);
  }

  /** Pins and bans, in {@link PlacementWish#ORDER}. */
  public final List<PlacementWish> wishes() {
    return tables().fleet.wishes;
  }

  /** Counts the accepted changes of wishes and of the freeze. */
  public final long wishesVersion() {
    return tables().fleet.wishesVersion;
  }

  /** Whether growth and moves are switched off. */
  public final boolean isFrozen() {
    return tables().fleet.frozen;
  }

  /** Returns the band of pressure that a plan at a tick works with. */
  public final PressureBand pressureAt(long tick) {
    return FleetPressure.bandAt(tables(), tick);
  }

  /** What another package keeps with the state under this name. */
  public final Optional<Annex> annex(String kind) {
    return Optional.ofNullable(tables().fleet.annexes.get(kind));
  }

  /** The fleet's row. */
  public final FleetRow fleetRow() {
    return tables().fleet.toRow();
  }

  /** The sum of all row hashes, kept incrementally; equal states have equal digests. */
  public final long digest() {
    return tables().digest;
  }

  /** The digest computed from every row; equals {@link #digest} or there is a bug. */
  public final long fullDigest() {
    return tables().fullDigest();
  }

  // --- what ingesters ask

  /** The last block covered without a gap, and the last block at all, of a dataset. */
  public final Head head(DatasetId dataset) {
    return Head.of(tables(), dataset);
  }

  /** State, mark, replicas and winner of a chunk; reported possession included. */
  public final ChunkStatus status(ChunkKey key) {
    return ChunkStatus.of(this, key);
  }
}
