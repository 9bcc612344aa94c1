package dev.stowage.propagation;

import dev.stowage.columns.Nanos;
import dev.stowage.columns.TokenBucket;
import dev.stowage.evidence.EvidenceHeader;
import dev.stowage.evidence.EvidenceLog;
import dev.stowage.evidence.Replayer.Replayable;
import dev.stowage.evidence.parts.PartKind;
import dev.stowage.evidence.parts.Recorded;
import dev.stowage.propagation.PropagationDecision.PropagationPriority;
import dev.stowage.propagation.PropagationDecision.PropagationReason;
import dev.stowage.propagation.PropagationRecords.Asked;
import dev.stowage.propagation.PropagationRecords.Input;
import dev.stowage.propagation.PropagationRecords.Outcome;
import dev.stowage.propagation.PropagationRecords.Registered;
import dev.stowage.propagation.PropagationRecords.Removed;
import dev.stowage.propagation.PropagationRecords.Sent;
import dev.stowage.propagation.PropagationRecords.Updated;
import dev.stowage.propagation.PropagationScheduler.PropagationPlan.Outgoing;
import dev.stowage.propagation.Recipient.InterestLevel;
import dev.stowage.shape.Declare;
import dev.stowage.shape.Form;
import dev.stowage.shape.Forms;
import dev.stowage.shape.Shape;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Decides which interested nodes hear of an update, when, and at which quality. {@link #schedule}
 * returns a decision for every interested node; {@link #due} returns the deliveries whose delay is
 * over and whose node has the budget. A newer update of the state replaces a waiting one and covers
 * both, so that applying deliveries in order misses nothing.
 *
 * <p>Each node is a row, with a token bucket that holds one second of budget. A delivery goes once
 * the bucket holds its bytes or is full, an urgent one a burst earlier. So at most {@code burst +
 * rate * w} bytes go to a node in a time {@code w}, plus a burst if any is urgent, plus the largest
 * delivery if that exceeds the burst. Confined to one thread at a time.
 */
public final class PropagationScheduler {
  private static final PartKind<PropagationConfig> KIND =
      new PartKind<>(
          "propagation-scheduler",
          PropagationRecords.ALL,
          PropagationConfig.SHAPE,
          (config, log) -> recording(config, log).shell);

  /** A time that is farther ahead of the latest is doubted until another one is near it: a day. */
  private static final long LONGEST_STEP_NANOS = 86_400 * Nanos.PER_SECOND;

  /** The wait for the budget beyond which a background update is dropped. */
  private static final long MOST_BACKGROUND_WAIT_NANOS = 2 * Nanos.PER_SECOND;

  private static final long NO_TIME = Long.MIN_VALUE;

  /** The most rows that are released at once, which bounds a record. */
  private static final int MOST_AT_ONCE = 50_000;

  private static final long HOLDS_NOTHING = -1;

  private static final class Row {
    final NodeId node;
    long state;
    InterestLevel level = InterestLevel.NONE;
    Link link;

    /** The version that the node was given last; 0 before the first. */
    long held;

    /** Null while full. */
    @Nullable TokenBucket bucket;

    @Nullable Waiting waiting;
    long dueAt;

    Row(Registered by) {
      node = by.node();
      state = by.state();
      link = by.link();
    }

    PropagationDecision decision(
        PropagationReason reason, PropagationPriority priority, long delay, int quality) {
      long path = link.active() ? link.latencyNanos() : Long.MAX_VALUE;
      return new PropagationDecision(node, reason, priority, delay, quality, path);
    }
  }

  /** A planned delivery. */
  private record Waiting(
      long version,
      PropagationPriority priority,
      int quality,
      boolean keyframe,
      long bytes,
      long plannedAt,
      long dueAt) {
    /** Keeps the older one's urgency and time, so that replacement does not delay it. */
    Waiting inPlaceOf(Waiting older) {
      return new Waiting(
          version,
          older.priority.compareTo(priority) < 0 ? priority : older.priority,
          quality,
          keyframe || older.keyframe,
          bytes,
          older.plannedAt,
          Math.min(older.dueAt, dueAt));
    }
  }

  private final long budget;
  private final Recorded<Input, Outcome> shell;
  private final PropagationStats.Tally tally = new PropagationStats.Tally();
  private final Map<NodeId, Row> rows = new HashMap<>();
  private final Map<Long, TreeMap<NodeId, Row>> interested = new HashMap<>();

  /** The rows with a waiting delivery, the next first. */
  private final TreeSet<Row> due =
      new TreeSet<>(Comparator.<Row>comparingLong(row -> row.dueAt).thenComparing(row -> row.node));

  /** The buckets of removed nodes, the oldest first: a node that comes back still owes. */
  private final LinkedHashMap<NodeId, TokenBucket> debts = new LinkedHashMap<>();

  /** The time of the latest recorded input that has one. */
  private long now = NO_TIME;

  private long latest = NO_TIME;
  private long doubted = NO_TIME;

  private PropagationScheduler(PropagationConfig config, @Nullable EvidenceLog log) {
    budget = config.budgetBytesPerSecond();
    shell = new Recorded<>(log, PropagationRecords.ALL, this::apply);
  }

  /** Creates a scheduler that records nothing. */
  public static PropagationScheduler of(PropagationConfig config) {
    return new PropagationScheduler(config, null);
  }

  /** Creates a scheduler that records its inputs and outcomes. */
  public static PropagationScheduler recording(PropagationConfig config, EvidenceLog log) {
    return new PropagationScheduler(config, Objects.requireNonNull(log, "log"));
  }

  /** Returns the header of a log from which a scheduler with {@code config} is replayed. */
  public static EvidenceHeader header(PropagationConfig config, String libraryVersion) {
    return KIND.header(config, libraryVersion);
  }

  /** Returns a factory of schedulers for replay from recorded settings. */
  public static Replayable.Factory factory() {
    return KIND;
  }

  /**
   * Registers a node's interest in a state (an unsigned id), over a link, or replaces it; {@link
   * InterestLevel#NONE} withdraws what waits for it. A node has one state at a time.
   */
  public void register(NodeId node, long state, InterestLevel level, Link link) {
    shell.apply(new Registered(node, state, level, link));
  }

  /** Removes a node. */
  public void remove(NodeId node) {
    shell.apply(new Removed(node));
  }

  /** Returns the nodes with an interest in a state, by id. */
  public List<NodeId> interestedNodes(long state) {
    return List.copyOf(interested.getOrDefault(state, new TreeMap<>()).keySet());
  }

  /** Returns the interest of a node in its state; {@link InterestLevel#NONE} if undeclared. */
  public InterestLevel interest(NodeId node) {
    return find(node).map(row -> row.level).orElse(InterestLevel.NONE);
  }

  /** Returns the link of a node; empty for an unknown one. */
  public Optional<Link> link(NodeId node) {
    return find(node).map(row -> row.link);
  }

  /** Reports whether a delivery to a node waits. */
  public boolean isWaiting(NodeId node) {
    return find(node).filter(row -> row.waiting != null).isPresent();
  }

  private Optional<Row> find(NodeId node) {
    return Optional.ofNullable(rows.get(node));
  }

  /** Plans an update. */
  public PropagationPlan schedule(StateUpdate update, long nowNanos) {
    return (PropagationPlan) shell.answer(new Updated(at(nowNanos), update));
  }

  /** Returns the deliveries to send now. Call it at {@link #nextDueAt} and after every update. */
  public Outgoing due(long nowNanos) {
    long time = at(nowNanos);
    return isDue(time) ? (Outgoing) shell.answer(new Asked(time)) : Outgoing.NONE;
  }

  /** Returns the time of the next delivery; a past time means now, empty means none waits. */
  public OptionalLong nextDueAt() {
    return due.isEmpty() ? OptionalLong.empty() : OptionalLong.of(due.first().dueAt);
  }

  /**
   * Charges a node for {@code bytes} that the host sent within {@code latencyNanos}, each at least
   * 0; returns false for an unknown node, which is not charged.
   */
  public boolean recordSend(NodeId node, long bytes, long latencyNanos, long nowNanos) {
    return charge(new Sent(at(nowNanos), node, bytes, latencyNanos, false));
  }

  /**
   * Records that a node pulled the newest version: a waiting delivery is superseded, and {@code
   * bytes}, at least 0, are charged. Returns false for an unknown node.
   */
  public boolean pulled(NodeId node, long bytes, long nowNanos) {
    return charge(new Sent(at(nowNanos), node, bytes, 0, true));
  }

  private boolean charge(Sent sent) {
    boolean isKnown = rows.containsKey(sent.node());
    if (isKnown) {
      shell.apply(sent);
    }
    return isKnown;
  }

  /** Returns the statistics. */
  public PropagationStats stats() {
    return tally.stats();
  }

  /** Returns the latest time given to any method; {@code Long.MIN_VALUE} before the first. */
  long latest() {
    return latest;
  }

  /** Returns the latest time for a reading before it, and for a lone one far ahead of it. */
  private long at(long nowNanos) {
    boolean isLeap = latest != NO_TIME && Nanos.between(latest, nowNanos) > LONGEST_STEP_NANOS;
    boolean isNearDoubted =
        doubted != NO_TIME
            && Nanos.between(doubted, nowNanos) <= LONGEST_STEP_NANOS
            && Nanos.between(nowNanos, doubted) <= LONGEST_STEP_NANOS;
    boolean isDoubted = isLeap && !isNearDoubted;
    doubted = isDoubted ? nowNanos : NO_TIME;
    latest = isDoubted ? latest : Math.max(latest, nowNanos);
    return latest;
  }

  private void apply(Input input, Consumer<Outcome> to) {
    if (input instanceof Registered registered) {
      put(registered);
    } else if (input instanceof Removed removed) {
      find(removed.node()).ifPresent(this::takeOut);
    } else if (input instanceof Updated updated) {
      now = updated.atNanos();
      to.accept(plan(updated.update()));
    } else if (input instanceof Asked asked) {
      now = asked.atNanos();
      to.accept(release());
    } else if (input instanceof Sent sent) {
      now = sent.atNanos();
      find(sent.node()).ifPresent(row -> charge(row, sent));
    }
  }

  private void put(Registered by) {
    Row row = rows.computeIfAbsent(by.node(), node -> new Row(by));
    row.bucket = row.bucket == null ? debts.remove(row.node) : row.bucket;
    boolean isSame = row.level != InterestLevel.NONE && row.state == by.state();
    if (!isSame || by.level() == InterestLevel.NONE) {
      withdraw(row);
      row.held = tally.updates == 0 ? 0 : HOLDS_NOTHING;
    }
    row.state = by.state();
    row.level = by.level();
    row.link = by.link();
    if (row.level != InterestLevel.NONE) {
      interested.computeIfAbsent(row.state, state -> new TreeMap<>()).put(row.node, row);
    }
  }

  private void withdraw(Row row) {
    row.waiting = null;
    due.remove(row);
    interested.computeIfPresent(
        row.state,
        (state, nodes) -> nodes.remove(row.node) != null && nodes.isEmpty() ? null : nodes);
  }

  private void takeOut(Row row) {
    withdraw(row);
    rows.remove(row.node);
    if (row.bucket != null) {
      debts.put(row.node, row.bucket);
    }
    // A bucket behind one that is not full yet stays longer than it must.
    Iterator<TokenBucket> oldest = debts.values().iterator();
    while (oldest.hasNext() && oldest.next().tokens(now) >= budget) {
      oldest.remove();
    }
  }

  private void charge(Row row, Sent sent) {
    if (sent.isNewest()) {
      row.held = tally.updates;
      if (row.waiting != null) {
        tally.notSent(PropagationReason.SUPERSEDED);
      }
      row.waiting = null;
    }
    tally.sent(sent.bytes(), sent.latencyNanos());
    take(row, sent.bytes());
    queue(row);
  }

  private PropagationPlan plan(StateUpdate update) {
    tally.updates++;
    List<PropagationDecision> decisions = new ArrayList<>();
    List<NodeId> superseded = new ArrayList<>();
    for (Row row : interested.getOrDefault(update.state(), new TreeMap<>()).values()) {
      PropagationDecision decision = decide(update, row, superseded);
      if (!decision.shouldSend()) {
        tally.notSent(decision.reason());
      }
      decisions.add(decision);
    }
    decisions.sort(null);
    return new PropagationPlan(tally.updates, decisions, superseded);
  }

  private PropagationDecision decide(StateUpdate update, Row to, List<NodeId> superseded) {
    PropagationPriority priority = to.level.priority().movedBy(update.priority());
    long delay = to.level.baseDelayNanos();
    int best = to.level.quality();
    int quality = Math.min(PropagationDecision.WORST_QUALITY, best + to.link.penalty());
    if (to.node.equals(update.source())) {
      return to.decision(PropagationReason.SOURCE, priority, delay, best);
    }
    if (!to.link.active()) {
      return to.decision(PropagationReason.UNREACHABLE, priority, delay, best);
    }
    // A first keyframe goes even to a node that wants major updates only.
    boolean isMajor =
        to.level != InterestLevel.LOW
            || update.keyframe()
            || update.significance() >= StateUpdate.MAJOR_FROM
            || to.held == HOLDS_NOTHING;
    if (!isMajor) {
      return to.decision(PropagationReason.NOT_MAJOR, priority, delay, quality);
    }
    Waiting older = to.waiting;
    Waiting waiting =
        new Waiting(
            tally.updates,
            priority,
            quality,
            update.keyframe(),
            update.sizes().get(quality),
            now,
            Nanos.plus(now, delay));
    if (older != null) {
      tally.notSent(PropagationReason.SUPERSEDED);
      superseded.add(to.node);
      waiting = waiting.inPlaceOf(older);
    }
    long wait = waitNanos(to, waiting);
    boolean isTooLong =
        waiting.priority == PropagationPriority.BACKGROUND && wait > MOST_BACKGROUND_WAIT_NANOS;
    to.waiting = isTooLong ? null : waiting;
    queue(to);
    return to.decision(
        isTooLong ? PropagationReason.BUDGET : PropagationReason.SENT,
        waiting.priority,
        Math.max(waiting.dueAt - now, wait),
        quality);
  }

  private long waitNanos(Row row, Waiting waiting) {
    long needed = Math.min(waiting.bytes, budget);
    // An urgent one may borrow a burst.
    long least = waiting.priority == PropagationPriority.URGENT ? needed - budget : needed;
    return row.bucket == null ? 0 : row.bucket.nanosUntilTokens(least, now);
  }

  private void take(Row row, long bytes) {
    if (bytes > 0) {
      if (row.bucket == null) {
        row.bucket = new TokenBucket(budget, budget, now);
      }
      row.bucket.take(bytes, now);
    }
  }

  private void queue(Row row) {
    due.remove(row);
    Waiting waiting = row.waiting;
    if (waiting != null) {
      boolean isReady = waiting.dueAt <= now;
      row.dueAt = isReady ? Nanos.plus(now, waitNanos(row, waiting)) : waiting.dueAt;
      due.add(row);
    }
  }

  private boolean isDue(long time) {
    return !due.isEmpty() && due.first().dueAt <= time;
  }

  private Outgoing release() {
    List<Delivery> deliveries = new ArrayList<>();
    List<PropagationDecision> dropped = new ArrayList<>();
    // Takes each once: at the end of time a waiting row would be due again at once.
    List<Row> ready = new ArrayList<>();
    while (isDue(now) && ready.size() < MOST_AT_ONCE) {
      ready.add(due.pollFirst());
    }
    for (Row row : ready) {
      Waiting waiting = Objects.requireNonNull(row.waiting);
      if (waitNanos(row, waiting) > 0) {
        boolean isTooLate =
            waiting.priority == PropagationPriority.BACKGROUND
                && Nanos.between(waiting.dueAt, now) > MOST_BACKGROUND_WAIT_NANOS;
        if (isTooLate) {
          dropped.add(drop(row, waiting, PropagationReason.BUDGET));
        }
      } else if (row.link.active()) {
        deliveries.add(sent(row, waiting));
      } else {
        dropped.add(drop(row, waiting, PropagationReason.UNREACHABLE));
      }
      queue(row);
    }
    deliveries.sort(Delivery::bySending);
    dropped.sort(null);
    return new Outgoing(deliveries, dropped);
  }

  private Delivery sent(Row to, Waiting waiting) {
    OptionalLong from = held(to);
    long waited = Nanos.between(waiting.plannedAt, now);
    to.held = waiting.version;
    to.waiting = null;
    take(to, waiting.bytes);
    tally.sent(waiting.bytes, Nanos.plus(waited, to.link.latencyNanos()));
    return new Delivery(
        to.node,
        from,
        waiting.version,
        waiting.keyframe || from.isEmpty(),
        waiting.priority,
        waiting.quality,
        waiting.bytes,
        to.link.latencyNanos());
  }

  private PropagationDecision drop(Row row, Waiting waiting, PropagationReason reason) {
    row.waiting = null;
    tally.notSent(reason);
    long delay = Math.max(0, waiting.dueAt - now);
    return row.decision(reason, waiting.priority, delay, waiting.quality);
  }

  private static OptionalLong held(Row row) {
    return row.held == HOLDS_NOTHING ? OptionalLong.empty() : OptionalLong.of(row.held);
  }

  /** The id of a node, an unsigned 64-bit number. */
  public record NodeId(long value) implements Comparable<NodeId> {
    static final Form<NodeId> FORM = Forms.unsigned(NodeId::new, NodeId::value);

    @Override
    public int compareTo(NodeId other) {
      return Long.compareUnsigned(value, other.value);
    }

    @Override
    public String toString() {
      return "node " + Long.toUnsignedString(value);
    }
  }

  /**
   * A planned update: its number among the updates of all states, the decisions in order of
   * sending, and the nodes for which it replaced one that waited.
   */
  public record PropagationPlan(
      long version, List<PropagationDecision> decisions, List<NodeId> superseded)
      implements Outcome {
    /** Copies the lists. */
    public PropagationPlan {
      decisions = List.copyOf(decisions);
      superseded = List.copyOf(superseded);
    }

    /** Returns the decisions to send, in order. */
    public List<PropagationDecision> sends() {
      return decisions.stream().filter(PropagationDecision::shouldSend).toList();
    }

    /** Deliveries in order, and the decisions on waiting updates that are not sent after all. */
    public record Outgoing(List<Delivery> deliveries, List<PropagationDecision> dropped)
        implements Outcome {
      static final Outgoing NONE = new Outgoing(List.of(), List.of());

      /** Copies the lists. */
      public Outgoing {
        deliveries = List.copyOf(deliveries);
        dropped = List.copyOf(dropped);
      }
    }
  }

  /**
   * A change of a state, whose id is an unsigned number, as reported by a source. There is a size
   * in bytes for each quality, the best one first. A keyframe needs no earlier update; the
   * significance is 0 to {@value #MOST_SIGNIFICANT}.
   */
  public record StateUpdate(
      @Declare(unsigned = true, subject = true) long state,
      NodeId source,
      PropagationPriority priority,
      List<Long> sizes,
      boolean keyframe,
      @Declare(least = 0, most = MOST_SIGNIFICANT) int significance) {
    /** The greatest significance, a million micro-points. */
    public static final int MOST_SIGNIFICANT = 1_000_000;

    /** The significance from which an update is a major one. */
    public static final int MAJOR_FROM = MOST_SIGNIFICANT / 2;

    /** The number of qualities. */
    public static final int QUALITIES = 4;

    static final Shape<StateUpdate> SHAPE =
        Shape.derived(
            "state_update",
            StateUpdate.class,
            row -> {
              row.value("source").subject("node");
              row.<List<Long>>value("sizes").must("four of at least 0", StateUpdate::areSizes);
            });

    /** Throws {@link IllegalArgumentException} for a size or significance out of range. */
    public StateUpdate(
        long state,
        NodeId source,
        PropagationPriority priority,
        List<Long> sizes,
        boolean keyframe,
        int significance) {
      this.state = state;
      this.source = Objects.requireNonNull(source, "source");
      this.priority = Objects.requireNonNull(priority, "priority");
      this.sizes = List.copyOf(sizes);
      this.keyframe = keyframe;
      this.significance = significance;
      SHAPE.checked(this);
    }

    /** Creates a normal update of one size that is no keyframe. */
    public static StateUpdate of(long state, NodeId source, long bytes) {
      List<Long> sizes = Collections.nCopies(QUALITIES, bytes);
      return new StateUpdate(state, source, PropagationPriority.NORMAL, sizes, false, 0);
    }

    private static boolean areSizes(List<Long> sizes) {
      return sizes.size() == QUALITIES && sizes.stream().allMatch(bytes -> bytes >= 0);
    }
  }
}
