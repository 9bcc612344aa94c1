package dev.stowage.swarm;

import dev.stowage.propagation.PropagationPlan;
import dev.stowage.propagation.StateUpdate;
import java.util.Objects;

/** The outcome of an update of a member. */
public sealed interface SwarmUpdate {
  /** An update and the plan of its recipients, or its refusal by the scheduler. */
  record Created(StateUpdate update, PropagationPlan plan) implements SwarmUpdate {
    /** Throws {@link NullPointerException} for nulls. */
    public Created {
      Objects.requireNonNull(update, "update");
      Objects.requireNonNull(plan, "plan");
    }
  }

  /** The refusal of an update, not {@link SwarmAnswer#DONE}; no sequence number was used. */
  record Refused(SwarmAnswer why) implements SwarmUpdate {
    /** Throws {@link NullPointerException} for nulls. */
    public Refused {
      Objects.requireNonNull(why, "why");
    }
  }

  /** The outcome of a request to a swarm; all but {@link #DONE} changed nothing. */
  public enum SwarmAnswer {
    /** The request is carried out. */
    DONE,
    /** The request changes nothing. */
    ALREADY_SO,
    /** The swarm has not started. */
    NOT_STARTED,
    /** The swarm is paused. */
    PAUSED,
    /** The swarm is over. */
    ENDED,
    /** The node is no member of the swarm. */
    UNKNOWN_NODE,
    /** The node is the broadcaster, who is always a member. */
    IS_BROADCASTER,
    /** The swarm takes no more members. */
    FULL,
    /** Another participant shares its screen. */
    BUSY,
    /** The node has no authority for the update. */
    NO_AUTHORITY
  }
}
