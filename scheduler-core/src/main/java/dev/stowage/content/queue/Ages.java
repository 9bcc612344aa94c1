package dev.stowage.content.queue;

import dev.stowage.columns.IntOrder;
import dev.stowage.columns.SparseColumn;
import java.util.Arrays;
import java.util.function.IntConsumer;

/**
 * Keeps the items that are ready in a class in the order in which they began to wait. An item that
 * comes is the newest and goes to the end of a list. Only an item that was in another class before
 * may be older than the newest one; such items are kept in a heap beside the list.
 */
final class Ages {
  private static final int NONE = ItemTable.NONE;

  private final ItemTable table;
  private final IntOrder byAge;
  private final AgeHeap moved;
  private int oldest = NONE;
  private int newest = NONE;

  /** Where a walk from the oldest on stands: in the list, and among the moved ones by age. */
  private int walkAt;

  private int[] walked = {};
  private int walkedAt;

  /** Says that {@link #walked} has all that moved, and perhaps what was removed since. */
  private boolean isSorted;

  Ages(ItemTable table, SparseColumn movedAt) {
    this.table = table;
    byAge = new ByAge(table);
    moved = new AgeHeap(table, movedAt);
  }

  void add(int slot) {
    if (newest != NONE && byAge.before(slot, newest)) {
      moved.add(slot);
      isSorted = false;
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

  /** Returns what waits longest; -1 if nothing waits. */
  int oldest() {
    return moved.isEmpty() ? oldest : older(oldest, moved.first());
  }

  /** Begins a walk, and returns what waits longest; -1 if nothing waits. */
  int walk() {
    walkAt = oldest;
    walkedAt = NONE;
    return oldest();
  }

  /** Returns what waits longest behind what the walk returned last; -1 at the end. */
  int walkOn() {
    if (moved.isEmpty()) {
      walkAt = table.next(walkAt);
      return walkAt;
    }
    if (walkedAt == NONE) {
      if (!isSorted) {
        sortMoved();
      }
      walkedAt = 0;
    }
    int other = nextMoved();
    if (older(walkAt, other) == other) {
      walkedAt++;
    } else {
      walkAt = table.next(walkAt);
    }
    return older(walkAt, nextMoved());
  }

  /** Returns the moved one at which the walk stands; -1 at their end. */
  private int nextMoved() {
    while (walkedAt < walked.length && !moved.contains(walked[walkedAt])) {
      walkedAt++;
    }
    return walkedAt < walked.length ? walked[walkedAt] : NONE;
  }

  private void sortMoved() {
    Integer[] sorted = new Integer[moved.size()];
    Arrays.setAll(sorted, moved::slotAt);
    Arrays.sort(sorted, (a, b) -> a.equals(b) ? 0 : byAge.before(a, b) ? -1 : 1);
    walked = Arrays.stream(sorted).mapToInt(slot -> slot).toArray();
    isSorted = true;
  }

  /** Hands out all that waits, in no order. */
  void forEach(IntConsumer each) {
    for (int slot = oldest; slot != NONE; slot = table.next(slot)) {
      each.accept(slot);
    }
    for (int i = 0; i < moved.size(); i++) {
      each.accept(moved.slotAt(i));
    }
  }

  /** Returns which of two slots waits longer; either may be -1. */
  private int older(int one, int other) {
    if (one == NONE || other == NONE) {
      return one == NONE ? other : one;
    }
    return byAge.before(other, one) ? other : one;
  }

  /**
   * Orders by generation, which follows the time since which items wait, then by id.
   *
   * @param table where the items stand
   */
  record ByAge(ItemTable table) implements IntOrder {
    @Override
    public boolean before(int a, int b) {
      int byAge = Long.compare(table.generation(a), table.generation(b));
      return byAge != 0 ? byAge < 0 : Long.compareUnsigned(table.idOf(a), table.idOf(b)) < 0;
    }
  }
}
