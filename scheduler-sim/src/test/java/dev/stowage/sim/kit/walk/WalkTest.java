package dev.stowage.sim.kit.walk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.sim.kit.scenario.Scenario;
import dev.stowage.sim.kit.scenario.ScenarioProblems;
import dev.stowage.sim.kit.scenario.Story;
import java.util.Comparator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Tests the properties of every walk; {@code ModelWalksTest} walks to find something. */
class WalkTest {
  private static final int STEPS = 200;

  /** Returns one model in a build, and all of them where more is walked. */
  static Stream<WalkModel> models() {
    long tenth = Long.getLong("stowage.walks", 3) / 3;
    return Stream.of(WalkModel.values()).sorted(Comparator.reverseOrder()).limit(tenth);
  }

  @ParameterizedTest
  @MethodSource("models")
  void walk_ofTheSameSeed_isTheSame(WalkModel model) {
    CaseResult first = Walks.one(model, 7, 80, WalkBackend.memory());
    CaseResult second = Walks.one(model, 7, 80, WalkBackend.memory());
    assertThat(second).isEqualTo(first);
    assertThat(Walks.one(model, 8, 80, WalkBackend.memory()).trace()).isNotEqualTo(first.trace());
  }

  @ParameterizedTest
  @MethodSource("models")
  void lines_ofAWalk_areAScenarioThatHolds(WalkModel model) throws ScenarioProblems {
    CaseResult walk = Walks.one(model, 3, 120, WalkBackend.memory());
    assertThat(walk.finding()).isEmpty();
    assertThat(Scenario.parse("walk", String.join("\n", walk.lines())).run()).isEmpty();
  }

  @Tag("deep")
  @ParameterizedTest
  @EnumSource(
      value = WalkModel.class,
      names = {"CRASH", "SWARM"})
  void walk_besideASecondWorldWithoutFaults_agreesWithIt(WalkModel model) {
    WalkBackend both = WalkBackend.memoryAnd(Story.MEMORY);
    assertThat(Walks.one(model, 20, STEPS, both).finding()).as(model.title()).isEmpty();
  }

  /** Where a scorer wants all replicas elsewhere, moves end in every way there is. */
  @Tag("deep")
  @Test
  void walks_withAScorer_meetMovesOfEveryKind() {
    WalkTotals totals = new WalkTotals(WalkModel.CHURN, WalkModel.CHURN.required());
    for (long seed = 1; seed < 7; seed++) {
      CaseResult walk = Walks.one(WalkModel.CHURN, seed, STEPS, WalkBackend.memory());
      assertThat(walk.finding()).as("seed %d", seed).isEmpty();
      boolean isScored = walk.lines().get(0).contains(" scorer=");
      assertThat(isScored || !walk.counts().containsKey("move asked")).isTrue();
      totals.add(walk, 0);
    }
    assertThat(totals.sums())
        .containsKeys("walks with a scorer", "move begun", "move finished", "move refused");
  }

  @Test
  void totals_ofAModelThatMeetsTooLittle_sayWhat() {
    WalkTotals totals = new WalkTotals(WalkModel.CRASH, WalkModel.CRASH.required());
    CaseResult walk = Walks.one(WalkModel.CRASH, 1, 1, WalkBackend.memory());
    for (int i = 0; i < 10; i++) {
      totals.add(walk, 0);
    }
    assertThat(totals.shortages())
        .contains("crash in 0 of 10 walks, required 6", "fenced in 0 of 10 walks, required 2");
    assertThat(totals.sums()).containsEntry("guarded ingests", 0L).containsEntry("reload", 10L);
    assertThat(totals.neverAsked()).contains("guarded ingests").doesNotContain("reload");
  }
}
