package dev.stowage.sim.mutants;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A walk through a broken core ends as a few lines, and these fail as a scenario in it too. */
class WalkFindsMutantsTest {
  @ParameterizedTest
  @CsvSource({"swap-half-fired,guided", "gate-skipped,guided", "gate-skipped,crash"})
  void walk_throughABrokenCore_endsAsAShortScenario(String name, String model) throws Exception {
    Mutant mutant =
        Mutant.all().stream().filter(it -> it.name().equals(name)).findFirst().orElseThrow();
    List<String> answer = BrokenCore.with(mutant).trial().apply(List.of("walk", model, "12", "80"));
    assertThat(answer).as("seed, replayed how, lines").hasSizeBetween(4, 22);
    assertThat(answer.get(1)).contains("expected every invariant to hold");
  }
}
