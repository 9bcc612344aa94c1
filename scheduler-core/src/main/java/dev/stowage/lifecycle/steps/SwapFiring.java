package dev.stowage.lifecycle.steps;

import dev.stowage.answer.ChunkStatus.ChunkState;
import dev.stowage.columns.IntList;
import dev.stowage.columns.IntSet;
import dev.stowage.lifecycle.SwapState;
import dev.stowage.lifecycle.rows.SwapRow;
import dev.stowage.lifecycle.state.CanonicalOrder;
import dev.stowage.lifecycle.state.Journal;
import dev.stowage.lifecycle.state.Tables;
import dev.stowage.model.ChunkKey;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Fires swaps to a fixpoint and promotes chunks (section 4, steps 1, 2 and 6). */
final class SwapFiring {
  private final Tables tables;
  private final Journal journal;
  private final long tick;
  private final long most;
  private final List<Long> fired = new ArrayList<>();
  private final Incumbents incumbents;
  private final IntSet firedNew = new IntSet();
  private final IntSet heldBack = new IntSet();
  private final IntSet waiting = new IntSet();
  private boolean isMore;

  SwapFiring(Journal journal, long tick) {
    this.journal = journal;
    this.tick = tick;
    tables = journal.tables;
    most = tables.fleet.config().maxChunksPerCycle();
    incumbents = new Incumbents(tables);
  }

  List<Long> fired() {
    return fired;
  }

  int[] heldBack() {
    return CanonicalOrder.of(tables, heldBack, chunk -> true);
  }

  int[] waiting() {
    return CanonicalOrder.of(tables, waiting, chunk -> true);
  }

  /** Reports whether the bound keeps something hidden. */
  boolean isMore() {
    return isMore || !waiting.isEmpty();
  }

  /** Looks only at touched chunks, because only these make a swap ready. */
  void fire() {
    TreeSet<Long> open = new TreeSet<>();
    if (!tables.swaps.hasPending()) {
      return;
    }
    for (int chunk : tables.work.touched.toArray()) {
      long id = tables.chunks.exists(chunk) ? tables.swaps.pendingProducing(chunk) : 0;
      if (id != 0) {
        open.add(id);
      }
    }
    while (!open.isEmpty()) {
      SwapRow swap = tables.swaps.row(open.first());
      open.remove(open.first());
      if (swap != null && swap.isPending() && isReady(swap)) {
        if (firedNew.isEmpty() || firedNew.size() + (long) swap.newChunks().size() <= most) {
          fire(swap, open);
        } else {
          swap.newChunks().forEach(key -> waiting.add(tables.chunks.find(key)));
        }
      }
    }
  }

  /** Shows the first chunks in canonical order; the others stay ready. */
  int[] promote() {
    IntSet ready = tables.work.ready;
    for (int i = 0; i < tables.work.touched.size(); i++) {
      int chunk = tables.work.touched.member(i);
      if (isPromotable(chunk)) {
        ready.add(chunk);
      }
    }
    long room = most - firedNew.size();
    boolean isWalked = firedNew.isEmpty() && ready.size() / 2 > most;
    int[] candidates =
        isWalked ? first(ready, room + 1) : CanonicalOrder.of(tables, ready, this::isPromotable);
    if (!isWalked || candidates.length <= room) {
      ready.clear();
    }
    int promoted = 0;
    for (int chunk : candidates) {
      boolean isFired = firedNew.contains(chunk);
      if (!isFired && room <= 0) {
        ready.add(chunk);
        isMore = true;
      } else if (overlapsVisible(chunk)) {
        heldBack.add(chunk);
      } else {
        room -= isFired ? 0 : 1;
        journal.state(chunk, ChunkState.VISIBLE);
        incumbents.add(chunk);
        candidates[promoted++] = chunk;
      }
    }
    return Arrays.copyOf(candidates, promoted);
  }

  /** Judges no more chunks than the bound, however many are ready. */
  private int[] first(IntSet ready, long count) {
    IntList found = new IntList();
    tables.chunks.forEachCanonically(chunk -> {
      if (found.size() < count && ready.contains(chunk) && isPromotable(chunk)) {
        found.add(chunk);
      }
    });
    return found.toArray();
  }

  private boolean isPromotable(int chunk) {
    return tables.chunks.exists(chunk)
        && tables.rules.promotable(chunk)
        && tables.swaps.pendingProducing(chunk) == 0;
  }

  private boolean isReady(SwapRow swap) {
    for (ChunkKey key : swap.newChunks()) {
      if (!tables.rules.promotable(tables.chunks.find(key))) {
        return false;
      }
    }
    for (ChunkKey key : swap.oldChunks()) {
      int chunk = tables.chunks.find(key);
      if (chunk >= 0 && tables.swaps.pendingProducing(chunk) != 0) {
        return false;
      }
    }
    return true;
  }

  private void fire(SwapRow swap, TreeSet<Long> open) {
    int[] fresh = positions(swap.newChunks());
    int[] old = positions(swap.oldChunks());
    if (isHeldBack(fresh, old)) {
      heldBack.addAll(fresh);
      return;
    }
    journal.putSwap(swap.ended(SwapState.FIRED, tick));
    for (int chunk : old) {
      incumbents.remove(chunk);
      journal.mark(chunk);
    }
    fired.add(swap.id());
    for (int chunk : fresh) {
      firedNew.add(chunk);
      incumbents.add(chunk);
      // It may have been promotable for a while, untouched.
      tables.touch(chunk);
      long resting = tables.swaps.replacing(chunk);
      if (resting != 0) {
        open.add(resting);
      }
    }
  }

  private int[] positions(List<ChunkKey> side) {
    return side.stream().mapToInt(tables.chunks::find).toArray();
  }

  private boolean isHeldBack(int[] fresh, int[] old) {
    Set<Integer> leaving = new HashSet<>();
    for (int chunk : old) {
      leaving.add(chunk);
    }
    for (int chunk : fresh) {
      if (incumbents.firstOverlap(chunk, at -> !leaving.contains(at) && isStaying(at)) >= 0) {
        return true;
      }
    }
    return false;
  }

  private boolean isStaying(int at) {
    return tables.chunks.isLive(at)
        && (tables.chunks.stateOf(at) == ChunkState.VISIBLE || firedNew.contains(at));
  }

  private boolean overlapsVisible(int chunk) {
    return incumbents.firstOverlap(
            chunk,
            at ->
                at != chunk
                    && tables.chunks.isLive(at)
                    && tables.chunks.stateOf(at) == ChunkState.VISIBLE)
        >= 0;
  }
}
