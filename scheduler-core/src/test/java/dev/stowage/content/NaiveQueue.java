package dev.stowage.content;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The waiting items in a plain list, with the rings of each class beside it. */
final class NaiveQueue {
  private final ContentConfig config;
  final List<Waiting> ready = new ArrayList<>();
  final List<Waiting> backoff = new ArrayList<>();
  private final Map<PriorityClass, NaiveRing<String>> tenants = new TreeMap<>();
  private final Map<PriorityClass, Map<String, NaiveRing<Flow>>> flows = new TreeMap<>();

  NaiveQueue(ContentConfig config) {
    this.config = config;
    for (PriorityClass c : PriorityClass.values()) {
      tenants.put(c, new NaiveRing<>(config.quantumBytes(), t -> charge(firstOf(c, t))));
      flows.put(c, new TreeMap<>());
    }
  }

  static final class Waiting {
    final ContentItem item;
    final double merit;
    final long tie;
    long generation;
    long since;
    long readyAt;
    int failures;
    boolean deadlineCounts;
    boolean cancelled;

    Waiting(ContentItem item, double merit, long tie) {
      this.item = item;
      this.merit = merit + 0.0;
      this.tie = tie;
      this.deadlineCounts = item.details().deadline().isPresent();
    }

    long deadline() {
      return item.details().deadline().orElseThrow();
    }
  }

  /** The order within a class, and within a flow. */
  static Comparator<Waiting> order(boolean smallFirst) {
    Comparator<Waiting> bySize = Comparator.comparingLong(w -> w.item.sizeBytes());
    Comparator<Waiting> byMerit = (a, b) -> Double.compare(b.merit, a.merit);
    Comparator<Waiting> rest =
        byMerit
            .thenComparingLong(w -> w.tie)
            .thenComparing((a, b) -> Double.compare(b.item.efficiency(), a.item.efficiency()))
            .thenComparingLong(w -> w.generation)
            .thenComparing(w -> w.item.contentId());
    if (!smallFirst) {
      return rest;
    }
    Comparator<Waiting> small = bySize.thenComparing(rest);
    Comparator<Waiting> best = byMerit.thenComparing(small);
    return (a, b) ->
        isUrgent(a) != isUrgent(b)
            ? Boolean.compare(isUrgent(b), isUrgent(a))
            : (isUrgent(a) ? best : small).compare(a, b);
  }

  /** Reports whether no size outweighs the merit of an item. */
  static boolean isUrgent(Waiting waiting) {
    return waiting.merit >= 0x1p100 && !Double.isInfinite(waiting.merit);
  }

  static Comparator<Waiting> byAge() {
    return Comparator.<Waiting>comparingLong(w -> w.since)
        .thenComparingLong(w -> w.generation)
        .thenComparing(w -> w.item.contentId());
  }

  static long charge(Waiting waiting) {
    return Math.max(1, waiting.item.sizeBytes());
  }

  boolean smallFirst;

  void add(Waiting waiting) {
    PriorityClass c = waiting.item.priorityClass();
    Flow flow = identity(waiting.item.flow());
    String tenant = flow.tenant().name();
    Map<String, NaiveRing<Flow>> rings = flows.get(c);
    if (!rings.containsKey(tenant)) {
      rings.put(tenant, new NaiveRing<>(config.quantumBytes(), f -> charge(ofFlow(c, f).get(0))));
      tenants.get(c).join(tenant, waiting.item.flow().tenant().weight());
    }
    if (ofFlow(c, flow).isEmpty()) {
      rings.get(tenant).join(flow, waiting.item.flow().weight());
    }
    ready.add(waiting);
  }

  void remove(Waiting waiting) {
    if (!ready.remove(waiting)) {
      backoff.remove(waiting);
      return;
    }
    PriorityClass c = waiting.item.priorityClass();
    Flow flow = identity(waiting.item.flow());
    String tenant = flow.tenant().name();
    if (ofFlow(c, flow).isEmpty()) {
      NaiveRing<Flow> ring = flows.get(c).get(tenant);
      ring.leave(flow);
      if (ring.isEmpty()) {
        flows.get(c).remove(tenant);
        tenants.get(c).leave(tenant);
      }
    }
  }

  /** Who goes in its turn, and who was asked before it and refused. */
  record InTurn(Waiting waiting, Set<String> refusedTenants, Set<Flow> refusedFlows) {}

  /** Asks a class by turns; null if nothing may go. */
  @Nullable InTurn byTurns(PriorityClass c, Predicate<Waiting> lets) {
    Set<String> refusedTenants = new HashSet<>();
    NaiveRing<String> all = tenants.get(c);
    for (String t = all.firstBut(Set.of()); t != null; t = all.firstBut(refusedTenants)) {
      Set<Flow> refusedFlows = new HashSet<>();
      NaiveRing<Flow> ring = flows.get(c).get(t);
      for (Flow f = ring.firstBut(refusedFlows); f != null; f = ring.firstBut(refusedFlows)) {
        for (Waiting waiting : ofFlow(c, f)) {
          if (lets.test(waiting)) {
            return new InTurn(waiting, refusedTenants, refusedFlows);
          }
        }
        refusedFlows.add(f);
      }
      refusedTenants.add(t);
    }
    return null;
  }

  /** A flow's items of a class, best first. */
  List<Waiting> ofFlow(PriorityClass c, Flow flow) {
    return ready.stream()
        .filter(w -> w.item.priorityClass() == c && w.item.flow().isSameAs(flow))
        .sorted(order(smallFirst))
        .toList();
  }

  void sentInTurn(InTurn turn) {
    Waiting waiting = turn.waiting();
    PriorityClass c = waiting.item.priorityClass();
    String tenant = waiting.item.flow().tenant().name();
    // whose next item is which is asked before any pointer moves
    tenants.get(c).sendInTurn(charge(waiting), turn.refusedTenants());
    flows.get(c).get(tenant).sendInTurn(charge(waiting), turn.refusedFlows());
    remove(waiting);
  }

  void sentOutOfTurn(Waiting waiting) {
    PriorityClass c = waiting.item.priorityClass();
    Flow flow = identity(waiting.item.flow());
    String tenant = flow.tenant().name();
    tenants.get(c).sendOutOfTurn(tenant, charge(waiting));
    flows.get(c).get(tenant).sendOutOfTurn(flow, charge(waiting));
    remove(waiting);
  }

  private Waiting firstOf(PriorityClass c, String tenant) {
    return ofFlow(c, flows.get(c).get(tenant).first()).get(0);
  }

  private static Flow identity(Flow flow) {
    Tenant tenant = Tenant.of(flow.tenant().name());
    return new Flow(flow.named(), flow.stream(), tenant, 1);
  }
}
