package dev.stowage.sim.mutants;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every patch still applies; in the deep suite its witness finds it. {@link FirstFinder} tells what
 * else does.
 */
class MutantsTest {
  @Test
  void patch_ofEveryMutant_applies() throws IOException {
    for (Mutant mutant : Mutant.all()) {
      assertThat(SourcePatch.of(mutant).getCharContent(true)).contains(mutant.now());
    }
  }

  @Tag("deep")
  @ParameterizedTest
  @MethodSource("mutants")
  void witness_failsUnderItsMutant(Mutant mutant) throws Exception {
    BrokenCore core = BrokenCore.with(mutant);
    assertThat(core.trial().apply(mutant.question())).as(mutant.breaks()).isNotEmpty();
  }

  @Tag("deep")
  @Test
  void core_loadedInTheSameWayButUnbroken_failsNothing() throws Exception {
    var trial = BrokenCore.unbroken().trial();
    for (List<String> question : mutants().map(Mutant::question).distinct().toList()) {
      assertThat(trial.apply(question)).as(question.toString()).isEmpty();
    }
  }

  @Test
  void list_hasOneNameForEachMutant() {
    assertThat(mutants().map(Mutant::name)).hasSizeGreaterThan(20).doesNotHaveDuplicates();
  }

  static Stream<Mutant> mutants() {
    return Mutant.all().stream();
  }
}
