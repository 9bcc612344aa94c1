package dev.stowage.sim.kit.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
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

  @Test
  void offerHeardOfWithinACycle_isAdmittedInItInBothWorlds() throws ScenarioProblems {
    String name = "951-an-offer-heard-of-within-the-cycle.txt";
    Scenario within = Scenario.parse(name, ScenarioLibrary.text(name));
    assertThat(within.runBesideTheModel(Story.MEMORY)).isEmpty();
  }

  @Test
  void fault_whileNewsWaits_isRefusedWhereTwoWorldsAreCompared() throws ScenarioProblems {
    for (String news : List.of("elsewhere report w", "meanwhile report w", "spoil w\nreport w")) {
      String text = "worker w capacity=8MiB\n" + news + "\nfault before\nschedule\n";
      assertThat(Scenario.parse(news, text).runBesideTheModel(Story.MEMORY))
          .hasValueSatisfying(problem -> assertThat(problem.toString()).contains("both at once"));
    }
  }

  private static Scenario story(String name, String fault, int replicas) throws ScenarioProblems {
    String text = STORY.replace("FAULT", fault).replace("COUNT", Integer.toString(replicas));
    return Scenario.parse(name, text);
  }
}
