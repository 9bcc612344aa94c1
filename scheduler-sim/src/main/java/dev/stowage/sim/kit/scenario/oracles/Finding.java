package dev.stowage.sim.kit.scenario.oracles;

/**
 * A violation, in a fleet or in its checks.
 *
 * @param kind the violated invariant, or another title that stays constant while the story around
 *     it is shortened
 * @param text the finding in words
 */
public record Finding(String kind, String text) {
  @Override
  public String toString() {
    return kind + ": " + text;
  }
}
