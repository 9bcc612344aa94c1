package dev.stowage.propagation.outbox;

import dev.stowage.propagation.PropagationDecision.PropagationPriority;
import dev.stowage.propagation.PropagationDecision;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Sorts decisions, which arrive by node, into the order of sending, as longs for speed. */
final class DecisionOrder {
  private static final int PLACE_BITS = 23;
  private static final long PLACES = 1L << PLACE_BITS;
  private static final long LARGEST = (1L << (Long.SIZE - 1 - PLACE_BITS)) - 1;

  private final List<List<PropagationDecision>> byPriority = new ArrayList<>();

  DecisionOrder() {
    for (int i = 0; i <= PropagationPriority.URGENT.ordinal(); i++) {
      byPriority.add(new ArrayList<>());
    }
  }

  void add(PropagationDecision decision) {
    byPriority.get(decision.priority().ordinal()).add(decision);
  }

  List<PropagationDecision> sorted() {
    List<PropagationDecision> all = new ArrayList<>();
    for (int i = byPriority.size() - 1; i >= 0; i--) {
      all.addAll(sorted(byPriority.get(i)));
    }
    return all;
  }

  private static List<PropagationDecision> sorted(List<PropagationDecision> equallyUrgent) {
    long[] paths = new long[equallyUrgent.size()];
    boolean fits = paths.length < PLACES;
    boolean differ = false;
    for (int i = 0; i < paths.length && fits; i++) {
      PropagationDecision decision = equallyUrgent.get(i);
      long latency = decision.pathLatencyNanos();
      boolean isPath = latency != Long.MAX_VALUE;
      fits = (!isPath || latency < LARGEST) && decision.delayNanos() <= LARGEST;
      fits &= i == 0 || equallyUrgent.get(i - 1).target().compareTo(decision.target()) < 0;
      differ |= decision.delayNanos() != equallyUrgent.get(0).delayNanos();
      paths[i] = ((isPath ? latency : LARGEST) << PLACE_BITS) | i;
    }
    if (!fits) {
      equallyUrgent.sort(null);
      return equallyUrgent;
    }
    List<PropagationDecision> byPath = picked(equallyUrgent, paths);
    if (!differ) {
      return byPath;
    }
    for (int i = 0; i < paths.length; i++) {
      paths[i] = (byPath.get(i).delayNanos() << PLACE_BITS) | i;
    }
    return picked(byPath, paths);
  }

  private static List<PropagationDecision> picked(List<PropagationDecision> from, long[] keys) {
    Arrays.sort(keys);
    List<PropagationDecision> picked = new ArrayList<>(keys.length);
    for (long key : keys) {
      picked.add(from.get((int) (key & (PLACES - 1))));
    }
    return picked;
  }
}
