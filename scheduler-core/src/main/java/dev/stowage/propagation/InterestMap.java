package dev.stowage.propagation;

import dev.stowage.pressure.Nanos;
import dev.stowage.propagation.InterestDeclaration.InterestLevel;
import dev.stowage.propagation.outbox.ClockGate;
import dev.stowage.propagation.outbox.Subscription;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Interests by state and by node, ordered by id; the time is the latest given to any method. */
public final class InterestMap {
  /** The greatest distance of a declaration from the latest time: 5 s ahead. */
  public static final long MOST_AHEAD_NANOS = 5_000_000_000L;

  private final Map<StateId, TreeMap<NodeId, Subscription>> byState = new HashMap<>();
  private final Map<NodeId, TreeMap<StateId, Subscription>> byNode = new HashMap<>();
  private final TreeSet<Subscription> byExpiry = new TreeSet<>(Subscription::byExpiry);
  private final long[] answers = new long[InterestAnswer.values().length];
  private @Nullable InterestWatcher watcher;
  private final ClockGate clock = new ClockGate();
  private long size;
  private long expired;

  /** Creates an empty map. */
  public InterestMap() {}

  /** Registers interest that holds until it is revoked. */
  public InterestAnswer register(NodeId node, StateId state, InterestLevel level) {
    return register(InterestDeclaration.permanent(node, state, level), clock.latest());
  }

  /** Registers or replaces a declaration, unless expired or {@link #MOST_AHEAD_NANOS} ahead. */
  public InterestAnswer register(InterestDeclaration declaration, long nowNanos) {
    Objects.requireNonNull(declaration, "declaration");
    if (watcher != null) {
      watcher.declaring(declaration, nowNanos);
    }
    if (clock.read(nowNanos) == ClockVerdict.AHEAD) {
      return counted(InterestAnswer.CLOCK_AHEAD);
    }
    takeOut();
    return counted(judge(declaration, clock.latest()));
  }

  private InterestAnswer judge(InterestDeclaration declaration, long now) {
    if (!declaration.isPermanent()) {
      if (declaration.isExpired(now)) {
        return InterestAnswer.EXPIRED;
      }
      if (clock.hasTime() && declaration.declaredAtNanos() > Nanos.plus(now, MOST_AHEAD_NANOS)) {
        return InterestAnswer.FROM_THE_FUTURE;
      }
    }
    Subscription known = find(declaration.node(), declaration.state());
    if (declaration.level() == InterestLevel.NONE) {
      if (known == null) {
        return InterestAnswer.UNKNOWN;
      }
      end(known, false);
      return InterestAnswer.REMOVED;
    }
    if (known == null) {
      begin(declaration);
      return InterestAnswer.REGISTERED;
    }
    byExpiry.remove(known);
    known.declaration = declaration;
    known.level = declaration.level();
    queue(known);
    return InterestAnswer.REPLACED;
  }

  /** Revokes a declaration. */
  public InterestAnswer unregister(NodeId node, StateId state) {
    if (watcher != null) {
      watcher.unregistering(node, state);
    }
    Subscription known = find(node, state);
    if (known == null) {
      return counted(InterestAnswer.UNKNOWN);
    }
    end(known, false);
    return counted(InterestAnswer.REMOVED);
  }

  /** Removes the declarations of a node and returns their number. */
  public int removeNode(NodeId node) {
    if (watcher != null) {
      watcher.removing(node);
    }
    TreeMap<StateId, Subscription> all = byNode.get(node);
    List<Subscription> gone = all == null ? List.of() : List.copyOf(all.values());
    gone.forEach(subscription -> end(subscription, false));
    return gone.size();
  }

  /** Removes and returns expired declarations in order; none at an implausible time. */
  public List<InterestDeclaration> expire(long nowNanos) {
    if (watcher != null) {
      watcher.expiring(nowNanos);
    }
    return clock.read(nowNanos) == ClockVerdict.AHEAD ? List.of() : takeOut();
  }

  List<InterestDeclaration> takeOut() {
    List<InterestDeclaration> gone = new ArrayList<>();
    while (!byExpiry.isEmpty() && byExpiry.first().declaration.isExpired(clock.latest())) {
      Subscription first = byExpiry.first();
      gone.add(first.declaration);
      expired++;
      end(first, true);
    }
    return gone;
  }

  /** Returns the nodes with any interest in a state. */
  public List<NodeId> interestedNodes(StateId state) {
    return nodesWithInterest(state, InterestLevel.LOW);
  }

  /** Returns the nodes with at least an interest of {@code least} in a state. */
  public List<NodeId> nodesWithInterest(StateId state, InterestLevel least) {
    List<NodeId> nodes = new ArrayList<>();
    for (Subscription subscription : subscriptions(state)) {
      if (subscription.level().compareTo(least) >= 0) {
        nodes.add(subscription.node);
      }
    }
    return nodes;
  }

  /** Returns the states that a node is interested in. */
  public List<StateId> nodeStates(NodeId node) {
    TreeMap<StateId, Subscription> all = byNode.get(node);
    return all == null ? List.of() : List.copyOf(all.keySet());
  }

  /** Returns the interest of a node in a state; {@link InterestLevel#NONE} if undeclared. */
  public InterestLevel interest(NodeId node, StateId state) {
    Subscription known = find(node, state);
    return known == null ? InterestLevel.NONE : known.level();
  }

  /** Returns the number of nodes interested in a state. */
  public int interestCount(StateId state) {
    TreeMap<NodeId, Subscription> all = byState.get(state);
    return all == null ? 0 : all.size();
  }

  /** Returns the number of declarations in force. */
  public long size() {
    return size;
  }

  /** Returns the number of declarations that have expired. */
  public long expiredCount() {
    return expired;
  }

  /** Returns the number of declarations with this answer. */
  public long answered(InterestAnswer answer) {
    return answers[answer.ordinal()];
  }

  @Nullable Subscription find(NodeId node, StateId state) {
    TreeMap<NodeId, Subscription> all = byState.get(state);
    return all == null ? null : all.get(node);
  }

  Iterable<Subscription> subscriptions(StateId state) {
    TreeMap<NodeId, Subscription> all = byState.get(state);
    return all == null ? List.of() : all.values();
  }

  List<InterestDeclaration> declarations() {
    List<InterestDeclaration> all = new ArrayList<>();
    new TreeMap<>(byState)
        .values()
        .forEach(of -> of.values().forEach(subscription -> all.add(subscription.declaration)));
    return all;
  }

  ClockGate clock() {
    return clock;
  }

  void attach(InterestWatcher watches) {
    if (watcher != null) {
      throw new IllegalStateException("the interest map belongs to another scheduler");
    }
    watcher = watches;
  }

  private void begin(InterestDeclaration declaration) {
    Subscription subscription = new Subscription(declaration);
    byState
        .computeIfAbsent(subscription.state, key -> new TreeMap<>())
        .put(subscription.node, subscription);
    byNode
        .computeIfAbsent(subscription.node, key -> new TreeMap<>())
        .put(subscription.state, subscription);
    queue(subscription);
    size++;
    if (watcher != null) {
      watcher.began(subscription);
    }
  }

  private void end(Subscription gone, boolean hasExpired) {
    byExpiry.remove(gone);
    drop(byState, gone.state, gone.node);
    drop(byNode, gone.node, gone.state);
    size--;
    if (watcher != null) {
      watcher.ended(gone, hasExpired);
    }
  }

  private static <A, B> void drop(Map<A, TreeMap<B, Subscription>> index, A first, B second) {
    TreeMap<B, Subscription> all = index.get(first);
    if (all != null) {
      all.remove(second);
      if (all.isEmpty()) {
        index.remove(first);
      }
    }
  }

  private void queue(Subscription subscription) {
    if (!subscription.declaration.isPermanent()) {
      byExpiry.add(subscription);
    }
  }

  private InterestAnswer counted(InterestAnswer answer) {
    answers[answer.ordinal()]++;
    return answer;
  }

  /** The result of a declaration of interest. */
  public enum InterestAnswer {
    /** The declaration is new. */
    REGISTERED,
    /** The declaration replaced an earlier one. */
    REPLACED,
    /** An earlier declaration was revoked. */
    REMOVED,
    /** There was no declaration to revoke; nothing changed. */
    UNKNOWN,
    /** The declaration had already expired; nothing changed. */
    EXPIRED,
    /** The declaration was too far ahead of the clock; nothing changed. */
    FROM_THE_FUTURE,
    /** The given time was implausibly far ahead of the latest; nothing changed. */
    CLOCK_AHEAD
  }
}
