package dev.stowage.propagation;

import dev.stowage.evidence.EvidenceException;
import dev.stowage.evidence.EvidenceHeader;
import dev.stowage.evidence.EvidenceLog;
import dev.stowage.evidence.EvidenceRecord;
import dev.stowage.evidence.Replayable;
import dev.stowage.evidence.parts.PartKind;
import dev.stowage.evidence.parts.RecordWriter;
import dev.stowage.propagation.PropagationDecision.PropagationReason;
import dev.stowage.propagation.PropagationPlan.Outgoing;
import dev.stowage.propagation.PropagationRecords.Asked;
import dev.stowage.propagation.PropagationRecords.Declared;
import dev.stowage.propagation.PropagationRecords.Expired;
import dev.stowage.propagation.PropagationRecords.Expiring;
import dev.stowage.propagation.PropagationRecords.Forgotten;
import dev.stowage.propagation.PropagationRecords.Input;
import dev.stowage.propagation.PropagationRecords.Lost;
import dev.stowage.propagation.PropagationRecords.NodeRemoved;
import dev.stowage.propagation.PropagationRecords.Paused;
import dev.stowage.propagation.PropagationRecords.Pulled;
import dev.stowage.propagation.PropagationRecords.Refused;
import dev.stowage.propagation.PropagationRecords.Sent;
import dev.stowage.propagation.PropagationRecords.TopologyChanged;
import dev.stowage.propagation.PropagationRecords.TopologyUsed;
import dev.stowage.propagation.PropagationRecords.Unregistered;
import dev.stowage.propagation.PropagationRecords.Updated;
import dev.stowage.propagation.outbox.ExpiredNodes;
import dev.stowage.propagation.outbox.Outbox;
import dev.stowage.propagation.outbox.Planner;
import dev.stowage.propagation.outbox.SequenceWindow;
import dev.stowage.propagation.outbox.StateBook;
import dev.stowage.propagation.outbox.StatsTally;
import dev.stowage.propagation.outbox.Subscription;
import dev.stowage.propagation.outbox.Target;
import dev.stowage.propagation.topology.EdgeTopology;
import dev.stowage.propagation.topology.PropagationTopology.PropagationEdge;
import dev.stowage.propagation.topology.PropagationTopology.TopologyChange;
import dev.stowage.propagation.topology.PropagationTopology;
import dev.stowage.propagation.topology.StarTopology;
import dev.stowage.propagation.topology.TreeTopology;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Decides which interested nodes hear of an update, when, and at which quality. {@link #schedule}
 * returns a decision for every interested node; {@link #due} returns the deliveries whose delay is
 * over and whose target has the budget. A newer update of the state replaces a waiting one and
 * covers both, so that applying deliveries in order misses nothing.
 *
 * <p>The interest map and the topology may change between two calls, and belong to this scheduler
 * alone. Inputs and outcomes go to the {@link EvidenceLog}, if any; replaying the inputs repeats
 * the decisions. Confined to one thread at a time.
 */
@SuppressWarnings("exports") // given a topology by this package and by replays alone
public final class PropagationScheduler {
  private static final PartKind<PropagationConfig> KIND =
      new PartKind<>(
          "propagation-scheduler",
          PropagationRecords.ALL,
          PropagationConfig.SHAPE,
          (config, log) ->
              new Builder(new InterestMap(), new EdgeTopology())
                      .config(config)
                      .recording(log)
                      .fresh()
                  ::replay);

  private final PropagationConfig config;
  private final InterestMap interests;
  private final PropagationRecorder recorder;
  private final Outbox outbox;
  private final StatsTally tally = new StatsTally();
  private final Map<StateId, StateBook> books = new HashMap<>();
  private final ExpiredNodes expired = new ExpiredNodes();
  private final Planner planner;
  private PropagationTopology topology;

  private PropagationScheduler(Builder builder, PropagationRecorder recorder) {
    config = builder.config;
    interests = builder.interests;
    topology = builder.topology;
    this.recorder = recorder;
    outbox = new Outbox(config);
    planner = new Planner(config, outbox, tally);
    interests.clock().stepAtMost(config.longestStepNanos());
    interests.attach(new Interests());
  }

  /** Creates a builder of a scheduler over interests and a topology. */
  public static Builder builder(InterestMap interests, PropagationTopology topology) {
    return new Builder(interests, topology);
  }

  /** Creates a scheduler of the default settings that records nothing. */
  public static PropagationScheduler of(InterestMap interests, PropagationTopology topology) {
    return builder(interests, topology).build();
  }

  /** Returns the interest map. */
  public InterestMap interests() {
    return interests;
  }

  /** Returns the topology. */
  public PropagationTopology topology() {
    return topology;
  }

  /** Replaces the topology; waiting deliveries stay and are judged by the new one. */
  public void use(PropagationTopology next) {
    Objects.requireNonNull(next, "topology");
    next.attach(this::changed);
    topology.detach();
    topology = next;
    planner.topologyReplaced();
    recordTopology();
  }

  private void changed(TopologyChange change) {
    recorder.told(TopologyChanged.of(change));
  }

  private void recordTopology() {
    if (recorder.isOn()) {
      recorder.told(new TopologyUsed(RecordedTopology.of(topology)));
    }
  }

  /** Pauses the updates of a state; waiting deliveries are still released. */
  public void pause(StateId state) {
    recorder.told(new Paused(state, true));
    book(state).paused = true;
  }

  /** Resumes the updates of a state. */
  public void resume(StateId state) {
    recorder.told(new Paused(state, false));
    book(state).paused = false;
  }

  /** Plans an update. */
  public PropagationPlan schedule(StateUpdate update, long nowNanos) {
    Objects.requireNonNull(update, "update");
    recorder.told(new Updated(nowNanos, update));
    if (interests.clock().read(nowNanos) == ClockVerdict.AHEAD) {
      return refused(update, PropagationReason.CLOCK_AHEAD);
    }
    long now = interests.clock().latest();
    interests.takeOut();
    StateBook known = books.get(update.state());
    if (known != null && known.paused) {
      return refused(update, PropagationReason.PAUSED);
    }
    StateBook book = book(update.state());
    SequenceWindow window = book.source(update.source());
    SequenceWindow.Verdict news = window.judge(update.sequence());
    if (news == SequenceWindow.Verdict.DUPLICATE) {
      return refused(update, PropagationReason.DUPLICATE);
    }
    tally.gaps(window.note(update.sequence()));
    if (news == SequenceWindow.Verdict.LATE) {
      return refused(update, PropagationReason.SUPERSEDED);
    }
    book.version++;
    tally.accepted();
    PropagationPlan.Planned planned =
        planner.plan(
            new Planner.Task(update, book.version, topology, now),
            interests.subscriptions(update.state()),
            expired.take(update.state()));
    recorder.planned(planned);
    return planned;
  }

  private PropagationPlan refused(StateUpdate update, PropagationReason reason) {
    tally.notSent(reason);
    recorder.decided(new Refused(update.state(), update.source(), update.sequence(), reason));
    return new PropagationPlan.Refused(update, reason);
  }

  /** Returns the deliveries to send now. Call it at {@link #nextDueAt} and after every update. */
  public Outgoing due(long nowNanos) {
    ClockVerdict verdict = interests.clock().read(nowNanos);
    recorder.asked(nowNanos, verdict, interests.clock().stepNanos());
    if (verdict == ClockVerdict.AHEAD) {
      return new Outgoing(List.of(), List.of(), verdict);
    }
    long now = interests.clock().latest();
    interests.takeOut();
    Planner.Releasing releasing = planner.releasing(topology, now);
    outbox.release(now, releasing);
    Outgoing outgoing = releasing.outgoing(verdict);
    recorder.released(outgoing);
    return outgoing;
  }

  /** Returns the time of the next delivery; a past time means now, empty means none waits. */
  public OptionalLong nextDueAt() {
    return outbox.nextAt();
  }

  /**
   * Charges a node for {@code bytes} that the host sent within {@code latencyNanos}, each at least
   * 0; returns false for an unknown node, which is not charged.
   */
  public boolean recordSend(NodeId node, long bytes, long latencyNanos, long nowNanos) {
    if (bytes < 0 || latencyNanos < 0) {
      throw new IllegalArgumentException(
          "bytes is " + bytes + ", latencyNanos " + latencyNanos + "; at least 0 is accepted");
    }
    recorder.told(new Sent(nowNanos, node, bytes, latencyNanos));
    interests.clock().read(nowNanos);
    if (outbox.find(node) == null && !topology.contains(node)) {
      tally.unknownNode();
      return false;
    }
    tally.sent(bytes, latencyNanos);
    outbox.charge(outbox.target(node), bytes, time());
    return true;
  }

  /** Reports whether a node's budget holds {@code bytes}, at least 0, now. */
  public boolean hasBandwidth(NodeId node, long bytes, long nowNanos) {
    if (bytes < 0) {
      throw new IllegalArgumentException("bytes is " + bytes + "; at least 0 is accepted");
    }
    Target target = outbox.find(node);
    long now = Math.max(nowNanos, time());
    return bytes <= (target == null ? config.budgetBytesPerSecond() : outbox.tokens(target, now));
  }

  /** Makes the next delivery to a node say everything; returns false for an uninterested node. */
  public boolean lost(NodeId node, StateId state) {
    recorder.told(new Lost(node, state));
    Subscription known = interests.find(node, state);
    if (known == null) {
      tally.unknownNode();
      return false;
    }
    known.held = Subscription.HOLDS_NOTHING;
    return true;
  }

  /**
   * Records that a node pulled the newest version: a waiting delivery is superseded, and {@code
   * bytes}, at least 0, are charged. Returns false for an uninterested node.
   */
  public boolean pulled(NodeId node, StateId state, long bytes, long nowNanos) {
    if (bytes < 0) {
      throw new IllegalArgumentException("bytes is " + bytes + "; at least 0 is accepted");
    }
    recorder.told(new Pulled(nowNanos, node, state, bytes));
    interests.clock().read(nowNanos);
    Subscription known = interests.find(node, state);
    if (known == null) {
      tally.unknownNode();
      return false;
    }
    if (known.waiting != null) {
      tally.notSent(PropagationReason.SUPERSEDED);
      outbox.remove(known.waiting, time());
    }
    known.held = book(state).version;
    tally.sent(bytes, 0);
    outbox.charge(targetOf(known), bytes, time());
    return true;
  }

  /** Forgets a state with its interests, and returns the number of interested nodes. */
  public int forget(StateId state) {
    List<NodeId> nodes = interests.interestedNodes(state);
    nodes.forEach(node -> interests.unregister(node, state));
    recorder.told(new Forgotten(state));
    books.remove(state);
    expired.take(state);
    return nodes.size();
  }

  /** Returns the number of accepted updates of a state. */
  public long version(StateId state) {
    StateBook book = books.get(state);
    return book == null ? 0 : book.version;
  }

  /** Returns the version that a node was given last; empty if it cannot be continued. */
  public OptionalLong held(NodeId node, StateId state) {
    Subscription known = interests.find(node, state);
    return known == null || known.held == Subscription.HOLDS_NOTHING
        ? OptionalLong.empty()
        : OptionalLong.of(known.held);
  }

  /** Reports whether a delivery to a node waits. */
  public boolean isWaiting(NodeId node, StateId state) {
    Subscription known = interests.find(node, state);
    return known != null && known.waiting != null;
  }

  /** Returns the statistics. */
  public PropagationStats stats() {
    return tally.stats(interests.clock());
  }

  /** Returns the header of a log from which a scheduler with {@code config} is replayed. */
  public static EvidenceHeader header(PropagationConfig config, String libraryVersion) {
    return KIND.header(config, libraryVersion);
  }

  /** Returns a factory of schedulers for replay from recorded settings. */
  public static Replayable.Factory factory() {
    return KIND;
  }

  private void replay(EvidenceRecord record) {
    Input input = PropagationRecords.ALL.input(record);
    try {
      tell(input);
    } catch (IllegalArgumentException | IllegalStateException refused) {
      throw new EvidenceException.Malformed(
          0, "record " + record.index() + " is no input: " + refused.getMessage());
    }
    recorder.flush();
  }

  private void tell(Input input) {
    if (input instanceof Updated updated) {
      schedule(updated.update(), updated.atNanos());
    } else if (input instanceof Asked asked) {
      due(asked.atNanos());
    } else if (input instanceof Sent sent) {
      recordSend(sent.node(), sent.bytes(), sent.latencyNanos(), sent.atNanos());
    } else if (input instanceof Lost lost) {
      lost(lost.node(), lost.state());
    } else if (input instanceof Pulled pulled) {
      pulled(pulled.node(), pulled.state(), pulled.bytes(), pulled.atNanos());
    } else if (input instanceof Forgotten forgotten) {
      forget(forgotten.state());
    } else if (input instanceof Paused paused && paused.paused()) {
      pause(paused.state());
    } else if (input instanceof Paused paused) {
      resume(paused.state());
    } else {
      tellWhoIsThere(input);
    }
  }

  private void tellWhoIsThere(Input input) {
    if (input instanceof Declared declared) {
      interests.register(declared.declaration(), declared.atNanos());
    } else if (input instanceof Unregistered gone) {
      interests.unregister(gone.node(), gone.state());
    } else if (input instanceof NodeRemoved gone) {
      interests.removeNode(gone.node());
    } else if (input instanceof Expiring expiring) {
      interests.expire(expiring.atNanos());
    } else if (input instanceof TopologyUsed used) {
      use(used.topology().build());
    } else if (input instanceof TopologyChanged change) {
      change(change);
    }
  }

  private void change(TopologyChanged to) {
    switch (to.change()) {
      case ADDED -> topology.add(to.node(), to.linkOrDefault());
      case REMOVED -> topology.remove(to.node());
      case LINKED -> {
        if (topology instanceof StarTopology star) {
          star.link(to.node(), to.linkOrDefault());
        } else if (topology instanceof TreeTopology tree) {
          tree.link(to.node(), to.linkOrDefault());
        }
      }
      case CONNECTED -> {
        if (topology instanceof EdgeTopology edges) {
          edges.connect(new PropagationEdge(to.node(), to.other(), to.linkOrDefault()));
        }
      }
      case DISCONNECTED -> {
        if (topology instanceof EdgeTopology edges) {
          edges.disconnect(to.node(), to.other());
        }
      }
    }
  }

  int targetCount() {
    return outbox.targetCount();
  }

  private long time() {
    return interests.clock().latest();
  }

  private StateBook book(StateId state) {
    return books.computeIfAbsent(state, key -> new StateBook());
  }

  private Target targetOf(Subscription subscription) {
    return Objects.requireNonNull(subscription.target, "target");
  }

  private void adopt(Subscription subscription) {
    expired.remove(subscription.state, subscription.node);
    Target target = outbox.target(subscription.node);
    target.subscriptions++;
    subscription.target = target;
    subscription.held = version(subscription.state) == 0 ? 0 : Subscription.HOLDS_NOTHING;
  }

  private final class Interests implements InterestWatcher {
    @Override
    public void declaring(InterestDeclaration declaration, long nowNanos) {
      recorder.told(new Declared(nowNanos, declaration));
    }

    @Override
    public void unregistering(NodeId node, StateId state) {
      recorder.told(new Unregistered(node, state));
    }

    @Override
    public void removing(NodeId node) {
      recorder.told(new NodeRemoved(node));
    }

    @Override
    public void expiring(long nowNanos) {
      recorder.told(new Expiring(nowNanos));
    }

    @Override
    public void began(Subscription subscription) {
      adopt(subscription);
    }

    @Override
    public void ended(Subscription subscription, boolean hasExpired) {
      if (hasExpired) {
        expired.add(subscription.state, subscription.node);
        tally.notSent(PropagationReason.EXPIRED);
        recorder.decided(new Expired(subscription.node, subscription.state));
      }
      if (subscription.waiting != null) {
        tally.withdrawn();
        outbox.remove(subscription.waiting, time());
      }
      Target target = targetOf(subscription);
      target.subscriptions--;
      outbox.retire(target, time());
    }
  }

  /** Builds a scheduler. Not thread-safe. */
  public static final class Builder {
    private final InterestMap interests;
    private final PropagationTopology topology;
    private PropagationConfig config = PropagationConfig.DEFAULT;
    private @Nullable EvidenceLog log;

    private Builder(InterestMap interests, PropagationTopology topology) {
      this.interests = Objects.requireNonNull(interests, "interests");
      this.topology = Objects.requireNonNull(topology, "topology");
    }

    /** Sets the settings; {@link PropagationConfig#DEFAULT} by default. */
    public Builder config(PropagationConfig settings) {
      this.config = Objects.requireNonNull(settings, "config");
      return this;
    }

    /** Sets the log; by default nothing is recorded. */
    public Builder recording(EvidenceLog into) {
      this.log = Objects.requireNonNull(into, "log");
      return this;
    }

    /** Creates the scheduler; throws {@link IllegalStateException} if map or topology is in use. */
    public PropagationScheduler build() {
      List<InterestDeclaration> declared = interests.declarations();
      long now = interests.clock().latest();
      PropagationScheduler scheduler = fresh();
      scheduler.topology.attach(scheduler::changed);
      scheduler.recordTopology();
      for (InterestDeclaration declaration : declared) {
        scheduler.recorder.told(new Declared(now, declaration));
        scheduler.adopt(
            Objects.requireNonNull(interests.find(declaration.node(), declaration.state())));
      }
      return scheduler;
    }

    private PropagationScheduler fresh() {
      RecordWriter writer = log == null ? RecordWriter.none() : RecordWriter.into(log);
      return new PropagationScheduler(this, new PropagationRecorder(writer));
    }
  }
}
