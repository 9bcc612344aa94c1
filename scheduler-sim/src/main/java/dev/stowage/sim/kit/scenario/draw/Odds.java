package dev.stowage.sim.kit.scenario.draw;

/**
 * The odds of a deed against the others, for each mix of deeds; 0 is never.
 *
 * @param guided the odds in a fleet whose workers stay
 * @param churn the odds in a fleet whose workers come and go
 * @param flood the odds in a fleet that is filled, then flooded
 * @param crash the odds in churn on a store that fails
 * @param swarm the odds in a mix of everything
 */
public record Odds(int guided, int churn, int flood, int crash, int swarm) {
  /** A mix of deeds. */
  public enum Mix {
    GUIDED,
    CHURN,
    FLOOD,
    CRASH,
    SWARM
  }

  /** Returns odds that are the same in every mix. */
  public static Odds of(int weight) {
    return new Odds(weight, weight, weight, weight, weight);
  }

  /** Returns odds of what happens where workers come and go. */
  public static Odds churning(int weight) {
    return new Odds(0, weight, 0, weight, weight);
  }

  /** Returns odds of what happens where stores and schedulers fail. */
  public static Odds crashing(int weight) {
    return new Odds(0, 0, 0, weight, weight);
  }

  /** Returns these odds, with another weight in floods. */
  public Odds flood(int weight) {
    return new Odds(guided, churn, weight, crash, swarm);
  }

  /** Returns these odds, with another weight in swarms. */
  public Odds swarm(int weight) {
    return new Odds(guided, churn, flood, crash, weight);
  }

  /** Returns the weight in a mix. */
  public int in(Mix mix) {
    return switch (mix) {
      case GUIDED -> guided;
      case CHURN -> churn;
      case FLOOD -> flood;
      case CRASH -> crash;
      case SWARM -> swarm;
    };
  }
}
