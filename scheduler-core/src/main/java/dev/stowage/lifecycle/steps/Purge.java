package dev.stowage.lifecycle.steps;

import dev.stowage.answer.ChunkStatus.ChunkState;
import dev.stowage.command.PlacementWish;
import dev.stowage.command.Result;
import dev.stowage.config.LifecycleConfig.RetentionHorizons;
import dev.stowage.lifecycle.rows.SwapRow;
import dev.stowage.lifecycle.rows.WorkerRow;
import dev.stowage.lifecycle.state.CanonicalOrder;
import dev.stowage.lifecycle.state.Journal;
import dev.stowage.lifecycle.state.PurgedLives;
import dev.stowage.lifecycle.state.Tables;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.Tick;
import dev.stowage.model.WorkerId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/** Purges rows that ended longer ago than their horizon (section 7). */
public final class Purge {
  private final Tables tables;
  private final Journal journal;
  private final long tick;

  public Purge(Journal journal, long now) {
    this.journal = journal;
    tables = journal.tables;
    tick = tables.time.advance(now);
  }

  public Result.Purged run() {
    RetentionHorizons horizons = tables.fleet.config().retention();
    int swaps = purgeSwaps(horizons.swapTicks());
    int chunks = purgeChunks(horizons.chunkTicks());
    int workers = purgeWorkers(horizons.workerTicks());
    boolean isChanged = swaps + chunks + workers > 0;
    return new Result.Purged(Tick.of(tick), isChanged, chunks, swaps, workers, Optional.empty());
  }

  private int purgeChunks(long horizon) {
    int[] gone = CanonicalOrder.of(tables, tables.work.ended, chunk -> isOver(chunk, horizon));
    for (int chunk : journal.drain(tables.work.ended)) {
      if (tables.chunks.exists(chunk) && isEnded(chunk) && !isOver(chunk, horizon)) {
        tables.work.ended.add(chunk);
      }
    }
    forgetWishes(gone);
    for (int chunk : gone) {
      journal.removeChunk(chunk);
    }
    return gone.length;
  }

  private boolean isEnded(int chunk) {
    ChunkState state = tables.chunks.stateOf(chunk);
    return state == ChunkState.TOMBSTONE || state == ChunkState.REJECTED;
  }

  private boolean isOver(int chunk, long horizon) {
    return isEnded(chunk) && tick - tables.chunks.end(chunk) >= horizon;
  }

  private int purgeSwaps(long horizon) {
    List<SwapRow> gone = new ArrayList<>();
    for (SwapRow swap : tables.swaps.all()) {
      if (!swap.isPending() && tick - swap.endTick() >= horizon) {
        gone.add(swap);
      }
    }
    gone.forEach(journal::removeSwap);
    return gone.size();
  }

  private int purgeWorkers(long horizon) {
    List<Integer> gone = new ArrayList<>();
    // The newest routes tell the zones of the workers that they name.
    Set<WorkerId> routed = new HashSet<>();
    tables.chunks.forEachGoneNames(routed::addAll);
    for (int position : tables.workers.order()) {
      WorkerRow entry = tables.workers.entry(position);
      boolean isOver = entry.isDeparted() && tick - entry.absentSince() >= horizon;
      if (isOver && tables.workers.replicas(position) == 0 && !routed.contains(entry.id())) {
        gone.add(position);
      }
    }
    Set<WorkerId> ids = new HashSet<>();
    gone.forEach(position -> ids.add(tables.workers.entry(position).id()));
    forgetWishes(wish -> ids.contains(wish.worker()));
    for (int position : gone) {
      PurgedLives.remember(tables, tables.workers.entry(position).incarnation().value());
      journal.removeWorker(position);
    }
    return gone.size();
  }

  /** Removes wishes, which a later chunk with the same key must not inherit. */
  private void forgetWishes(int[] chunks) {
    Set<ChunkKey> keys = new HashSet<>();
    for (int chunk : chunks) {
      keys.add(tables.chunks.facts.key(chunk));
    }
    forgetWishes(wish ->
        wish.chunkId().isPresent()
            && keys.contains(new ChunkKey(wish.dataset(), wish.chunkId().get())));
  }

  private void forgetWishes(Predicate<PlacementWish> isOver) {
    if (tables.fleet.wishes().stream().anyMatch(isOver)) {
      FleetCommands.wishes(
          journal, tables.fleet.wishes().stream().filter(isOver.negate()).toList());
    }
  }
}
