package dev.stowage.content.queue;

import dev.stowage.columns.IntOrder;

/** Finds the oldest ready item: a list for new items, a heap for reclassified, older ones. */
final class Ages {
  private static final int NONE = ItemTable.NONE;

  private final ItemTable table;
  private final ByAge byAge;
  private final AgeHeap moved;
  private int oldest = NONE;
  private int newest = NONE;

  Ages(Destination.Columns columns) {
    table = columns.table();
    byAge = columns.byAge();
    moved = new AgeHeap(table, columns.movedAt());
  }

  void add(int slot) {
    if (newest != NONE && byAge.before(slot, newest)) {
      moved.add(slot);
      return;
    }
    table.previous(slot, newest);
    table.next(slot, NONE);
    if (newest == NONE) {
      oldest = slot;
    } else {
      table.next(newest, slot);
    }
    newest = slot;
  }

  void remove(int slot) {
    if (!moved.isEmpty() && moved.contains(slot)) {
      moved.remove(slot);
      return;
    }
    int before = table.previous(slot);
    int after = table.next(slot);
    if (before == NONE) {
      oldest = after;
    } else {
      table.next(before, after);
    }
    if (after == NONE) {
      newest = before;
    } else {
      table.previous(after, before);
    }
  }

  int oldest() {
    return moved.isEmpty() ? oldest : byAge.older(oldest, moved.first());
  }

  /** Orders by generation, which follows the start of the wait, then by id. */
  record ByAge(ItemTable table) implements IntOrder {
    int older(int one, int other) {
      if (one == NONE || other == NONE) {
        return one == NONE ? other : one;
      }
      return before(other, one) ? other : one;
    }

    @Override
    public boolean before(int a, int b) {
      int byAge = Long.compare(table.generation(a), table.generation(b));
      return byAge != 0 ? byAge < 0 : Long.compareUnsigned(table.idOf(a), table.idOf(b)) < 0;
    }
  }
}
