package dev.stowage.content;

import dev.stowage.content.ContentConfig.QueueLimits;
import dev.stowage.content.NaiveQueue.Waiting;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Makes room in a full queue, by the rule: lowest class, least efficient, newest. */
final class NaiveShedding {
  private final QueueLimits limits;
  private final SelectionPolicy policy;
  private final NaiveQueue queue;

  NaiveShedding(ContentConfig config, NaiveQueue queue) {
    this.limits = config.limits();
    this.policy = config.policy();
    this.queue = queue;
  }

  boolean makeRoom(Waiting coming) {
    List<Waiting> victims = new ArrayList<>();
    List<Waiting> candidates = new ArrayList<>(queue.ready);
    candidates.removeIf(w -> !ranksBelow(w, coming));
    candidates.sort(lowestFirst());
    if (limits.overflow() == QueueLimits.Overflow.REJECT) {
      candidates.clear();
    }
    for (Waiting candidate : candidates) {
      if (!fits(coming, victims, true)
          && candidate.item.priorityClass() == coming.item.priorityClass()) {
        victims.add(candidate);
      }
    }
    if (!fits(coming, victims, true)) {
      return false;
    }
    for (Waiting candidate : candidates) {
      if (!fits(coming, victims, false) && !victims.contains(candidate)) {
        victims.add(candidate);
      }
    }
    if (!fits(coming, victims, false)) {
      return false;
    }
    victims.forEach(queue::remove);
    return true;
  }

  boolean fits(Waiting coming, List<Waiting> without, boolean classOnly) {
    List<Waiting> all = new ArrayList<>(queue.ready);
    all.addAll(queue.backoff);
    all.removeAll(without);
    all.add(coming);
    if (classOnly) {
      all.removeIf(w -> w.item.priorityClass() != coming.item.priorityClass());
    }
    long bytes = all.stream().mapToLong(w -> w.item.sizeBytes()).sum();
    return classOnly
        ? all.size() <= limits.maxItemsPerClass() && bytes <= limits.maxBytesPerClass()
        : all.size() <= limits.maxItems() && bytes <= limits.maxBytes();
  }

  private boolean ranksBelow(Waiting waiting, Waiting coming) {
    int byClass = classOrder().compare(waiting.item.priorityClass(), coming.item.priorityClass());
    return byClass < 0 || (byClass == 0 && waiting.item.efficiency() < coming.item.efficiency());
  }

  private Comparator<PriorityClass> classOrder() {
    Comparator<PriorityClass> byWeight = Comparator.comparingInt(policy::weight);
    return byWeight.thenComparing(Comparator.naturalOrder());
  }

  private Comparator<Waiting> lowestFirst() {
    Comparator<Waiting> newest =
        Comparator.<Waiting>comparingLong(w -> w.generation)
            .thenComparing(w -> w.item.id(), Long::compareUnsigned)
            .reversed();
    return Comparator.<Waiting, PriorityClass>comparing(w -> w.item.priorityClass(), classOrder())
        .thenComparingDouble(w -> w.item.efficiency())
        .thenComparing(newest);
  }
}
