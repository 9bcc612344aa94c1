package dev.stowage.swarm;

import dev.stowage.propagation.InterestDeclaration.InterestLevel;
import dev.stowage.propagation.InterestMap;
import dev.stowage.propagation.NodeId;
import dev.stowage.propagation.PropagationConfig;
import dev.stowage.propagation.PropagationPlan;
import dev.stowage.propagation.PropagationScheduler;
import dev.stowage.propagation.StateId;
import dev.stowage.propagation.StateUpdate;
import dev.stowage.propagation.authority.AuthoritySet;
import dev.stowage.propagation.paths.Digest64;
import dev.stowage.propagation.topology.MeshTopology;
import dev.stowage.swarm.SwarmUpdate.SwarmAnswer;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A bounded group of participants, each of whom sends to all others, and one shared screen at a
 * time. Participants and screen are states of their own, with ids derived from the group's name.
 * Belongs to one thread at a time.
 */
public final class GroupSwarm {
  private final String name;
  private final int mostParticipants;
  private final PropagationScheduler scheduler;
  private final TreeMap<NodeId, Long> sequences = new TreeMap<>();
  private final StateId screen;
  private @Nullable NodeId sharer;
  private long screenSequence;

  /** Creates a group of at least 1 participant; its name distinguishes its states from others. */
  public GroupSwarm(String name, int mostParticipants, PropagationConfig config) {
    this(
        name,
        mostParticipants,
        PropagationScheduler.builder(new InterestMap(), new MeshTopology()).config(config).build());
  }

  /** Creates a group over a scheduler without interests and with an empty mesh. */
  public GroupSwarm(String name, int mostParticipants, PropagationScheduler scheduler) {
    if (mostParticipants < 1) {
      throw new IllegalArgumentException(
          "mostParticipants is " + mostParticipants + "; at least 1 is accepted");
    }
    if (!(scheduler.topology() instanceof MeshTopology mesh) || mesh.size() > 0) {
      throw new IllegalArgumentException("the topology of the scheduler must be an empty mesh");
    }
    this.name = Objects.requireNonNull(name, "name");
    this.mostParticipants = mostParticipants;
    this.scheduler = scheduler;
    screen = StateId.of(Digest64.of("group-screen", name));
  }

  /** Adds a participant, who hears all others and is heard by them. */
  public SwarmAnswer join(NodeId node) {
    if (sequences.containsKey(node)) {
      return SwarmAnswer.ALREADY_SO;
    }
    if (sequences.size() == mostParticipants) {
      return SwarmAnswer.FULL;
    }
    scheduler.topology().add(node);
    scheduler.use(AuthoritySet.exclusive(stateOf(node), node));
    for (NodeId other : sequences.keySet()) {
      scheduler.interests().register(node, stateOf(other), InterestLevel.HIGH);
      scheduler.interests().register(other, stateOf(node), InterestLevel.HIGH);
    }
    scheduler.interests().register(node, screen, InterestLevel.HIGH);
    sequences.put(node, 0L);
    return SwarmAnswer.DONE;
  }

  /** Removes a participant and the screen that it shares. */
  public SwarmAnswer leave(NodeId node) {
    if (sequences.remove(node) == null) {
      return SwarmAnswer.UNKNOWN_NODE;
    }
    stopSharing(node);
    scheduler.interests().removeNode(node);
    scheduler.forget(stateOf(node));
    scheduler.topology().remove(node);
    return SwarmAnswer.DONE;
  }

  /** Starts to share a participant's screen; no other participant can share until it stops. */
  public SwarmAnswer shareScreen(NodeId node) {
    if (!sequences.containsKey(node)) {
      return SwarmAnswer.UNKNOWN_NODE;
    }
    if (sharer != null) {
      return sharer.equals(node) ? SwarmAnswer.ALREADY_SO : SwarmAnswer.BUSY;
    }
    sharer = node;
    scheduler.use(AuthoritySet.exclusive(screen, node));
    return SwarmAnswer.DONE;
  }

  /** Stops sharing a participant's screen. */
  public SwarmAnswer stopSharing(NodeId node) {
    if (!node.equals(sharer)) {
      return SwarmAnswer.UNKNOWN_NODE;
    }
    sharer = null;
    scheduler.use(AuthoritySet.frozen(screen));
    return SwarmAnswer.DONE;
  }

  /** Schedules an update of {@code bytes} bytes, at least 0, of what a participant says. */
  public SwarmUpdate say(NodeId node, long bytes, long nowNanos) {
    Long before = sequences.get(node);
    if (before == null) {
      return new SwarmUpdate.Refused(SwarmAnswer.UNKNOWN_NODE);
    }
    StateUpdate update = StateUpdate.of(stateOf(node), node, before + 1).withBytes(bytes);
    PropagationPlan plan = scheduler.schedule(update, nowNanos);
    if (plan instanceof PropagationPlan.Planned) {
      sequences.put(node, before + 1);
    }
    return new SwarmUpdate.Created(update, plan);
  }

  /** Schedules an update of {@code bytes} bytes, at least 0, of the shared screen. */
  public SwarmUpdate show(NodeId node, long bytes, long nowNanos) {
    if (!node.equals(sharer)) {
      return new SwarmUpdate.Refused(SwarmAnswer.NO_AUTHORITY);
    }
    // the screen has one sequence for all sharers, so that a sharer who returns continues it
    StateUpdate update = StateUpdate.of(screen, node, screenSequence + 1).withBytes(bytes);
    PropagationPlan plan = scheduler.schedule(update, nowNanos);
    if (plan instanceof PropagationPlan.Planned) {
      screenSequence++;
    }
    return new SwarmUpdate.Created(update, plan);
  }

  /** Returns the state of what a participant says. */
  public StateId stateOf(NodeId node) {
    return StateId.of(
        Digest64.of("group-participant", Long.toUnsignedString(node.value()) + '\0' + name));
  }

  /** Returns the state of the shared screen. */
  public StateId screen() {
    return screen;
  }

  /** Returns the participant who shares its screen. */
  public Optional<NodeId> sharer() {
    return Optional.ofNullable(sharer);
  }

  /** Returns the participants by id. */
  public List<NodeId> participants() {
    return List.copyOf(sequences.keySet());
  }

  /** Returns the scheduler that delivers the updates. */
  public PropagationScheduler scheduler() {
    return scheduler;
  }
}
