package dev.stowage.lifecycle.planning;

import dev.stowage.columns.IntList;
import dev.stowage.columns.IntSet;
import dev.stowage.lifecycle.rows.SwapRow;
import dev.stowage.lifecycle.state.Tables;
import dev.stowage.model.ChunkKey;

/** The first new chunks of a plan within {@code maxChunksPerCycle}; a larger swap comes alone. */
final class CycleShare {
  private final Tables tables;
  private final IntSet wanted = new IntSet();
  private final IntSet taken = new IntSet();

  CycleShare(Tables tables, IntList placed) {
    this.tables = tables;
    for (int index = 0; index < placed.size(); index++) {
      wanted.add(placed.get(index));
    }
    long most = tables.fleet.config().maxChunksPerCycle();
    for (int index = 0; index < placed.size(); index++) {
      if (taken.contains(placed.get(index))) {
        continue;
      }
      IntSet whole = whole(placed.get(index));
      if (!taken.isEmpty() && taken.size() + (long) whole.size() > most) {
        return;
      }
      taken.addAll(whole.toArray());
    }
  }

  boolean has(int chunk) {
    return taken.contains(chunk);
  }

  private IntSet whole(int chunk) {
    IntSet whole = new IntSet();
    whole.add(chunk);
    IntSet seen = new IntSet();
    IntList open = new IntList();
    open.add(chunk);
    while (!open.isEmpty()) {
      SwapRow swap = tables.swaps.row(tables.swaps.pendingProducing(open.removeLast()));
      if (swap == null) {
        continue;
      }
      for (ChunkKey key : swap.newChunks()) {
        int beside = tables.chunks.find(key);
        if (isOpen(beside)) {
          whole.add(beside);
        }
      }
      for (ChunkKey key : swap.oldChunks()) {
        int below = tables.chunks.find(key);
        if (isOpen(below) && seen.add(below)) {
          open.add(below);
        }
      }
    }
    return whole;
  }

  private boolean isOpen(int chunk) {
    return chunk >= 0 && wanted.contains(chunk) && !taken.contains(chunk);
  }
}
