package dev.stowage.lifecycle.state;

import dev.stowage.answer.ChunkStatus.ChunkState;
import dev.stowage.columns.IntSet;
import dev.stowage.columns.WideSum;
import dev.stowage.command.Annex;
import dev.stowage.lifecycle.rows.FleetRow;
import dev.stowage.lifecycle.rows.SwapRow;
import dev.stowage.lifecycle.rows.WorkerRow;
import dev.stowage.model.WorkerId;
import dev.stowage.shape.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntConsumer;
import java.util.function.UnaryOperator;

/** All rows of one fleet and derived data. Not thread-safe. */
public final class Tables {
  public ChunkTable chunks;
  public ReplicaTable replicas;
  public WorkerTable workers;
  public SwapTable swaps;
  public FleetRow fleet;
  public final FleetTime time = new FleetTime(this);
  final FleetHash fleetHash;
  public final Rules rules;
  public final WorkSets work;
  final Scratch scratch;
  public long digest;
  private long waitingChunks;

  /** Stands in copies, on which nothing is executed. */
  private static final WorkSets NO_WORK = new WorkSets();

  private static final Scratch NO_SCRATCH = new Scratch();

  private WideSum waitingBytes;

  /** The tick before which no worker's silence matters. */
  public long nextSilence;

  /** Rises with every change that plans depend on, so that an idle cycle need not plan. */
  public long planVersion;

  public Tables(FleetRow fleetRow) {
    chunks = new ChunkTable();
    replicas = new ReplicaTable();
    workers = new WorkerTable();
    swaps = new SwapTable();
    fleet = fleetRow;
    fleetHash = new FleetHash(fleetRow);
    rules = new Rules(this);
    work = new WorkSets();
    scratch = new Scratch();
    waitingBytes = new WideSum();
    for (FleetRow.LineageRow lineage : fleetRow.lineages()) {
      chunks.lineage(lineage.token());
    }
    digest = fleetHash.of(fleetRow);
  }

  private Tables(
      Tables from,
      ChunkTable chunks,
      ReplicaTable replicas,
      WorkerTable workers,
      SwapTable swaps,
      FleetRow fleet,
      boolean isFork) {
    this.chunks = chunks;
    this.replicas = replicas;
    this.workers = workers;
    this.swaps = swaps;
    this.fleet = fleet;
    fleetHash = from.fleetHash;
    rules = new Rules(this);
    work = isFork ? new WorkSets() : NO_WORK;
    scratch = isFork ? new Scratch() : NO_SCRATCH;
    digest = from.digest;
    waitingChunks = from.waitingChunks;
    waitingBytes = from.waitingBytes.copy();
  }

  /**
   * Returns a copy for readers on any thread, without the work sets. Costs in proportion to what
   * was written since the last one.
   */
  public Tables copy() {
    return new Tables(
        this, chunks.copy(), replicas.copy(), workers.copy(), swaps.copy(), fleet, false);
  }

  /** Returns a copy of this copy with a later tick. */
  public Tables seen(long tick, long clockNanos) {
    Tables later = new Tables(this, chunks, replicas, workers, swaps, fleet, false);
    later.time.seen(tick, clockNanos);
    return later;
  }

  /** Returns tables to write that share all pages with this copy, with empty work sets. */
  public Tables fork() {
    return new Tables(
        this, chunks.fork(), replicas.fork(), workers.fork(), swaps.fork(), fleet, true);
  }

  /** Returns to a former copy of these tables, whose rows differ in these at most. */
  void backTo(Tables copy, IntSet touchedChunks, IntSet touchedSlots) {
    int[] chunksOfSlots = new int[touchedSlots.size()];
    for (int i = 0; i < chunksOfSlots.length; i++) {
      int chunk = replicas.chunk(touchedSlots.member(i));
      chunksOfSlots[i] = chunk;
      work.pairs.add(chunk, replicas.worker(touchedSlots.member(i)));
      work.touched.add(chunk);
      work.unfed.add(chunk);
    }
    workers.forEachChanged(copy.workers, this::reindexWorker);
    workers = workers.backTo(copy.workers);
    chunks = chunks.backTo(copy.chunks, touchedChunks);
    replicas = replicas.backTo(copy.replicas);
    swaps = swaps.backTo(copy.swaps);
    fleet = copy.fleet;
    digest = copy.digest;
    waitingChunks = copy.waitingChunks;
    waitingBytes = copy.waitingBytes.copy();
    for (int chunk : chunksOfSlots) {
      reindex(chunk);
    }
    for (int i = 0; i < touchedChunks.size(); i++) {
      reindex(touchedChunks.member(i));
    }
  }

  /** Writes fields of the fleet's row. */
  public void fleet(UnaryOperator<Shape.Draft<FleetRow>> change) {
    fleet = change.apply(fleet.draft()).row();
  }

  public void keep(Annex annex) {
    Map<String, Annex> kept = new TreeMap<>(fleet.annexes());
    kept.put(annex.kind(), annex);
    fleet(it -> it.with(FleetRow.ANNEXES, kept));
  }

  /** Returns the next chunk number of the lineage, which is taken now. */
  public long nextNumber() {
    FleetRow.LineageRow present = fleet.present();
    long number = present.lastNumber() + 1;
    List<FleetRow.LineageRow> changed = new ArrayList<>(fleet.lineages());
    changed.set(
        changed.size() - 1, new FleetRow.LineageRow(present.token(), present.beganTick(), number));
    fleet(it -> it.with(FleetRow.LINEAGES, changed));
    return number;
  }

  public WorkerId workerOf(int slot) {
    return workers.entry(replicas.worker(slot)).id();
  }

  public boolean waits(int chunk) {
    return chunks.exists(chunk)
        && chunks.stateOf(chunk) == ChunkState.ADMITTED
        && !chunks.isMarked(chunk)
        && !chunks.isEstablished(chunk);
  }

  public void waiting(int chunk, int sign) {
    waitingChunks += sign;
    waitingBytes.addSigned(chunks.facts.sizeBytes(chunk), sign);
  }

  public long waitingChunks() {
    return waitingChunks;
  }

  public long waitingBytes() {
    return waitingBytes.saturated();
  }

  public void reindexWorker(int worker) {
    work.reporting.add(worker);
    work.headers.add(worker);
    work.departed.add(worker);
    work.orphaned.add(worker);
    work.rezoned.add(worker);
    work.unfedWorkers.add(worker);
    nextSilence = 0;
  }

  /** Visits the chunks that routes name this worker for, if it holds a replica of them. */
  public void forEachNamed(int worker, IntConsumer visitor) {
    for (int slot = workers.firstReplica(worker);
        slot != ReplicaTable.NONE;
        slot = replicas.nextOfWorker(slot)) {
      if (replicas.isNamed(slot)) {
        visitor.accept(replicas.chunk(slot));
      }
    }
  }

  public void touch(int chunk) {
    work.wake(chunk);
    work.touched.add(chunk);
    work.unfed.add(chunk);
  }

  public void reindex(int chunk) {
    if (!chunks.exists(chunk)) {
      return;
    }
    touch(chunk);
    work.dark.add(chunk);
    work.routes.add(chunk);
    ChunkState state = chunks.stateOf(chunk);
    if (state == ChunkState.OFFERED) {
      work.offered.add(chunk);
    }
    if (state == ChunkState.TOMBSTONE || state == ChunkState.REJECTED) {
      work.ended.add(chunk);
    }
    if (state == ChunkState.DROPPED || (state.isLive() && chunks.isMarked(chunk))) {
      work.ending.add(chunk);
    }
    for (int slot = chunks.firstReplica(chunk);
        slot != ReplicaTable.NONE;
        slot = replicas.next(slot)) {
      if (!replicas.isAssigned(slot)) {
        work.restless.add(chunk);
      }
      if (replicas.isMissing(slot)) {
        work.missing.add(chunk);
      }
      if (replicas.since(slot) > fleet.watermark()) {
        work.unconfirmed.add(chunk);
      }
    }
  }

  public long fullDigest() {
    long sum = fleet.digest();
    long[] slices = new long[workers.limit()];
    for (int chunk = 0; chunk < chunks.limit(); chunk++) {
      if (!chunks.exists(chunk)) {
        continue;
      }
      sum += chunks.rowHash(chunk);
      for (int slot = chunks.firstReplica(chunk);
          slot != ReplicaTable.NONE;
          slot = replicas.next(slot)) {
        sum += replicas.rowHash(slot, chunks, workers);
        slices[replicas.worker(slot)] += replicas.entryHash(slot, chunks);
      }
    }
    for (int worker : workers.order()) {
      WorkerRow row = workers.entry(worker);
      sum += row.digest() - row.sliceSumHash();
      sum += WorkerRow.sliceSumHash(row.id(), slices[worker]);
    }
    for (SwapRow swap : swaps.all()) {
      sum += Shape.of(SwapRow.class).digest(swap);
    }
    return sum;
  }
}
