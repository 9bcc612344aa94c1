package dev.stowage.content.queue;

import dev.stowage.columns.IntOrder;
import dev.stowage.content.SelectionPolicy;

/**
 * The order within a class: under elevated pressure the smaller item; then merit, tie-break,
 * efficiency, generation, id.
 *
 * <p>Most of it is decided by one long, the rank key, and most of that by its greater half, which
 * blocks and heaps keep beside the slot: two efficiencies whose first twenty binary digits agree
 * are told apart by looking at the items.
 */
final class RankOrder implements IntOrder {
  private final ItemTable table;
  private boolean smallFirst;

  RankOrder(ItemTable table) {
    this.table = table;
  }

  ItemTable table() {
    return table;
  }

  boolean smallFirst() {
    return smallFirst;
  }

  /** Changes the order; who keeps slots in it must sort them again. */
  void smallFirst(boolean small) {
    smallFirst = small;
  }

  /** The greater key comes first; equal keys are told apart by {@link #tiesBefore}. */
  long key(int slot) {
    double merit = table.merit(slot);
    return smallFirst && !isUrgent(merit)
        ? ItemTable.sortable(-(double) table.item(slot).sizeBytes())
        : ItemTable.sortable(merit);
  }

  /** Reports whether the size of an item counts before its merit, beside another one. */
  boolean isBySize(int slot, int other) {
    double merit = table.merit(slot);
    return smallFirst && (!isUrgent(merit) || merit == table.merit(other));
  }

  private static boolean isUrgent(double merit) {
    return merit >= SelectionPolicy.URGENT_MERIT && merit != Double.POSITIVE_INFINITY;
  }

  /** What is kept of an item where it stands in rank: the key's greater half, and the slot. */
  static long entry(long key, int slot) {
    return (key & ~0xFFFF_FFFFL) | slot;
  }

  /** The half of a key that an entry keeps. */
  static int half(long keyOrEntry) {
    return (int) (keyOrEntry >> Integer.SIZE);
  }

  /** Whether the item of one entry comes before that of another. */
  boolean entryBefore(long a, long b) {
    return half(a) != half(b) ? half(a) > half(b) : halfTiesBefore((int) a, (int) b);
  }

  /** Whether {@code a} comes before {@code b} although the greater halves of their keys agree. */
  boolean halfTiesBefore(int a, int b) {
    if (smallFirst || !table.halvesAreKeys()) {
      long key = key(a);
      long other = key(b);
      if (key != other) {
        return key > other;
      }
    }
    return tiesBefore(a, b);
  }

  /** Whether, of equal keys, the one that was scheduled last comes last. */
  boolean newestIsLast() {
    return !smallFirst && table.meritIsEfficiency() && table.tiesAreEqual();
  }

  /** Whether {@code a} comes before {@code b} although their keys are equal. */
  boolean tiesBefore(int a, int b) {
    if (smallFirst) {
      // the greatest sizes do not fit into a key whole
      int bySize = Long.compare(table.item(a).sizeBytes(), table.item(b).sizeBytes());
      if (bySize != 0) {
        return bySize < 0;
      }
      int byMerit = Double.compare(table.merit(b), table.merit(a));
      if (byMerit != 0) {
        return byMerit < 0;
      }
    }
    int byTie = Long.compare(table.tie(a), table.tie(b));
    if (byTie != 0) {
      return byTie < 0;
    }
    // where merit is efficiency, equal keys say all of it: no item needs to be looked at
    if (smallFirst || !table.meritIsEfficiency()) {
      int byEfficiency = Double.compare(table.item(b).efficiency(), table.item(a).efficiency());
      if (byEfficiency != 0) {
        return byEfficiency < 0;
      }
    }
    return isOlder(a, b);
  }

  /** Whether {@code a} comes before {@code b} where nothing but age and id tells them apart. */
  boolean isOlder(int a, int b) {
    int byAge = Long.compare(table.generation(a), table.generation(b));
    return byAge != 0 ? byAge < 0 : Long.compareUnsigned(table.idOf(a), table.idOf(b)) < 0;
  }

  @Override
  public boolean before(int a, int b) {
    long keyA = key(a);
    long keyB = key(b);
    return keyA != keyB ? keyA > keyB : tiesBefore(a, b);
  }
}
