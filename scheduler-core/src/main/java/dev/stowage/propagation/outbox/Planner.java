package dev.stowage.propagation.outbox;

import dev.stowage.pressure.Nanos;
import dev.stowage.propagation.ClockVerdict;
import dev.stowage.propagation.Delivery;
import dev.stowage.propagation.InterestDeclaration.InterestLevel;
import dev.stowage.propagation.Link.PathQuality;
import dev.stowage.propagation.NodeId;
import dev.stowage.propagation.PropagationConfig;
import dev.stowage.propagation.PropagationDecision.PropagationPriority;
import dev.stowage.propagation.PropagationDecision.PropagationReason;
import dev.stowage.propagation.PropagationDecision;
import dev.stowage.propagation.PropagationPlan.Outgoing;
import dev.stowage.propagation.PropagationPlan;
import dev.stowage.propagation.StateUpdate;
import dev.stowage.propagation.paths.Paths;
import dev.stowage.propagation.topology.PropagationTopology;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Decides for each target, and turns released deliveries into messages. */
public final class Planner {
  private final PropagationConfig config;
  private final Outbox outbox;
  private final StatsTally tally;
  private long nextOrder;
  private long replacements;

  public Planner(PropagationConfig config, Outbox outbox, StatsTally tally) {
    this.config = config;
    this.outbox = outbox;
    this.tally = tally;
  }

  public record Task(StateUpdate update, long version, PropagationTopology topology, long now) {}

  public void topologyReplaced() {
    replacements++;
  }

  private long topologyVersion(PropagationTopology topology) {
    return (replacements << 40) + topology.version();
  }

  public PropagationPlan.Planned plan(
      Task task, Iterable<Subscription> subscriptions, List<NodeId> expired) {
    DecisionOrder decisions = new DecisionOrder();
    List<PropagationDecision> superseded = new ArrayList<>();
    for (NodeId node : expired) {
      decisions.add(
          new PropagationDecision(
              node,
              PropagationReason.EXPIRED,
              PropagationPriority.BACKGROUND,
              0,
              PropagationDecision.WORST_QUALITY,
              Long.MAX_VALUE));
    }
    Paths paths = task.topology.reach(task.update.source());
    for (Subscription subscription : subscriptions) {
      PropagationDecision decision = decide(task, subscription, paths, superseded);
      if (!decision.shouldSend()) {
        tally.notSent(decision.reason());
      }
      decisions.add(decision);
    }
    superseded.sort(null);
    return new PropagationPlan.Planned(task.update, task.version, decisions.sorted(), superseded);
  }

  private PropagationDecision decide(
      Task task, Subscription to, Paths paths, List<PropagationDecision> superseded) {
    StateUpdate update = task.update;
    InterestLevel level = to.level();
    PropagationPriority priority = level.priority().movedBy(update.priority());
    long latency = Long.MAX_VALUE;
    int quality = level.quality();
    PropagationReason reason;
    if (to.node.equals(update.source())) {
      // The source holds the new version unless another source's update is on its way to it.
      to.held = to.held == task.version - 1 && to.waiting == null ? task.version : to.held;
      latency = 0;
      reason = PropagationReason.SOURCE;
    } else if (!paths.find(to.node)) {
      reason = PropagationReason.UNREACHABLE;
    } else {
      latency = paths.latencyNanos;
      int penalty = new PathQuality(latency, paths.narrowest).penalty();
      quality = Math.min(PropagationDecision.WORST_QUALITY, quality + penalty);
      if (!isMajor(update, to)) {
        reason = PropagationReason.NOT_MAJOR;
      } else {
        return send(task, to, new Way(priority, quality, latency), superseded);
      }
    }
    return new PropagationDecision(
        to.node, reason, priority, level.baseDelayNanos(), quality, latency);
  }

  private record Way(PropagationPriority priority, int quality, long latencyNanos) {}

  /** Sends a first keyframe even to a node that wants major updates only. */
  private boolean isMajor(StateUpdate update, Subscription to) {
    return to.level() != InterestLevel.LOW
        || update.keyframe()
        || update.significance() >= config.majorFrom()
        || to.held == Subscription.HOLDS_NOTHING;
  }

  private PropagationDecision send(
      Task task, Subscription to, Way way, List<PropagationDecision> superseded) {
    Target target = Objects.requireNonNull(to.target, "target");
    Waiting older = to.waiting;
    if (older != null) {
      outbox.remove(older, task.now);
      tally.notSent(PropagationReason.SUPERSEDED);
      superseded.add(older.decision(PropagationReason.SUPERSEDED, task.now));
    }
    Waiting waiting = waiting(task, to, way, older);
    long wait =
        older == null
            ? outbox.waitNanos(target, waiting.priority, waiting.bytes, task.now)
            : outbox.waitNanos(target, waiting, task.now);
    long delay = Math.max(waiting.dueAt - task.now, wait);
    PropagationReason reason = PropagationReason.SENT;
    if (waiting.priority == PropagationPriority.BACKGROUND
        && wait > config.mostBackgroundWaitNanos()) {
      reason = PropagationReason.BUDGET;
    } else {
      to.waiting = waiting;
      outbox.put(waiting, task.now);
    }
    return new PropagationDecision(
        to.node, reason, waiting.priority, delay, waiting.quality, way.latencyNanos);
  }

  /** Keeps the older one's place and time, so that replacement does not delay it. */
  private Waiting waiting(Task task, Subscription to, Way way, @Nullable Waiting older) {
    PropagationPriority priority =
        older == null || older.priority.compareTo(way.priority) < 0 ? way.priority : older.priority;
    long order = older == null ? nextOrder++ : older.order;
    Waiting waiting = new Waiting(to, task.update, priority, order);
    waiting.quality = way.quality;
    waiting.version = task.version;
    waiting.bytes = task.update.sizes().bytes(way.quality);
    waiting.plannedAt = older == null ? task.now : older.plannedAt;
    long dueAt = Nanos.plus(task.now, to.level().baseDelayNanos());
    waiting.dueAt = older == null ? dueAt : Math.min(older.dueAt, dueAt);
    waiting.keyframe = task.update.keyframe() || (older != null && older.keyframe);
    waiting.pathLatencyNanos = way.latencyNanos;
    waiting.topologyVersion = topologyVersion(task.topology);
    return waiting;
  }

  public Releasing releasing(PropagationTopology topology, long now) {
    return new Releasing(topology, now);
  }

  public final class Releasing implements Outbox.Release {
    private final PropagationTopology topology;
    private final long now;
    private final long version;
    private final List<Delivery> deliveries = new ArrayList<>();
    private final List<Outgoing.Dropped> dropped = new ArrayList<>();

    private Releasing(PropagationTopology topology, long now) {
      this.topology = topology;
      this.now = now;
      this.version = topologyVersion(topology);
    }

    @Override
    public boolean isSendable(Waiting waiting) {
      if (waiting.topologyVersion == version) {
        return true;
      }
      Paths paths = topology.reach(waiting.update.source());
      if (paths.find(waiting.subscription.node)) {
        waiting.pathLatencyNanos = paths.latencyNanos;
        return true;
      }
      drop(waiting, PropagationReason.UNREACHABLE);
      return false;
    }

    @Override
    public void sent(Waiting waiting) {
      Subscription to = waiting.subscription;
      boolean hasBase =
          to.held != Subscription.HOLDS_NOTHING
              && waiting.version - to.held <= config.retainedVersions();
      if (!hasBase) {
        tally.keyframeForced();
      }
      long waited = Nanos.between(waiting.plannedAt, now);
      deliveries.add(
          new Delivery(
              to.node,
              waiting.update,
              hasBase ? OptionalLong.of(to.held) : OptionalLong.empty(),
              waiting.version,
              waiting.keyframe || !hasBase,
              waiting.priority,
              waiting.quality,
              waiting.bytes,
              waited,
              waiting.pathLatencyNanos));
      to.held = waiting.version;
      tally.sent(waiting.bytes, Nanos.plus(waited, waiting.pathLatencyNanos));
    }

    @Override
    public void tooLate(Waiting waiting) {
      drop(waiting, PropagationReason.BUDGET);
    }

    private void drop(Waiting waiting, PropagationReason reason) {
      tally.notSent(reason);
      dropped.add(new Outgoing.Dropped(waiting.update.state(), waiting.decision(reason, now)));
    }

    public Outgoing outgoing(ClockVerdict clock) {
      deliveries.sort(Delivery::bySending);
      dropped.sort((a, b) -> {
        int byState = a.state().compareTo(b.state());
        return byState != 0 ? byState : a.decision().compareTo(b.decision());
      });
      return new Outgoing(deliveries, dropped, clock);
    }
  }
}
