package dev.stowage.audit;

import dev.stowage.answer.ChunkStatus.ChunkState;
import dev.stowage.config.LifecycleConfig;
import dev.stowage.lifecycle.LifecycleView;
import dev.stowage.lifecycle.rows.FleetRow;
import dev.stowage.lifecycle.rows.SwapRow;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.ChunkNumber;
import dev.stowage.model.WorkerStatus;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a fleet, or of some of its chunks, and what follows from their stamps and from the
 * reports since the last cycle: recomputed by the lifecycle design, section 2, sharing no rule of
 * the core. Not thread-safe; good while the rows do not change.
 */
class Facts {
  /** The value of a position, slot or tick that is not set. */
  static final int NONE = LifecycleView.NONE;

  private static final int USUAL_COPIES = 3;

  final LifecycleView rows;
  final FleetRow row;
  private final int[] chunks;
  private final int[] workers;
  private final List<SwapRow> swaps;
  private final @Nullable WorkerFacts[] known;

  private Facts(LifecycleView rows, int[] chunks, int[] workers, List<SwapRow> swaps) {
    this.rows = rows;
    this.chunks = chunks;
    this.workers = workers;
    this.swaps = swaps;
    row = rows.fleetRow();
    known = new WorkerFacts[rows.workerLimit()];
  }

  /** Reads a whole state. */
  Facts(LifecycleView rows) {
    this(
        rows,
        all(rows.chunkLimit(), rows::isChunk),
        all(rows.workerLimit(), rows::isWorker),
        rows.swaps());
  }

  private static int[] all(int limit, IntPredicate isThere) {
    return IntStream.range(0, limit).filter(isThere).toArray();
  }

  /** Reads some chunks, the workers that hold them and these others. */
  static Facts of(LifecycleView rows, int[] chunks, int[] others, List<SwapRow> swaps) {
    BitSet workers = new BitSet(rows.workerLimit());
    for (int worker : others) {
      workers.set(worker);
    }
    for (int chunk : chunks) {
      for (int slot : slots(rows, chunk)) {
        workers.set(rows.replicaWorker(slot));
      }
    }
    return new Facts(rows, chunks, workers.stream().toArray(), swaps);
  }

  /** Returns the positions of the chunks to judge, ascending; read-only. */
  int[] chunks() {
    return chunks;
  }

  /** Returns the positions of the workers to judge, ascending; read-only. */
  int[] workers() {
    return workers;
  }

  /** Returns the replicas of a chunk. */
  int[] slots(int chunk) {
    return slots(rows, chunk);
  }

  private static int[] slots(LifecycleView rows, int chunk) {
    int[] slots = new int[USUAL_COPIES];
    int count = 0;
    for (int slot = rows.firstReplica(chunk); slot != NONE; slot = rows.nextReplica(slot)) {
      slots = count == slots.length ? Arrays.copyOf(slots, 2 * count) : slots;
      slots[count++] = slot;
    }
    return count == slots.length ? slots : Arrays.copyOf(slots, count);
  }

  List<SwapRow> swaps() {
    return swaps;
  }

  LifecycleConfig config() {
    return row.config();
  }

  boolean isGated() {
    return config().gates() == LifecycleConfig.Gates.ON;
  }

  boolean isPerWorker() {
    return config().confirmation().isPerWorker();
  }

  /** Returns the position of a side's chunk, or {@link #NONE} if it is purged. */
  int position(ChunkKey key) {
    return rows.chunkPosition(key);
  }

  int floor(int chunk) {
    return rows.floor(chunk);
  }

  boolean isVisible(int chunk) {
    return rows.chunkState(chunk) == ChunkState.VISIBLE;
  }

  boolean isLive(int chunk) {
    ChunkState state = rows.chunkState(chunk);
    return (state == ChunkState.ADMITTED || state == ChunkState.VISIBLE) && !rows.isMarked(chunk);
  }

  static String word(ChunkState state) {
    return state.name().toLowerCase(Locale.ROOT);
  }

  WorkerFacts worker(int worker) {
    WorkerFacts facts = known[worker];
    if (facts == null) {
      facts = WorkerFacts.of(rows.workerRow(worker), row.watermark());
      known[worker] = facts;
    }
    return facts;
  }

  WorkerFacts holder(int slot) {
    return worker(rows.replicaWorker(slot));
  }

  /** Returns the name of a replica in findings, {@code dataset/chunk@worker}. */
  String name(int slot) {
    return rows.chunkKey(rows.replicaChunk(slot)) + "@" + holder(slot).id();
  }

  boolean isAssigned(int slot) {
    return rows.supersededAt(slot) == 0;
  }

  boolean isDraining(int slot) {
    return rows.releasedAt(slot) != 0;
  }

  /** Returns the tick since which a replica is missing, reports included, or {@link #NONE}. */
  long missingSince(int slot) {
    long since = rows.missingSince(slot);
    WorkerFacts holder = holder(slot);
    if (holder.lacks().isEmpty()) {
      return holder.appliesAnew() ? NONE : since;
    }
    ChunkNumber number = rows.chunkNumber(rows.replicaChunk(slot));
    boolean was = since != NONE;
    boolean is = (was && !holder.appliesAnew()) || holder.lacks().contains(number);
    return is == was ? since : is ? row.largestTick() : NONE;
  }

  boolean isPossessed(int slot) {
    return missingSince(slot) == NONE && holder(slot).lastApplied() >= rows.since(slot);
  }

  boolean isPossessedOnCounted(int slot) {
    return holder(slot).isCounted() && isPossessed(slot);
  }

  boolean isConfirmed(int slot) {
    return missingSince(slot) == NONE && confirmedUpTo(holder(slot)) >= rows.since(slot);
  }

  private long confirmedUpTo(WorkerFacts worker) {
    return isPerWorker() || !worker.caughtUp() ? worker.lastApplied() : row.watermark();
  }

  boolean isRouted(int slot) {
    return isVisible(rows.replicaChunk(slot))
        && holder(slot).isPresent()
        && !isDraining(slot)
        && isConfirmed(slot)
        && !isSpared(slot);
  }

  /** Reports whether routes do without a replica because its worker is away. */
  boolean isSpared(int slot) {
    WorkerFacts holder = holder(slot);
    if (holder.status() != WorkerStatus.AWAY || holder.row().absence() != null) {
      return holder.status() == WorkerStatus.AWAY;
    }
    int standing = 0;
    for (int other : slots(rows.replicaChunk(slot))) {
      boolean stays = holder(other).isCounted() && holder(other).status() != WorkerStatus.LEAVING;
      standing += stays && isAssigned(other) && isConfirmed(other) ? 1 : 0;
    }
    return standing >= holder.row().leastCopies();
  }

  boolean isReadable(int slot, long now) {
    return missingSince(slot) == NONE && (isOut(slot, now) || isRouted(slot));
  }

  /** Reports whether routes that are out name a replica. */
  boolean isOut(int slot, long now) {
    return rows.isNamed(slot) || now < rows.readableUntil(slot);
  }

  /** Reports whether an inventory that waits may rewrite the books of a chunk. */
  boolean hasInventory(int chunk) {
    for (int slot : slots(chunk)) {
      if (holder(slot).isInventoryPending()) {
        return true;
      }
    }
    return false;
  }
}
