package dev.stowage.propagation;

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
}
