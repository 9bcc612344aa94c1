package dev.stowage.content;

import dev.stowage.columns.SaturatedSum;
import dev.stowage.content.ContentConfig.QueueLimits;
import dev.stowage.content.ContentItem.Flow;
import dev.stowage.content.ContentStats.FlowStats;
import dev.stowage.content.Pacer.Destination;
import dev.stowage.pressure.PressureSnapshot.PressureBand;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The ready items of one class by flow: a stream, or what has none, to one destination. Every
 * change costs a logarithm of the items.
 *
 * <p>Flows take turns by deficit round robin (Shreedhar and Varghese, 1995). Each visit brings a
 * quantum times the weight, and a flow that can pay for its best item sends it. The quantum is at
 * least the largest item since the class was empty, so that a flow without debts pays at its first
 * visit and a turn costs the same for any number of flows. Debts of items that went out of turn are
 * paid by as many visits at once as they take. A flow that could pay and was refused permits ends
 * its turn a byte short of its best item, so that missing permits earn no credit.
 */
final class ClassQueue {
  /** The bytes that a flow of weight 1 may send in its turn, at least. */
  static final long LEAST_QUANTUM = 64 << 10;

  /** The greatest credit of a visit and the greatest debt, so that sums do not overflow. */
  private static final long MOST_BYTES = 1L << 60;

  /** Least efficient first, then newest. */
  private static final Comparator<Entry> WORST_FIRST =
      Comparator.<Entry>comparingDouble(it -> it.item.efficiency())
          .thenComparing(Entry.BY_AGE.reversed());

  final PriorityClass priorityClass;

  /** The flows by their best items. */
  final TreeSet<FlowQueue> flows = new TreeSet<>((a, b) -> compare(a.best, b.best));

  /** The waiting items whose deadlines count, ready or not, earliest first. */
  final TreeSet<Entry> deadlines =
      new TreeSet<>(Comparator.comparingLong(Entry::deadlineNanos).thenComparing(this::compare));

  private final Set<PressureBand> holding;
  private final Map<FlowKey, FlowQueue> byKey = new HashMap<>();

  /** The flows in the order of their turns. */
  private final LinkedHashSet<FlowQueue> ring = new LinkedHashSet<>();

  /** The items for each destination, the longest waiting one first. */
  private final Map<Destination, TreeSet<Entry>> ages = new HashMap<>();

  private long quantum = LEAST_QUANTUM;
  private boolean isSmallFirst;

  /** The first of the ring, once it was visited in its turn. */
  private @Nullable FlowQueue visited;

  /** The items by worth, once an item lacked room. */
  private @Nullable TreeSet<Entry> worstFirst;

  private int readyItems;
  private int waitingItems;
  private long waitingBytes;

  ClassQueue(PriorityClass priorityClass, Set<PressureBand> holding) {
    this.priorityClass = priorityClass;
    this.holding = holding;
  }

  private record FlowKey(boolean isNamed, long stream, Destination to) {
    static FlowKey of(Entry entry) {
      Flow flow = entry.item.flow();
      return new FlowKey(flow.named(), flow.stream(), entry.to);
    }
  }

  /** The ready items of a flow, best first; never empty. */
  static final class FlowQueue {
    final Flow flow;
    final TreeSet<Entry> items;
    Entry best;
    long sentBytes;
    long deficitBytes;

    FlowQueue(Entry first, Comparator<Entry> order) {
      flow = first.item.flow();
      items = new TreeSet<>(order);
      best = first;
    }
  }

  /** Compares two items: the better one is the lesser. */
  int compare(Entry a, Entry b) {
    if (isSmallFirst) {
      int found = compareBySize(a, b);
      if (found != 0) {
        return found;
      }
    }
    if (a.merit != b.merit) {
      return a.merit > b.merit ? -1 : 1;
    }
    int found = Long.compare(a.tie, b.tie);
    if (found == 0) {
      found = Double.compare(b.item.efficiency(), a.item.efficiency());
    }
    return found == 0 ? Entry.BY_AGE.compare(a, b) : found;
  }

  private static int compareBySize(Entry a, Entry b) {
    if (a.isUrgent() != b.isUrgent()) {
      return a.isUrgent() ? -1 : 1;
    }
    return a.isUrgent() && a.merit != b.merit
        ? 0
        : Long.compare(a.item.sizeBytes(), b.item.sizeBytes());
  }

  /** Reports whether sizes decide between two items before merit does. */
  boolean isBySize(Entry one, Entry other) {
    return isSmallFirst && (!one.isUrgent() || one.merit == other.merit);
  }

  /** Orders small items first, or no longer. */
  void preferSmall(boolean isPreferred) {
    if (isPreferred == isSmallFirst) {
      return;
    }
    List<FlowQueue> all = List.copyOf(flows);
    List<Entry> due = List.copyOf(deadlines);
    flows.clear();
    deadlines.clear();
    isSmallFirst = isPreferred;
    for (FlowQueue flow : all) {
      List<Entry> items = List.copyOf(flow.items);
      flow.items.clear();
      flow.items.addAll(items);
      flow.best = flow.items.first();
      flows.add(flow);
    }
    deadlines.addAll(due);
  }

  /** Reports whether a band holds the class back. */
  boolean isHeld(PressureBand band) {
    return holding.contains(band);
  }

  int readyItems() {
    return readyItems;
  }

  int waitingItems() {
    return waitingItems;
  }

  long waitingBytes() {
    return waitingBytes;
  }

  /** Counts an item that begins ({@code 1}) or ceases ({@code -1}) to wait, ready or not. */
  void count(ContentItem item, int change) {
    waitingItems += change;
    waitingBytes += change * item.sizeBytes();
  }

  /** Reports whether the bounds of a class have room for an item without others of it. */
  boolean hasRoom(ContentItem coming, List<Entry> without, QueueLimits limits) {
    return waitingItems - without.size() < limits.maxItemsPerClass()
        && waitingBytes - Backlog.bytes(without) <= limits.maxBytesPerClass() - coming.sizeBytes();
  }

  int flowCount() {
    return ring.size();
  }

  /** Returns the first flows in the order of their turns. */
  List<FlowStats> flowStats(int most) {
    return ring.stream()
        .limit(most)
        .map(it -> new FlowStats(it.flow, it.sentBytes, it.deficitBytes))
        .toList();
  }

  /** Returns the item of each destination that waits longest. */
  Stream<Entry> oldest() {
    return ages.values().stream().map(TreeSet::first);
  }

  /** Returns the items that give way to others, the first one first. */
  TreeSet<Entry> worstFirst() {
    TreeSet<Entry> worst = worstFirst;
    if (worst == null) {
      worst = new TreeSet<>(WORST_FIRST);
      for (FlowQueue flow : flows) {
        worst.addAll(flow.items);
      }
      worstFirst = worst;
    }
    return worst;
  }

  void add(Entry entry) {
    FlowKey key = FlowKey.of(entry);
    FlowQueue flow = byKey.get(key);
    boolean isNew = flow == null;
    if (flow == null) {
      flow = new FlowQueue(entry, this::compare);
      byKey.put(key, flow);
      ring.add(flow);
    }
    flow.items.add(entry);
    if (isNew) {
      flows.add(flow);
    } else if (compare(entry, flow.best) < 0) {
      flows.remove(flow);
      flow.best = entry;
      flows.add(flow);
    }
    entry.flow = flow;
    ages.computeIfAbsent(entry.to, to -> new TreeSet<>(Entry.BY_AGE)).add(entry);
    if (worstFirst != null) {
      worstFirst.add(entry);
    }
    readyItems++;
    quantum = Math.max(quantum, entry.item.sizeBytes());
  }

  void remove(Entry entry) {
    FlowQueue flow = flowOf(entry);
    flow.items.remove(entry);
    if (flow.best == entry) {
      flows.remove(flow);
      if (flow.items.isEmpty()) {
        byKey.remove(FlowKey.of(entry));
        ring.remove(flow);
        visited = visited == flow ? null : visited;
      } else {
        flow.best = flow.items.first();
        flows.add(flow);
      }
    }
    ages.computeIfPresent(entry.to, (to, all) -> all.remove(entry) && all.isEmpty() ? null : all);
    if (worstFirst != null) {
      worstFirst.remove(entry);
    }
    entry.flow = null;
    readyItems--;
    quantum = readyItems == 0 ? LEAST_QUANTUM : quantum;
  }

  private static FlowQueue flowOf(Entry entry) {
    return Objects.requireNonNull(entry.flow, "flow");
  }

  /** Lets the flow of an item pay for it, in turn or not. */
  void pay(Entry entry) {
    FlowQueue flow = flowOf(entry);
    flow.sentBytes = SaturatedSum.of(flow.sentBytes, entry.item.sizeBytes());
    flow.deficitBytes = Math.max(flow.deficitBytes - entry.charge(), -MOST_BYTES);
  }

  /** Finds the best item that may go; null if none may. */
  @Nullable Entry best(Predicate<Entry> lets) {
    for (FlowQueue flow : flows) {
      if (lets.test(flow.best)) {
        return flow.best;
      }
    }
    return null;
  }

  /** Finds the best item of the first flow in turn whose item may go, and turns to that flow. */
  @Nullable Entry nextInTurn(Predicate<Entry> lets) {
    List<FlowQueue> later = new ArrayList<>(0);
    for (FlowQueue flow : ring) {
      boolean isNow = visits(flow) == (flow == visited ? 0 : 1);
      if (!isNow) {
        later.add(flow);
      } else if (lets.test(flow.best)) {
        return turnTo(flow);
      }
    }
    if (later.size() > 1) {
      if (later.get(0) == visited) {
        // The turn comes back to its holder behind all others.
        later.add(later.remove(0));
      }
      later.sort(Comparator.comparingLong(this::visits));
    }
    for (FlowQueue flow : later) {
      if (lets.test(flow.best)) {
        return turnTo(flow);
      }
    }
    return null;
  }

  /** Returns the number of visits until a flow can pay for its best item; 0 in its turn. */
  private long visits(FlowQueue flow) {
    long missing = flow.best.charge() - flow.deficitBytes;
    return missing > 0 ? (missing - 1) / credit(flow) + 1 : flow == visited ? 0 : 1;
  }

  private long credit(FlowQueue flow) {
    int weight = flow.flow.weight();
    return quantum > MOST_BYTES / weight ? MOST_BYTES : quantum * weight;
  }

  /** Moves the turn to a flow, whose best item it returns; who could pay before was refused. */
  private Entry turnTo(FlowQueue flow) {
    long rounds = visits(flow);
    if (rounds == 0) {
      return flow.best;
    }
    FlowQueue holder = visited;
    if (holder != null) {
      visit(holder, 0);
      visited = null;
      moveBack(holder);
    }
    if (rounds > 1) {
      ring.forEach(it -> visit(it, rounds - 1));
    }
    for (FlowQueue it = ring.iterator().next(); it != flow; it = ring.iterator().next()) {
      visit(it, 1);
      moveBack(it);
    }
    flow.deficitBytes += credit(flow);
    visited = flow;
    return flow.best;
  }

  private void visit(FlowQueue flow, long times) {
    flow.deficitBytes =
        visits(flow) <= times ? flow.best.charge() - 1 : flow.deficitBytes + times * credit(flow);
  }

  private void moveBack(FlowQueue flow) {
    ring.remove(flow);
    ring.add(flow);
  }
}
