package dev.stowage.sim.mutants;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A walk through a broken core ends as a few lines, and these fail as a scenario in it too. */
@Tag("deep")
class WalkFindsMutantsTest {
  @ParameterizedTest
  @CsvSource({"swap-half-fired,guided", "gate-skipped,zero-quorum", "gate-skipped,crash"})
  void walk_throughABrokenCore_endsAsAShortScenario(String name, String model) throws Exception {
    Mutant mutant =
        Mutant.all().stream().filter(it -> it.name().equals(name)).findFirst().orElseThrow();
    List<String> answer = BrokenCore.with(mutant).trial().apply(List.of("walk", model, "24", "80"));
    assertThat(answer).as("seed, replayed how, lines").hasSizeBetween(4, 22);
    assertThat(answer.get(1)).contains("expected every invariant to hold");
  }

  /**
   * The bounds of a fleet: each is broken, and an oracle says so. A plan that counts no replicas is
   * struck where it is applied, so what it shows is a floor that is never reached: the fleet does
   * not converge, or a walk's end finds it not live, or a settled chunk could lie in more domains.
   * The reference model refuses a plan that puts too many replicas into a domain.
   */
  @ParameterizedTest
  @CsvSource({
    "caps-ignored,guided,caps",
    "counts-ignored,churn,convergence|liveness|spread by level",
    "one-copy-too-many-in-a-domain,churn,the reference model agrees",
    "inner-levels-ignored,per-worker,spread by level",
    "risk-ignored,churn,urgency"
  })
  void walk_throughACoreThatKeepsNoBound_isFoundByItsOracle(
      String name, String model, String oracles) throws Exception {
    Mutant mutant =
        Mutant.all().stream().filter(it -> it.name().equals(name)).findFirst().orElseThrow();
    List<String> answer =
        BrokenCore.with(mutant).trial().apply(List.of("kill", model, "40", "200"));
    assertThat(answer).as("after so many lines, by this oracle").hasSize(2);
    assertThat(answer.get(1)).isIn((Object[]) oracles.split("\\|"));
  }
}
