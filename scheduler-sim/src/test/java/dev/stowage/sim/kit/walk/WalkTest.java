package dev.stowage.sim.kit.walk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.sim.kit.scenario.Scenario;
import dev.stowage.sim.kit.scenario.ScenarioProblems;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Walks with fixed seeds: a build never fails by luck. Fresh seeds: {@code stowage walk}. */
class WalkTest {
  private static final int SEEDS = 8;
  private static final int STEPS = 200;

  /** Of the walks with seed 7 and 80 steps. */
  private static final Map<WalkModel, String> TRACES =
      Map.of(
          WalkModel.GUIDED,
          "2915b2adb488d74cd95034fd69b1e667d3cd195b2c181a7e1992f07b57045614",
          WalkModel.CHURN,
          "5802d7aa137974251d88163324f3a7d3edcd13b6c651ca464782e8e3bd8c4011",
          WalkModel.FLOOD,
          "9c36fb0669424926fd5f094ddd90739e1b463e47a58881562fce9af07e35baab",
          WalkModel.ZERO_QUORUM,
          "b2868be2e394172065e320fe1081ef403e21b369856f595a6514b5ee1362c9ac",
          WalkModel.PER_WORKER,
          "dca23ff09d5b5ea0e300892a4b16a139c7703f0b34d02ee1f8f15a0fb6f6c91e",
          WalkModel.CRASH,
          "8d81c98564be58b5cf6a15fc92d2184861b20d40fbfe02398545254df15ae067",
          WalkModel.SWARM,
          "a7b9e3d09b92f261d869df359efcd2a023cafc1e6d1044fcdaf8061e302cd2b9");

  @TestFactory
  Stream<DynamicTest> walk_ofAFixedSeed_findsNothing() {
    return Stream.of(WalkModel.values())
        .flatMap(model ->
            LongStream.rangeClosed(1, SEEDS)
                .mapToObj(seed ->
                    DynamicTest.dynamicTest(
                        model.title() + " seed " + seed,
                        () -> assertThat(found(model, seed)).isEmpty())));
  }

  private static List<String> found(WalkModel model, long seed) {
    WalkPlan plan = WalkPlan.of(List.of(model), 1, STEPS, seed);
    Walks walks = new Walks(plan, WalkBackend.memory(), () -> 0);
    walks.run((over, all, next) -> {});
    return walks.found().map(it -> it.file().lines().toList()).orElse(List.of());
  }

  @ParameterizedTest
  @EnumSource(WalkModel.class)
  void walk_ofTheSameSeed_isTheSame(WalkModel model) {
    CaseResult first = Walks.one(model, 7, 80, WalkBackend.memory());
    CaseResult second = Walks.one(model, 7, 80, WalkBackend.memory());
    assertThat(second).isEqualTo(first);
    assertThat(Walks.one(model, 8, 80, WalkBackend.memory()).trace()).isNotEqualTo(first.trace());
  }

  @Test
  void trace_ofASeed_isTheSameOnEveryJdk() {
    TRACES.forEach((model, trace) ->
        assertThat(Walks.one(model, 7, 80, WalkBackend.memory()).trace())
            .as(
                "%s: it also changes with every decision of the core; where that was meant,"
                    + " write the new one here",
                model.title())
            .isEqualTo(trace));
  }

  @ParameterizedTest
  @EnumSource(WalkModel.class)
  void lines_ofAWalk_areAScenarioThatHolds(WalkModel model) throws ScenarioProblems {
    CaseResult walk = Walks.one(model, 3, 120, WalkBackend.memory());
    assertThat(walk.finding()).isEmpty();
    assertThat(Scenario.parse("walk", String.join("\n", walk.lines())).run()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(
      value = WalkModel.class,
      names = {"CRASH", "SWARM"})
  void walk_besideASecondWorldWithoutFaults_agreesWithIt(WalkModel model) {
    for (long seed = 20; seed < 24; seed++) {
      WalkBackend both = WalkBackend.memoryAnd(dev.stowage.sim.kit.scenario.Story.MEMORY);
      CaseResult walk = Walks.one(model, seed, STEPS, both);
      assertThat(walk.finding()).as("%s seed %d", model.title(), seed).isEmpty();
    }
  }

  /** Where a scorer wants all replicas elsewhere, moves end in every way there is. */
  @Test
  void walks_withAScorer_meetMovesOfEveryKind() {
    WalkTotals totals = new WalkTotals(WalkModel.CHURN);
    for (long seed = 40; seed < 52; seed++) {
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
    WalkTotals totals = new WalkTotals(WalkModel.CRASH);
    CaseResult walk = Walks.one(WalkModel.CRASH, 1, 1, WalkBackend.memory());
    for (int i = 0; i < 10; i++) {
      totals.add(walk, 0);
    }
    assertThat(totals.shortages())
        .contains("crash in 0 of 10 walks, required 6", "fenced in 0 of 10 walks, required 2");
  }
}
