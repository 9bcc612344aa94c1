package dev.stowage.sim.kit.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/**
 * A cycle whose commit took place although nobody answered is made once more, and under a movement
 * budget the second one goes on where the first one stopped: no world may be compared with it that
 * made only one.
 */
class RepeatedCycleTest {
  private static final String STORY =
      """
      config movement_budget_bytes=3MiB
      worker w1 capacity=8MiB
      worker w2 capacity=9MiB
      ingest e/c6 50-59 size=1792KiB
      FAULT
      schedule
      expect replicas e/c6 = COUNT
      """;

  @Test
  void cycle_thatNobodyAnswered_isMadeTwiceInEveryWorld() throws ScenarioProblems {
    Scenario unanswered = story("unanswered", "fault unanswered", 2);
    assertThat(unanswered.runBesideTheModel(Story.MEMORY)).isEmpty();
  }

  @Test
  void cycle_thatWasAnswered_isMadeOnce() throws ScenarioProblems {
    Scenario known = story("known", "fault unknown_after", 1);
    assertThat(known.runBesideTheModel(Story.MEMORY)).isEmpty();
    Scenario cut = story("cut", "fault before", 1);
    assertThat(cut.runBesideTheModel(Story.MEMORY)).isEmpty();
  }

  /** A leader that loaded the state anew admits before it plans, and so hears of the news later. */
  @Test
  void newsDuringAPlan_behindAFailure_isRefusedWhereTwoWorldsAreCompared() throws ScenarioProblems {
    String told =
        """
        worker w3 capacity=6MiB
        ingest e/c19 420-429 size=1MiB
        schedule
        FAULT
        fetch all
        tick 1
        meanwhile ingest d/c65 30-39 size=1MiB
        schedule
        """;
    Scenario met = Scenario.parse("met", told.replace("FAULT", "fault unanswered"));
    assertThat(met.runBesideTheModel(Story.MEMORY))
        .hasValueSatisfying(problem -> assertThat(problem.toString()).contains("both at once"));
    Scenario apart = Scenario.parse("apart", told.replace("FAULT\n", ""));
    assertThat(apart.runBesideTheModel(Story.MEMORY)).isEmpty();
  }

  private static Scenario story(String name, String fault, int replicas) throws ScenarioProblems {
    String text = STORY.replace("FAULT", fault).replace("COUNT", Integer.toString(replicas));
    return Scenario.parse(name, text);
  }
}
