package dev.stowage.sim.kit.scenario;

import java.util.function.LongSupplier;

/** The tokens of lineages in a scenario: the same on every backend, none twice in one. */
public final class ScenarioTokens implements LongSupplier {
  private static final long STEP = 0x9e3779b97f4a7c15L;

  private long last;

  /** Begins at the first. Not thread-safe. */
  public ScenarioTokens() {}

  /** Begins at the first again, for another scenario. */
  public void restart() {
    last = 0;
  }

  @Override
  public long getAsLong() {
    last += STEP;
    return last;
  }
}
