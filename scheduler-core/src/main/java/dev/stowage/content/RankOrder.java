package dev.stowage.content;

/**
 * The order within a class: under elevated pressure the smaller item; then merit, tie-break,
 * efficiency, generation, id. Most of it is decided by one long, the rank key, which heaps keep
 * beside the slot.
 */
final class RankOrder implements SlotOrder {
  private final ItemTable table;
  private boolean smallFirst;

  RankOrder(ItemTable table) {
    this.table = table;
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
    return smallFirst ? -table.item(slot).sizeBytes() : sortable(table.merit(slot));
  }

  /** Whether, of equal keys, the one that was scheduled last comes last. */
  boolean newestIsLast() {
    return !smallFirst && table.meritIsEfficiency() && table.tiesAreEqual();
  }

  /** Whether {@code a} comes before {@code b} although their keys are equal. */
  boolean tiesBefore(int a, int b) {
    if (smallFirst) {
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
    int byAge = Long.compare(table.generation(a), table.generation(b));
    return byAge != 0 ? byAge < 0 : Long.compareUnsigned(table.idOf(a), table.idOf(b)) < 0;
  }

  @Override
  public boolean before(int a, int b) {
    long keyA = key(a);
    long keyB = key(b);
    return keyA != keyB ? keyA > keyB : tiesBefore(a, b);
  }

  /** A long that compares as the double does; the double is never NaN and never negative zero. */
  private static long sortable(double value) {
    long bits = Double.doubleToRawLongBits(value);
    return bits ^ ((bits >> 63) & Long.MAX_VALUE);
  }
}
