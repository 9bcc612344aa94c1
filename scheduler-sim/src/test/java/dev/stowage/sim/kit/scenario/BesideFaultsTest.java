package dev.stowage.sim.kit.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A store that fails under a command beside a plan. A second world whose store does not fail would
 * plan at another moment, so no scenario file, which is also told to one, tells this.
 */
class BesideFaultsTest {
  @ParameterizedTest
  @ValueSource(strings = {"before", "midway", "unknown_before", "unknown_after"})
  void planUnderWay_isCarriedOut_thoughACommandBesideItIsGivenAgain(String fault)
      throws ScenarioProblems {
    assertHolds(
        """
        worker a capacity=10MiB
        ingest d/one 0-99 size=1MiB
        beside ingest d/two 100-199 size=1MiB
        fault FAULT
        schedule
        expect holders d/one a
        expect holders d/two none
        ingest d/three 200-299 size=1MiB
        beside together 2
          remove d/three
          ingest d/four 300-399 size=1MiB
        fault FAULT
        schedule
        expect answers ok,ok
        expect holders d/three none
        expect holders d/two a
        expect evidence
        expect reloaded
        """
            .replace("FAULT", fault));
  }

  @ParameterizedTest
  @ValueSource(strings = {"unanswered", "unknown_after", "before"})
  void planThatAReloadOvertook_isMadeAnew(String fault) throws ScenarioProblems {
    assertHolds(
        """
        worker a capacity=10MiB
        ingest d/one 0-99 size=1MiB
        beside together 2
          remove d/one
          ingest d/two 100-199 size=1MiB
        fault FAULT
        schedule
        schedule
        expect holders d/one none
        expect holders d/two a
        expect evidence
        expect reloaded
        """
            .replace("FAULT", fault));
  }

  @Test
  void offerBesideAPlanThatIsMadeAnew_isAdmittedBeforeThatPlan() throws ScenarioProblems {
    assertHolds(
        """
        worker a capacity=10MiB
        ingest d/one 0-99 size=1MiB
        beside together 3
          offer d/offered 100-199 size=1MiB
          remove d/one
          ingest d/two 200-299 size=1MiB
        fault unanswered
        schedule
        expect holders d/one none
        expect holders d/offered a
        expect holders d/two a
        expect evidence
        expect reloaded
        """);
  }

  private static void assertHolds(String text) throws ScenarioProblems {
    assertThat(Scenario.parse("story", text).run()).isEmpty();
  }
}
