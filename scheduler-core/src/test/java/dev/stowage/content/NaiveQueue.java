package dev.stowage.content;

import dev.stowage.content.ContentItem.Flow;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The waiting items in a plain list, with the ring of each class beside it. */
final class NaiveQueue {
  private static final long QUANTUM = 65_536;

  final List<Waiting> ready = new ArrayList<>();
  final List<Waiting> backoff = new ArrayList<>();
  private final Map<PriorityClass, NaiveRing<Key>> rings = new TreeMap<>();

  /** The quantum of each class: at least the largest item since it was empty. */
  private final Map<PriorityClass, Long> quanta = new TreeMap<>();

  NaiveQueue() {
    for (PriorityClass c : PriorityClass.values()) {
      quanta.put(c, QUANTUM);
      rings.put(
          c,
          new NaiveRing<>(
              () -> Objects.requireNonNull(quanta.get(c)), f -> charge(ofFlow(c, f).get(0))));
    }
  }

  /** A flow: a stream, or what has none, to one destination. */
  record Key(boolean isNamed, long stream, Optional<String> to) {
    static Key of(Waiting waiting) {
      Flow flow = waiting.item.flow();
      return new Key(
          flow.named(),
          flow.stream(),
          Optional.ofNullable(waiting.item.details().destinationOrNull()));
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
      this.deadlineCounts = item.details().hasDeadline();
    }

    long deadline() {
      return item.details().deadlineOrNever();
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
            .thenComparing(w -> w.item.id(), Long::compareUnsigned);
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
        .thenComparing(w -> w.item.id(), Long::compareUnsigned);
  }

  static long charge(Waiting waiting) {
    return Math.max(1, waiting.item.sizeBytes());
  }

  boolean smallFirst;

  void add(Waiting waiting) {
    PriorityClass c = waiting.item.priorityClass();
    Key flow = Key.of(waiting);
    if (ofFlow(c, flow).isEmpty()) {
      ring(c).join(flow, waiting.item.flow().weight());
    }
    quanta.merge(c, waiting.item.sizeBytes(), Math::max);
    ready.add(waiting);
  }

  private NaiveRing<Key> ring(PriorityClass c) {
    return Objects.requireNonNull(rings.get(c));
  }

  void remove(Waiting waiting) {
    if (!ready.remove(waiting)) {
      backoff.remove(waiting);
      return;
    }
    PriorityClass c = waiting.item.priorityClass();
    Key flow = Key.of(waiting);
    if (ofFlow(c, flow).isEmpty()) {
      ring(c).leave(flow);
    }
    if (ready.stream().noneMatch(it -> it.item.priorityClass() == c)) {
      quanta.put(c, QUANTUM);
    }
  }

  /** Who goes in its turn, and which flows were asked before it and refused. */
  record InTurn(Waiting waiting, Set<Key> refused) {}

  /** Asks a class by turns; null if nothing may go. */
  @Nullable InTurn byTurns(PriorityClass c, Predicate<Waiting> lets) {
    Set<Key> refused = new HashSet<>();
    for (Key f = ring(c).firstBut(refused); f != null; f = ring(c).firstBut(refused)) {
      for (Waiting waiting : ofFlow(c, f)) {
        if (lets.test(waiting)) {
          return new InTurn(waiting, refused);
        }
      }
      refused.add(f);
    }
    return null;
  }

  /** A flow's items of a class, best first. */
  List<Waiting> ofFlow(PriorityClass c, Key flow) {
    return ready.stream()
        .filter(w -> w.item.priorityClass() == c && Key.of(w).equals(flow))
        .sorted(order(smallFirst))
        .toList();
  }

  void sentInTurn(InTurn turn) {
    ring(turn.waiting().item.priorityClass()).sendInTurn(charge(turn.waiting()), turn.refused());
    remove(turn.waiting());
  }

  void sentOutOfTurn(Waiting waiting) {
    Key flow = Key.of(waiting);
    ring(waiting.item.priorityClass()).sendOutOfTurn(flow, charge(waiting));
    remove(waiting);
  }
}
