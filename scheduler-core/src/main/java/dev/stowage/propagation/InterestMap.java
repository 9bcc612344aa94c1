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

/**
 * Who wants to hear of what. Declarations end when they are taken back or expire: those that have
 * are found by an ordered queue, so that expiry costs what expires, and removing a node costs its
 * own declarations. Lists are in the order of ids.
 *
 * <p>The map learns the time from {@link #expire} and {@link #register(InterestDeclaration, long)};
 * questions are answered as of the latest. One that belongs to a scheduler is told by it.
 */
public final class InterestMap {
  /** How far ahead of the latest time a declaration may be dated: 5 s. */
  public static final long MOST_AHEAD_NANOS = 5_000_000_000L;

  private final Map<StateId, TreeMap<NodeId, Subscription>> byState = new HashMap<>();
  private final Map<NodeId, TreeMap<StateId, Subscription>> byNode = new HashMap<>();
  private final TreeSet<Subscription> byExpiry = new TreeSet<>(Subscription::byExpiry);
  private final long[] answers = new long[InterestAnswer.values().length];
  private @Nullable InterestWatcher watcher;
  private final ClockGate clock = new ClockGate();
  private long size;
  private long expired;

  /** Nobody wants anything yet. */
  public InterestMap() {}

  /** Registers interest that holds until it is taken back. */
  public InterestAnswer register(NodeId node, StateId state, InterestLevel level) {
    return register(InterestDeclaration.permanent(node, state, level), clock.latest());
  }

  /**
   * Registers a declaration in place of an earlier one of this node and state; {@link
   * InterestLevel#NONE} takes that back. One that has expired already, or was declared more than
   * {@link #MOST_AHEAD_NANOS} from now, is refused.
   *
   * @param nowNanos the time; an earlier one than was given before is read as that
   */
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

  /** Takes a declaration back. */
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

  /**
   * Forgets a node: costs what it had declared.
   *
   * @return how many declarations it had
   */
  public int removeNode(NodeId node) {
    if (watcher != null) {
      watcher.removing(node);
    }
    TreeMap<StateId, Subscription> all = byNode.get(node);
    List<Subscription> gone = all == null ? List.of() : List.copyOf(all.values());
    gone.forEach(subscription -> end(subscription, false));
    return gone.size();
  }

  /**
   * Takes out what has expired.
   *
   * @param nowNanos the time; an earlier one than was given before is read as that, and one that is
   *     implausibly far ahead changes nothing
   * @return what has expired, in the order in which it did
   */
  public List<InterestDeclaration> expire(long nowNanos) {
    if (watcher != null) {
      watcher.expiring(nowNanos);
    }
    return clock.read(nowNanos) == ClockVerdict.AHEAD ? List.of() : takeOut();
  }

  /** Takes out what has expired at the latest time. */
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

  /** The nodes that want to hear of a state at all. */
  public List<NodeId> interestedNodes(StateId state) {
    return nodesWithInterest(state, InterestLevel.LOW);
  }

  /** The nodes that want to hear of a state at least this much. */
  public List<NodeId> nodesWithInterest(StateId state, InterestLevel least) {
    List<NodeId> nodes = new ArrayList<>();
    for (Subscription subscription : subscriptions(state)) {
      if (subscription.level().compareTo(least) >= 0) {
        nodes.add(subscription.node);
      }
    }
    return nodes;
  }

  /** The states that a node wants to hear of. */
  public List<StateId> nodeStates(NodeId node) {
    TreeMap<StateId, Subscription> all = byNode.get(node);
    return all == null ? List.of() : List.copyOf(all.keySet());
  }

  /** How much a node wants to hear of a state; {@link InterestLevel#NONE} if that is unknown. */
  public InterestLevel interest(NodeId node, StateId state) {
    Subscription known = find(node, state);
    return known == null ? InterestLevel.NONE : known.level();
  }

  /** How many nodes want to hear of a state. */
  public int interestCount(StateId state) {
    TreeMap<NodeId, Subscription> all = byState.get(state);
    return all == null ? 0 : all.size();
  }

  /** How many declarations hold. */
  public long size() {
    return size;
  }

  /** How many declarations have expired so far. */
  public long expiredCount() {
    return expired;
  }

  /** How often declarations were answered so. */
  public long answered(InterestAnswer answer) {
    return answers[answer.ordinal()];
  }

  @Nullable Subscription find(NodeId node, StateId state) {
    TreeMap<NodeId, Subscription> all = byState.get(state);
    return all == null ? null : all.get(node);
  }

  /** By node. */
  Iterable<Subscription> subscriptions(StateId state) {
    TreeMap<NodeId, Subscription> all = byState.get(state);
    return all == null ? List.of() : all.values();
  }

  /** Every declaration, by state and node. */
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

  /** What became of a declaration of interest. */
  public enum InterestAnswer {
    /** It is new. */
    REGISTERED,
    /** It took the place of an earlier one. */
    REPLACED,
    /** An earlier one was taken back. */
    REMOVED,
    /** There was none to take back; nothing changed. */
    UNKNOWN,
    /** It had expired when it came; nothing changed. */
    EXPIRED,
    /** It was declared further ahead of the clock than clocks may differ; nothing changed. */
    FROM_THE_FUTURE,
    /** The time it came with is implausibly far ahead of the latest; nothing changed. */
    CLOCK_AHEAD
  }
}
