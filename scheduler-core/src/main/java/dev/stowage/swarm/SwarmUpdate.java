package dev.stowage.swarm;

import dev.stowage.propagation.PropagationPlan;
import dev.stowage.propagation.StateUpdate;
import java.util.Objects;

/** What became of something that a member of a swarm says. */
public sealed interface SwarmUpdate {
  /**
   * It was planned, or refused by the scheduler.
   *
   * @param update what was made of it
   * @param plan who hears of it
   */
  record Created(StateUpdate update, PropagationPlan plan) implements SwarmUpdate {
    /** Refuses nulls. */
    public Created {
      Objects.requireNonNull(update, "update");
      Objects.requireNonNull(plan, "plan");
    }
  }

  /**
   * The swarm does not take it; no sequence number was used.
   *
   * @param why not {@link SwarmAnswer#DONE}
   */
  record Refused(SwarmAnswer why) implements SwarmUpdate {
    /** Refuses nulls. */
    public Refused {
      Objects.requireNonNull(why, "why");
    }
  }

  /** What became of what was asked of a swarm; all but {@link #DONE} changed nothing. */
  public enum SwarmAnswer {
    /** It is as asked. */
    DONE,
    /** It was so already. */
    ALREADY_SO,
    /** The swarm has not started. */
    NOT_STARTED,
    /** The swarm is paused. */
    PAUSED,
    /** The swarm is over. */
    ENDED,
    /** The node is no member of the swarm. */
    UNKNOWN_NODE,
    /** The node is the broadcaster, who is always there. */
    IS_BROADCASTER,
    /** The swarm takes no more members. */
    FULL,
    /** Somebody else shares a screen. */
    BUSY,
    /** The node may not say this. */
    NO_AUTHORITY
  }
}
