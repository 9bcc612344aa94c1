package dev.stowage.sim.mutants;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every patch still applies, and its witness finds every third mutant; {@link WhatCatchesWhat}
 * tries all of them.
 */
class MutantsTest {
  private static final int SHARE = 3;

  @ParameterizedTest
  @MethodSource("mutants")
  void patch_appliesAndCompiles(Mutant mutant) throws Exception {
    assertThat(BrokenCore.with(mutant).patchedClasses()).contains(mutant.type());
  }

  @ParameterizedTest
  @MethodSource("someMutants")
  void witness_failsUnderItsMutant(Mutant mutant) throws Exception {
    BrokenCore core = BrokenCore.with(mutant);
    assertThat(core.trial().apply(mutant.question())).as(mutant.breaks()).isNotEmpty();
  }

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

  static Stream<Mutant> someMutants() {
    List<Mutant> all = Mutant.all();
    return IntStream.range(0, all.size()).filter(at -> at % SHARE == 0).mapToObj(all::get);
  }

  static Stream<Mutant> mutants() {
    return Mutant.all().stream();
  }
}
