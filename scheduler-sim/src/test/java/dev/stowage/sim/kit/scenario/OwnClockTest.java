package dev.stowage.sim.kit.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Fleets that trust the clock of their store. */
class OwnClockTest {
  private static final String LEAP =
      """
      worker a capacity=10MiB
      ingest d/c 0-99 size=1MiB
      schedule
      tick 1000
      schedule
      expect ok
      settle
      expect converged
      expect reloaded
      expect evidence
      """;

  private static Scenario leap(String clock) throws ScenarioProblems {
    return Scenario.parse("leap", "config max_step=40 clock=" + clock + "\n" + LEAP);
  }

  @Test
  void fleetOnTheClockOfItsStore_takesATimeThatTheClockShows() throws ScenarioProblems {
    assertThat(leap("own").runBesideTheModel(Story.MEMORY)).isEmpty();
  }

  @Test
  void fleetWithoutAClock_refusesIt() throws ScenarioProblems {
    assertThat(leap("none").run())
        .hasValueSatisfying(
            failure -> assertThat(failure.toString()).contains("rejected TIME_JUMP"));
  }
}
