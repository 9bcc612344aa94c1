package dev.stowage.content.queue;

import dev.stowage.columns.IntOrder;
import dev.stowage.content.SelectionPolicy;

/** The order within a class, decided mostly by the greater half of a long, the rank key. */
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

  /** Requires that all orders by rank are rebuilt. */
  void smallFirst(boolean small) {
    smallFirst = small;
  }

  long key(int slot) {
    double merit = table.merit(slot);
    return smallFirst && !isUrgent(merit)
        ? ItemTable.sortable(-(double) table.item(slot).sizeBytes())
        : ItemTable.sortable(merit);
  }

  boolean isBySize(int slot, int other) {
    double merit = table.merit(slot);
    return smallFirst && (!isUrgent(merit) || merit == table.merit(other));
  }

  private static boolean isUrgent(double merit) {
    return merit >= SelectionPolicy.URGENT_MERIT && merit != Double.POSITIVE_INFINITY;
  }

  static long entry(long key, int slot) {
    return (key & ~0xFFFF_FFFFL) | slot;
  }

  static int half(long keyOrEntry) {
    return (int) (keyOrEntry >> Integer.SIZE);
  }

  boolean entryBefore(long a, long b) {
    return half(a) != half(b) ? half(a) > half(b) : halfTiesBefore((int) a, (int) b);
  }

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

  boolean newestIsLast() {
    return !smallFirst && table.meritIsEfficiency() && table.tiesAreEqual();
  }

  boolean tiesBefore(int a, int b) {
    if (smallFirst) {
      // The greatest sizes do not fit a key exactly.
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
    // If merit is efficiency, equal keys imply equal efficiencies: no item is read.
    if (smallFirst || !table.meritIsEfficiency()) {
      int byEfficiency = Double.compare(table.item(b).efficiency(), table.item(a).efficiency());
      if (byEfficiency != 0) {
        return byEfficiency < 0;
      }
    }
    return isOlder(a, b);
  }

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
