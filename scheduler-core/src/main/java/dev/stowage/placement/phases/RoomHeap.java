package dev.stowage.placement.phases;

import dev.stowage.columns.IntList;
import dev.stowage.columns.KeyHeap;
import dev.stowage.placement.board.Board;
import dev.stowage.placement.fleet.Pool;
import org.jspecify.annotations.Nullable;

/** The workers of a pool by room, ties in canonical order; too high keys are corrected lazily. */
final class RoomHeap {
  private final Board board;
  private final Pool pool;

  /** Workers by rank; the most room has the smallest key. */
  private @Nullable KeyHeap heap;

  /** Workers that cannot take the chunk in focus, kept out of the heap until the focus changes. */
  private final IntList aside = new IntList();

  private int focus;
  private int instead = -1;
  private boolean hurries;
  private int seen;

  RoomHeap(Board board, Pool pool) {
    this.board = board;
    this.pool = pool;
  }

  /** Returns the worker with the most room that takes the chunk in focus, or -1. */
  int most(int chunk, Picker picker) {
    KeyHeap workers = prepared();
    boolean isOther = focus != board.focusCount() || seen != board.raised.size();
    if (isOther || instead != picker.instead() || hurries != picker.hurries()) {
      while (!aside.isEmpty()) {
        put(workers, aside.removeLast());
      }
      focus = board.focusCount();
      instead = picker.instead();
      hurries = picker.hurries();
    }
    catchUp(workers);
    while (!workers.isEmpty()) {
      int top = settledTop(workers);
      if (picker.takes(chunk, top)) {
        return top;
      }
      aside.add(top);
      workers.remove(board.fleet.rank[top]);
    }
    return -1;
  }

  private KeyHeap prepared() {
    KeyHeap known = heap;
    if (known == null) {
      known = new KeyHeap(board.fleet.order.length);
      for (int worker : pool.placeable) {
        put(known, worker);
      }
      heap = known;
      seen = board.raised.size();
    }
    return known;
  }

  private void catchUp(KeyHeap workers) {
    for (; seen < board.raised.size(); seen++) {
      int worker = board.raised.get(seen);
      // only admitted workers have a rank in this heap
      if (pool.admits[worker] && workers.contains(board.fleet.rank[worker])) {
        put(workers, worker);
      }
    }
  }

  private int settledTop(KeyHeap workers) {
    while (true) {
      int rank = workers.first();
      int worker = board.fleet.order[rank];
      if (workers.firstKey() == key(worker)) {
        return worker;
      }
      put(workers, worker);
      if (workers.first() == rank) {
        return worker;
      }
    }
  }

  private void put(KeyHeap workers, int worker) {
    workers.put(board.fleet.rank[worker], key(worker));
  }

  /** Returns the complement of the head, which reverses the order without overflow. */
  private long key(int worker) {
    return ~board.head(worker);
  }
}
