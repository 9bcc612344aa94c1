package dev.stowage.swarm;

import dev.stowage.pressure.Nanos;
import dev.stowage.propagation.InterestDeclaration.InterestLevel;
import dev.stowage.propagation.InterestMap;
import dev.stowage.propagation.InterestMap.InterestAnswer;
import dev.stowage.propagation.Link;
import dev.stowage.propagation.NodeId;
import dev.stowage.propagation.PropagationConfig;
import dev.stowage.propagation.PropagationPlan;
import dev.stowage.propagation.PropagationScheduler;
import dev.stowage.propagation.PropagationStats;
import dev.stowage.propagation.StateId;
import dev.stowage.propagation.StateUpdate;
import dev.stowage.propagation.paths.NodeColumns;
import dev.stowage.propagation.topology.HubTopology;
import dev.stowage.propagation.topology.PropagationTopology;
import dev.stowage.propagation.topology.PropagationTopology.TopologyAnswer;
import dev.stowage.propagation.topology.StarTopology;
import dev.stowage.propagation.topology.TreeTopology;
import dev.stowage.swarm.SwarmUpdate.SwarmAnswer;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One broadcaster and many viewers. Viewers are sent picture and sound, lurkers the keyframes of
 * the picture alone. A few viewers are leaves of a star; when there are many, they pass on to each
 * other along a tree, and when enough have gone, the tree becomes a star again.
 *
 * <p>What is said goes out through the scheduler: ask {@link PropagationScheduler#due}. Whoever
 * joins late is sent one keyframe, forced for it alone. Belongs to one thread at a time.
 */
public final class Swarm {
  private final SwarmConfig config;
  private final NodeId broadcaster;
  private final StateId stream;
  private final LivestreamAuthority authority;
  private final PropagationScheduler scheduler;
  private final Map<Channel, TreeMap<NodeId, Long>> sequences = new EnumMap<>(Channel.class);

  /** Members beside the broadcaster, and whether they are active. */
  private final TreeMap<NodeId, Boolean> members = new TreeMap<>();

  private SwarmState state = SwarmState.INITIALIZING;
  private @Nullable Long keyframeAt;
  private int active;
  private int peak;
  private long joins;
  private long refusals;
  private long topologyChanges;

  /** What a member can say something on. */
  public enum Channel {
    /** The picture: the stream's own state. */
    VISUAL,
    /** The sound: the state behind it. */
    AUDIO,
    /** The chat: the state behind that. */
    CHAT
  }

  /**
   * A swarm that has not started.
   *
   * @param stream the state of its picture; sound and chat are the next two
   */
  public Swarm(SwarmConfig config, StateId stream, NodeId broadcaster) {
    this(
        config,
        new LivestreamAuthority(stream, broadcaster),
        broadcaster,
        PropagationScheduler.builder(new InterestMap(), new StarTopology(broadcaster))
            .config(PropagationConfig.DEFAULT.withBudget(config.budgetBytesPerSecond()))
            .build());
  }

  /**
   * A swarm over a scheduler of its own, for instance one that records or asks for proofs.
   *
   * @param authority who may say what; its sets must belong to no scheduler yet
   * @param scheduler with nobody interested and a star of the broadcaster alone
   */
  public Swarm(
      SwarmConfig config,
      LivestreamAuthority authority,
      NodeId broadcaster,
      PropagationScheduler scheduler) {
    this.config = Objects.requireNonNull(config, "config");
    this.authority = Objects.requireNonNull(authority, "authority");
    this.broadcaster = Objects.requireNonNull(broadcaster, "broadcaster");
    this.scheduler = Objects.requireNonNull(scheduler, "scheduler");
    stream = authority.visual().state();
    boolean isFresh =
        scheduler.topology() instanceof StarTopology star
            && star.centre().equals(broadcaster)
            && star.leafCount() == 0
            && scheduler.interests().size() == 0;
    if (!isFresh) {
      throw new IllegalArgumentException(
          "the scheduler has " + scheduler.topology().nodes() + "; " + broadcaster + " alone");
    }
    scheduler.use(authority.visual());
    scheduler.use(authority.audio());
    scheduler.use(authority.chat());
    for (Channel channel : Channel.values()) {
      sequences.put(channel, new TreeMap<>());
    }
  }

  // ---- its course ----

  /** Begins to take updates. */
  public SwarmAnswer start() {
    return move(SwarmState.INITIALIZING, SwarmState.ACTIVE);
  }

  /** Takes no updates until it is resumed. */
  public SwarmAnswer pause() {
    return move(SwarmState.ACTIVE, SwarmState.PAUSED);
  }

  /** Takes updates again. */
  public SwarmAnswer resume() {
    return move(SwarmState.PAUSED, SwarmState.ACTIVE);
  }

  /** Takes no updates ever again. */
  public SwarmAnswer end() {
    if (state == SwarmState.ENDED) {
      return SwarmAnswer.ALREADY_SO;
    }
    state = SwarmState.ENDED;
    return SwarmAnswer.DONE;
  }

  private SwarmAnswer move(SwarmState from, SwarmState to) {
    if (state == from) {
      state = to;
      return SwarmAnswer.DONE;
    }
    return switch (state) {
      case INITIALIZING -> SwarmAnswer.NOT_STARTED;
      case ACTIVE -> SwarmAnswer.ALREADY_SO;
      case PAUSED -> to == SwarmState.PAUSED ? SwarmAnswer.ALREADY_SO : SwarmAnswer.PAUSED;
      case ENDED -> SwarmAnswer.ENDED;
    };
  }

  // ---- its members ----

  /** A node joins, or a lurker becomes active: it wants picture and sound, soon. */
  public SwarmAnswer addViewer(NodeId node) {
    return admit(node, true);
  }

  /** A node joins, or a viewer only lurks from now on: keyframes of the picture, no sound. */
  public SwarmAnswer addLurker(NodeId node) {
    return admit(node, false);
  }

  private SwarmAnswer admit(NodeId node, boolean isActive) {
    if (state == SwarmState.ENDED) {
      return SwarmAnswer.ENDED;
    }
    if (node.equals(broadcaster)) {
      return SwarmAnswer.IS_BROADCASTER;
    }
    Boolean before = members.put(node, isActive);
    if (before != null && before == isActive) {
      return SwarmAnswer.ALREADY_SO;
    }
    active += (isActive ? 1 : 0) - (Boolean.TRUE.equals(before) ? 1 : 0);
    InterestMap interests = scheduler.interests();
    interests.register(node, stream, isActive ? InterestLevel.HIGH : InterestLevel.LOW);
    if (isActive) {
      interests.register(node, state(Channel.AUDIO), InterestLevel.HIGH);
    } else if (before != null) {
      interests.unregister(node, state(Channel.AUDIO));
    }
    if (before == null) {
      joins++;
      peak = Math.max(peak, members.size());
      scheduler.topology().add(node);
      reshape();
    }
    return SwarmAnswer.DONE;
  }

  /** A member wants to read the chat as well. */
  public SwarmAnswer joinChat(NodeId node) {
    if (!members.containsKey(node) && !node.equals(broadcaster)) {
      return SwarmAnswer.UNKNOWN_NODE;
    }
    InterestAnswer answer =
        scheduler.interests().register(node, state(Channel.CHAT), InterestLevel.MEDIUM);
    return answer == InterestAnswer.REGISTERED ? SwarmAnswer.DONE : SwarmAnswer.ALREADY_SO;
  }

  /** A member leaves. */
  public SwarmAnswer remove(NodeId node) {
    if (node.equals(broadcaster)) {
      return SwarmAnswer.IS_BROADCASTER;
    }
    Boolean before = members.remove(node);
    if (before == null) {
      return SwarmAnswer.UNKNOWN_NODE;
    }
    active -= before ? 1 : 0;
    scheduler.interests().removeNode(node);
    scheduler.topology().remove(node);
    reshape();
    return SwarmAnswer.DONE;
  }

  /** What connects a member has changed. */
  public SwarmAnswer link(NodeId node, Link link) {
    TopologyAnswer answer = ((HubTopology) scheduler.topology()).link(node, link);
    return switch (answer) {
      case DONE -> SwarmAnswer.DONE;
      case IS_HUB -> SwarmAnswer.IS_BROADCASTER;
      case UNKNOWN_NODE -> SwarmAnswer.UNKNOWN_NODE;
      default -> SwarmAnswer.ALREADY_SO;
    };
  }

  /** A tree above the threshold, a star clearly below it, what it was in between. */
  private void reshape() {
    boolean isTree = isTree();
    long viewers = members.size();
    long starBelow = (long) config.treeAbove() * SwarmConfig.STAR_BELOW_PERCENT;
    if (!isTree && viewers > config.treeAbove()) {
      TreeTopology tree = new TreeTopology(broadcaster, config.fanOut());
      replace(((HubTopology) scheduler.topology()).columns(), tree);
    } else if (isTree && viewers * 100 < starBelow) {
      replace(((HubTopology) scheduler.topology()).columns(), new StarTopology(broadcaster));
    }
  }

  private void replace(NodeColumns before, PropagationTopology next) {
    for (int position = 1; position < before.size(); position++) {
      next.add(before.node(position), before.linkOf(position));
    }
    scheduler.use(next);
    topologyChanges++;
  }

  // ---- what is said ----

  /**
   * The broadcaster shows something: a keyframe if one is due, or if it is the first.
   *
   * @param bytes how large it is, at least 0
   */
  public SwarmUpdate show(long bytes, long nowNanos) {
    return say(broadcaster, Channel.VISUAL, bytes, nowNanos);
  }

  /**
   * A member says something.
   *
   * @param bytes how large it is, at least 0
   */
  public SwarmUpdate say(NodeId speaker, Channel channel, long bytes, long nowNanos) {
    SwarmAnswer refusal = refusal(speaker, channel);
    if (refusal != SwarmAnswer.DONE) {
      refusals++;
      return new SwarmUpdate.Refused(refusal);
    }
    long sequence = sequence(speaker, channel) + 1;
    StateUpdate update = StateUpdate.of(state(channel), speaker, sequence).withBytes(bytes);
    boolean isKeyframe = channel == Channel.VISUAL && needsKeyframe(nowNanos);
    update = isKeyframe ? update.asKeyframe() : update;
    PropagationPlan plan = scheduler.schedule(update, nowNanos);
    if (plan instanceof PropagationPlan.Planned) {
      channelSequences(channel).put(speaker, sequence);
      keyframeAt = isKeyframe ? Long.valueOf(nowNanos) : keyframeAt;
    }
    return new SwarmUpdate.Created(update, plan);
  }

  private SwarmAnswer refusal(NodeId speaker, Channel channel) {
    boolean may =
        channel == Channel.CHAT
            ? authority.mayChat(speaker)
            : authority.visual().hasAuthority(speaker);
    return switch (state) {
      case INITIALIZING -> SwarmAnswer.NOT_STARTED;
      case PAUSED -> SwarmAnswer.PAUSED;
      case ENDED -> SwarmAnswer.ENDED;
      case ACTIVE -> may ? SwarmAnswer.DONE : SwarmAnswer.NO_AUTHORITY;
    };
  }

  /** Whether the next picture is a keyframe: none was shown yet, or the interval is over. */
  public boolean needsKeyframe(long nowNanos) {
    Long last = keyframeAt;
    return last == null || Nanos.between(last, nowNanos) >= config.keyframeIntervalNanos();
  }

  /** Whether a member joined too late to go on from anything, and has a keyframe to come. */
  public boolean needsKeyframe(NodeId node) {
    return members.containsKey(node) && scheduler.held(node, stream).isEmpty();
  }

  // ---- what is known ----

  /** Where it stands. */
  public SwarmState state() {
    return state;
  }

  /** The state of a channel. */
  public StateId state(Channel channel) {
    return stream.plus(channel.ordinal());
  }

  /** Who may say what. */
  public LivestreamAuthority authority() {
    return authority;
  }

  /** What delivers what is said. */
  public PropagationScheduler scheduler() {
    return scheduler;
  }

  /** Members beside the broadcaster, lurkers among them. */
  public int viewerCount() {
    return members.size();
  }

  /** Members that are no lurkers. */
  public int activeCount() {
    return active;
  }

  /** Whether viewers pass on to each other. */
  public boolean isTree() {
    return scheduler.topology() instanceof TreeTopology;
  }

  /** Whom the broadcaster sends to: all viewers, or those who pass on to the others. */
  public List<NodeId> targets() {
    return scheduler.topology().downstream(broadcaster);
  }

  /** To whom a member passes on what it is sent; empty in a star. */
  public List<NodeId> passesOnTo(NodeId member) {
    return scheduler.topology().downstream(member);
  }

  /** The sequence number of what a node said last on a channel; 0 before the first. */
  public long sequence(NodeId speaker, Channel channel) {
    return Optional.ofNullable(channelSequences(channel).get(speaker)).orElse(0L);
  }

  /** Counts of everything so far. */
  public SwarmStats stats() {
    return new SwarmStats(
        members.size(), active, joins, peak, refusals, topologyChanges, scheduler.stats());
  }

  private TreeMap<NodeId, Long> channelSequences(Channel channel) {
    return Objects.requireNonNull(sequences.get(channel));
  }

  /**
   * How a broadcast works.
   *
   * @param treeAbove a star with more viewers than this becomes a tree, at least 0; with fewer than
   *     {@value #STAR_BELOW_PERCENT} percent of it, a star again
   * @param fanOut the most nodes that one passes on to in a tree, at least 2
   * @param budgetBytesPerSecond what a viewer may be sent, at least 1
   * @param keyframeIntervalNanos after this long the next picture is a keyframe, at least 0
   */
  public record SwarmConfig(
      int treeAbove, int fanOut, long budgetBytesPerSecond, long keyframeIntervalNanos) {
    /** Below this share of the threshold a tree becomes a star again. */
    public static final int STAR_BELOW_PERCENT = 80;

    /** 50 viewers, fan-out 5, 500,000 bytes a second, a keyframe every two seconds. */
    public static final SwarmConfig DEFAULT =
        new SwarmConfig(50, 5, 500_000, 2_000 * Nanos.PER_MILLISECOND);

    /** Refuses what is out of range with {@link IllegalArgumentException}. */
    public SwarmConfig {
      if (treeAbove < 0 || fanOut < 2 || keyframeIntervalNanos < 0) {
        throw new IllegalArgumentException(
            "treeAbove is "
                + treeAbove
                + ", fanOut "
                + fanOut
                + ", keyframeIntervalNanos "
                + keyframeIntervalNanos
                + "; at least 0, 2 and 0");
      }
      if (budgetBytesPerSecond < 1
          || budgetBytesPerSecond > PropagationConfig.MOST_BYTES_PER_SECOND) {
        throw new IllegalArgumentException(
            "budgetBytesPerSecond is "
                + budgetBytesPerSecond
                + "; 1 to "
                + PropagationConfig.MOST_BYTES_PER_SECOND
                + " is accepted");
      }
    }

    /** The same with another threshold, at least 0. */
    public SwarmConfig withTreeAbove(int viewers) {
      return new SwarmConfig(viewers, fanOut, budgetBytesPerSecond, keyframeIntervalNanos);
    }
  }

  /** Where a swarm stands. */
  public enum SwarmState {
    /** It has not started. */
    INITIALIZING,
    /** It takes updates. */
    ACTIVE,
    /** It takes no updates for a while. */
    PAUSED,
    /** It is over. */
    ENDED
  }

  /**
   * What a swarm has seen.
   *
   * @param viewers members beside the broadcaster, lurkers among them
   * @param activeViewers those that are no lurkers
   * @param totalViewers how often somebody joined
   * @param peakViewers the most members at a time
   * @param refusedUpdates updates that the swarm did not take
   * @param topologyChanges how often a star became a tree or a tree a star
   * @param propagation what the scheduler did
   */
  public record SwarmStats(
      int viewers,
      int activeViewers,
      long totalViewers,
      int peakViewers,
      long refusedUpdates,
      long topologyChanges,
      PropagationStats propagation) {
    /** Refuses nulls. */
    public SwarmStats {
      Objects.requireNonNull(propagation, "propagation");
    }
  }
}
