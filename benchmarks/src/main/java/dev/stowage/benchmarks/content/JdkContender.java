package dev.stowage.benchmarks.content;

import dev.stowage.content.ContentItem;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * An ordered collection of the JDK that keeps the published order, and a map from ids to entries so
 * that an item is queued once and can be taken out: no reasons, no alternatives, no flows, no
 * deadlines, no record.
 */
final class JdkContender<Q extends Collection<JdkContender.Queued>> implements Contender {
  private static final Comparator<Queued> ORDER =
      (a, b) -> {
        int byClass = b.item.priorityClass().compareTo(a.item.priorityClass());
        if (byClass != 0) {
          return byClass;
        }
        int byEfficiency = Double.compare(b.efficiency, a.efficiency);
        return byEfficiency != 0 ? byEfficiency : Long.compare(a.generation, b.generation);
      };

  private final Supplier<Q> maker;
  private final Function<Q, Queued> taker;
  private final boolean cancels;
  private Q queue;
  private Map<Long, Queued> byId = new HashMap<>();
  private long generation;

  record Queued(ContentItem item, double efficiency, long generation) {
    @Override
    public boolean equals(Object other) {
      return this == other;
    }

    @Override
    public int hashCode() {
      return Long.hashCode(generation);
    }
  }

  private JdkContender(Supplier<Q> maker, Function<Q, Queued> taker, boolean cancels) {
    this.maker = maker;
    this.taker = taker;
    this.cancels = cancels;
    this.queue = maker.get();
  }

  /** Creates a heap. Removal from its middle walks all of it, so that is not measured. */
  static Contender priorityQueue() {
    return new JdkContender<>(() -> new PriorityQueue<>(ORDER), PriorityQueue::poll, false);
  }

  static Contender skipListSet() {
    return new JdkContender<>(
        () -> new ConcurrentSkipListSet<>(ORDER), ConcurrentSkipListSet::pollFirst, true);
  }

  @Override
  public void renew(ContentItem[] items) {
    queue = maker.get();
    byId = new HashMap<>();
    generation = 0;
  }

  @Override
  public void schedule(ContentItem item) {
    Queued queued = new Queued(item, item.efficiency(), generation++);
    if (byId.putIfAbsent(item.id(), queued) == null) {
      queue.add(queued);
    }
  }

  @Override
  public long next() {
    Queued first = taker.apply(queue);
    if (first == null) {
      return -1;
    }
    byId.remove(first.item.id());
    return first.item.id();
  }

  @Override
  public void cancel(ContentItem item) {
    Queued queued = byId.remove(item.id());
    if (queued != null) {
      queue.remove(queued);
    }
  }

  @Override
  public boolean cancels() {
    return cancels;
  }
}
