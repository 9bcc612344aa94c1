package dev.stowage.content;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Deficit round robin, literally: a pointer walks the ring, every visit brings a quantum, and who
 * can pay for the next item sends it, unless permits are refused.
 */
final class NaiveRing<K> {
  private final long quantum;
  private final ToLongFunction<K> headCharge;
  private final List<Share<K>> shares = new ArrayList<>();
  private @Nullable Share<K> current;
  private long pointer;
  private long nextPosition = 1;

  NaiveRing(long quantum, ToLongFunction<K> headCharge) {
    this.quantum = quantum;
    this.headCharge = headCharge;
  }

  static final class Share<K> {
    final K key;
    final int weight;
    final long position;
    long deficit;
    long nextCharge;

    Share(K key, int weight, long position) {
      this.key = key;
      this.weight = weight;
      this.position = position;
    }
  }

  void join(K key, int weight) {
    shares.add(new Share<>(key, weight, nextPosition++));
  }

  void leave(K key) {
    shares.removeIf(share -> share.key.equals(key));
    if (current != null && current.key.equals(key)) {
      current = null;
    }
  }

  boolean isEmpty() {
    return shares.isEmpty();
  }

  /** Who would send next; nothing moves. */
  K first() {
    return copy().advance(Set.of()).key;
  }

  /** Who sends next if some are refused, or null if all are; nothing moves. */
  @Nullable K firstBut(Set<K> refused) {
    return refused.size() == shares.size() ? null : copy().advance(refused).key;
  }

  /** The pointer walks until somebody sends who was not refused. */
  void sendInTurn(long charge, Set<K> refused) {
    Share<K> share = advance(refused);
    share.deficit -= charge;
  }

  /** Somebody sends although it is not his turn: he pays, and the turn stays where it is. */
  void sendOutOfTurn(K key, long charge) {
    for (Share<K> share : shares) {
      if (share.key.equals(key)) {
        share.deficit -= charge;
      }
    }
  }

  private Share<K> advance(Set<K> refused) {
    // nobody's next item changes while the pointer walks
    shares.forEach(share -> share.nextCharge = headCharge.applyAsLong(share.key));
    while (current == null
        || current.nextCharge > current.deficit
        || refused.contains(current.key)) {
      if (current != null && current.nextCharge <= current.deficit) {
        // its turn ends as one ends for want of credit
        current.deficit = current.nextCharge - 1;
      }
      Share<K> next = null;
      for (Share<K> share : shares) {
        boolean isBehind = share.position > pointer;
        if (isBehind && (next == null || share.position < next.position)) {
          next = share;
        }
      }
      if (next == null) {
        next = shares.stream().min(Comparator.comparingLong(s -> s.position)).orElseThrow();
      }
      current = next;
      pointer = next.position;
      next.deficit += quantum * next.weight;
    }
    return current;
  }

  private NaiveRing<K> copy() {
    NaiveRing<K> copy = new NaiveRing<>(quantum, headCharge);
    copy.pointer = pointer;
    for (Share<K> share : shares) {
      Share<K> twin = new Share<>(share.key, share.weight, share.position);
      twin.deficit = share.deficit;
      copy.shares.add(twin);
      if (share == current) {
        copy.current = twin;
      }
    }
    return copy;
  }
}
