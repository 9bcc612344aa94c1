package dev.stowage.content;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Deficit round robin, literally: flows stand in a row, each visit of the first one brings a
 * quantum, and who can pay for the next item sends it, unless permits are refused. Who cannot go on
 * goes to the end of the row.
 */
final class NaiveRing<K> {
  private final LongSupplier quantum;
  private final ToLongFunction<K> headCharge;
  private final List<Share<K>> row = new ArrayList<>();
  private @Nullable K visited;

  NaiveRing(LongSupplier quantum, ToLongFunction<K> headCharge) {
    this.quantum = quantum;
    this.headCharge = headCharge;
  }

  static final class Share<K> {
    final K key;
    final int weight;
    long deficit;
    long nextCharge;

    Share(K key, int weight, long deficit) {
      this.key = key;
      this.weight = weight;
      this.deficit = deficit;
    }
  }

  void join(K key, int weight) {
    row.add(new Share<>(key, weight, 0));
  }

  void leave(K key) {
    row.removeIf(share -> share.key.equals(key));
    visited = key.equals(visited) ? null : visited;
  }

  /** Who sends next if some are refused, or null if all are; nothing moves. */
  @Nullable K firstBut(Set<K> refused) {
    NaiveRing<K> copy = new NaiveRing<>(quantum, headCharge);
    row.forEach(share -> copy.row.add(new Share<>(share.key, share.weight, share.deficit)));
    copy.visited = visited;
    return refused.size() == row.size() ? null : copy.advance(refused).key;
  }

  /** The row moves until somebody sends who was not refused. */
  void sendInTurn(long charge, Set<K> refused) {
    advance(refused).deficit -= charge;
  }

  /** Somebody sends although it is not his turn: he pays, and the turn stays where it is. */
  void sendOutOfTurn(K key, long charge) {
    row.stream().filter(share -> share.key.equals(key)).forEach(share -> share.deficit -= charge);
  }

  private Share<K> advance(Set<K> refused) {
    // nobody's next item changes while the row moves
    row.forEach(share -> share.nextCharge = headCharge.applyAsLong(share.key));
    while (true) {
      Share<K> first = row.get(0);
      if (!first.key.equals(visited)) {
        first.deficit += quantum.getAsLong() * first.weight;
        visited = first.key;
      }
      if (first.nextCharge <= first.deficit) {
        if (!refused.contains(first.key)) {
          return first;
        }
        // its turn ends as one ends for want of credit
        first.deficit = first.nextCharge - 1;
      }
      row.add(row.remove(0));
      visited = null;
    }
  }
}
