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
 * A broadcast to many viewers; lurkers are sent only the keyframes of the picture. Few viewers are
 * leaves of a star, many pass on along a tree. A member who joins late is sent one keyframe.
 * Updates leave through {@link PropagationScheduler#due}. Belongs to one thread at a time.
 */
public final class Swarm {
  private final SwarmConfig config;
  private final NodeId broadcaster;
  private final StateId stream;
  private final LivestreamAuthority authority;
  private final PropagationScheduler scheduler;
  private final Map<Channel, TreeMap<NodeId, Long>> sequences = new EnumMap<>(Channel.class);

  /** Members except the broadcaster, true for active ones. */
  private final TreeMap<NodeId, Boolean> members = new TreeMap<>();

  private SwarmState state = SwarmState.INITIALIZING;
  private @Nullable Long keyframeAt;
  private int active;
  private int peak;
  private long joins;
  private long refusals;
  private long topologyChanges;

  /** A channel of the swarm. Its ordinal is the offset of its state from the stream's state. */
  public enum Channel {
    /** The picture. */
    VISUAL,
    /** The sound. */
    AUDIO,
    /** The chat. */
    CHAT
  }

  /** Creates a swarm. Its picture is state {@code stream}, sound and chat are the next two. */
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
   * Creates a swarm over a scheduler that has a star of the broadcaster and no interests or sets.
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
          "the topology of the scheduler has "
              + scheduler.topology().nodes()
              + "; a new star of "
              + broadcaster
              + " alone is accepted");
    }
    scheduler.use(authority.visual());
    scheduler.use(authority.audio());
    scheduler.use(authority.chat());
    for (Channel channel : Channel.values()) {
      sequences.put(channel, new TreeMap<>());
    }
  }

  /** Starts to take updates. */
  public SwarmAnswer start() {
    return move(SwarmState.INITIALIZING, SwarmState.ACTIVE);
  }

  /** Stops taking updates until {@link #resume}. */
  public SwarmAnswer pause() {
    return move(SwarmState.ACTIVE, SwarmState.PAUSED);
  }

  /** Resumes taking updates. */
  public SwarmAnswer resume() {
    return move(SwarmState.PAUSED, SwarmState.ACTIVE);
  }

  /** Ends the swarm for ever. */
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

  /** Adds an active member, or makes a lurker active: it wants picture and sound. */
  public SwarmAnswer addViewer(NodeId node) {
    return admit(node, true);
  }

  /** Adds a lurker, or makes a viewer one: it wants keyframes of the picture and no sound. */
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

  /** Adds a member's interest in the chat. */
  public SwarmAnswer joinChat(NodeId node) {
    if (!members.containsKey(node) && !node.equals(broadcaster)) {
      return SwarmAnswer.UNKNOWN_NODE;
    }
    InterestAnswer answer =
        scheduler.interests().register(node, state(Channel.CHAT), InterestLevel.MEDIUM);
    return answer == InterestAnswer.REGISTERED ? SwarmAnswer.DONE : SwarmAnswer.ALREADY_SO;
  }

  /** Removes a member. */
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

  /** Replaces the link of a member. */
  public SwarmAnswer link(NodeId node, Link link) {
    TopologyAnswer answer = ((HubTopology) scheduler.topology()).link(node, link);
    return switch (answer) {
      case DONE -> SwarmAnswer.DONE;
      case IS_HUB -> SwarmAnswer.IS_BROADCASTER;
      case UNKNOWN_NODE -> SwarmAnswer.UNKNOWN_NODE;
      default -> SwarmAnswer.ALREADY_SO;
    };
  }

  /** Switches to a tree above the threshold and to a star clearly below it, with hysteresis. */
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

  /** Schedules a picture of {@code bytes} bytes, at least 0, as a keyframe if one is due. */
  public SwarmUpdate show(long bytes, long nowNanos) {
    return say(broadcaster, Channel.VISUAL, bytes, nowNanos);
  }

  /** Schedules an update of {@code bytes} bytes, at least 0, of a member on a channel. */
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

  /** Reports whether the next picture is a keyframe: the first one, or the interval has passed. */
  public boolean needsKeyframe(long nowNanos) {
    Long last = keyframeAt;
    return last == null || Nanos.between(last, nowNanos) >= config.keyframeIntervalNanos();
  }

  /** Reports whether a member holds no picture yet and waits for a keyframe. */
  public boolean needsKeyframe(NodeId node) {
    return members.containsKey(node) && scheduler.held(node, stream).isEmpty();
  }

  /** Returns the state of the swarm. */
  public SwarmState state() {
    return state;
  }

  /** Returns the state of a channel. */
  public StateId state(Channel channel) {
    return stream.plus(channel.ordinal());
  }

  /** Returns the authorities of the swarm. */
  public LivestreamAuthority authority() {
    return authority;
  }

  /** Returns the scheduler that delivers the updates. */
  public PropagationScheduler scheduler() {
    return scheduler;
  }

  /** Returns the number of members except the broadcaster, lurkers included. */
  public int viewerCount() {
    return members.size();
  }

  /** Returns the number of members that are not lurkers. */
  public int activeCount() {
    return active;
  }

  /** Reports whether viewers pass updates on to each other. */
  public boolean isTree() {
    return scheduler.topology() instanceof TreeTopology;
  }

  /** Returns the nodes that the broadcaster sends to: all viewers, or the tree's first level. */
  public List<NodeId> targets() {
    return scheduler.topology().downstream(broadcaster);
  }

  /** Returns the nodes that a member passes updates on to; empty in a star. */
  public List<NodeId> passesOnTo(NodeId member) {
    return scheduler.topology().downstream(member);
  }

  /** Returns the sequence number of the last update of a node on a channel; 0 before the first. */
  public long sequence(NodeId speaker, Channel channel) {
    return Optional.ofNullable(channelSequences(channel).get(speaker)).orElse(0L);
  }

  /** Returns the counts so far. */
  public SwarmStats stats() {
    return new SwarmStats(
        members.size(), active, joins, peak, refusals, topologyChanges, scheduler.stats());
  }

  private TreeMap<NodeId, Long> channelSequences(Channel channel) {
    return Objects.requireNonNull(sequences.get(channel));
  }

  /**
   * The configuration of a swarm.
   *
   * @param treeAbove a star with more viewers becomes a tree, at least 0; with fewer than {@value
   *     #STAR_BELOW_PERCENT} percent, the tree becomes a star again
   * @param fanOut the most nodes that a node passes on to in a tree, at least 2
   * @param budgetBytesPerSecond the bytes per second that a viewer may be sent, at least 1
   * @param keyframeIntervalNanos the nanoseconds between two keyframes, at least 0
   */
  public record SwarmConfig(
      int treeAbove, int fanOut, long budgetBytesPerSecond, long keyframeIntervalNanos) {
    /** The percentage of the threshold below which a tree becomes a star again. */
    public static final int STAR_BELOW_PERCENT = 80;

    /** 50 viewers, fan-out 5, 500,000 bytes per second, a keyframe every two seconds. */
    public static final SwarmConfig DEFAULT =
        new SwarmConfig(50, 5, 500_000, 2_000 * Nanos.PER_MILLISECOND);

    /** Throws {@link IllegalArgumentException} if a component is out of range. */
    public SwarmConfig {
      if (treeAbove < 0 || fanOut < 2 || keyframeIntervalNanos < 0) {
        throw new IllegalArgumentException(
            "treeAbove is "
                + treeAbove
                + ", fanOut "
                + fanOut
                + ", keyframeIntervalNanos "
                + keyframeIntervalNanos
                + "; at least 0, 2 and 0 are accepted");
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

    /** Returns this configuration with another threshold in viewers, at least 0. */
    public SwarmConfig withTreeAbove(int viewers) {
      return new SwarmConfig(viewers, fanOut, budgetBytesPerSecond, keyframeIntervalNanos);
    }
  }

  /** The state of a swarm. */
  public enum SwarmState {
    /** Has not started. */
    INITIALIZING,
    /** Takes updates. */
    ACTIVE,
    /** Takes no updates for a while. */
    PAUSED,
    /** Is over. */
    ENDED
  }

  /**
   * The counts of a swarm.
   *
   * @param viewers members except the broadcaster, lurkers included
   * @param activeViewers members that are not lurkers
   * @param totalViewers the number of joins so far
   * @param peakViewers the most members at a time
   * @param topologyChanges changes between star and tree
   */
  public record SwarmStats(
      int viewers,
      int activeViewers,
      long totalViewers,
      int peakViewers,
      long refusedUpdates,
      long topologyChanges,
      PropagationStats propagation) {
    /** Throws {@link NullPointerException} for nulls. */
    public SwarmStats {
      Objects.requireNonNull(propagation, "propagation");
    }
  }
}
