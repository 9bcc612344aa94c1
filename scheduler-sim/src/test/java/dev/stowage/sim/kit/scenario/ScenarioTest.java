package dev.stowage.sim.kit.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Lines that cannot be read, expectations that fail, and how both are told. */
class ScenarioTest {
  private static final String FLEET =
      """
      config floor=2 drain_window=3
      worker a capacity=10MiB
      worker b capacity=10MiB
      ingest d/c 0-99 size=1MiB
      schedule
      fetch a
      publish
      """;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "expect state d/c visible",
        "expect replicas d/c = 1",
        "expect replicas d/c possessed >= 2",
        "expect replicas d/c assigned <= 1",
        "expect holders d/c a",
        "expect replica d/c@a draining",
        "expect routes d/c a",
        "expect visible d c",
        "expect portal p visible d none",
        "expect portal p serves d/c",
        "expect deferred d/c",
        "expect used a <= 1023KiB",
        "expect pending-swaps d 1",
        "expect converged",
        "expect unchanged",
        "expect minted",
        "expect rejected STALE",
        "expect fenced",
        "return b disk=kept\nexpect rejected UNKNOWN_WORKER",
        "cordon x",
        "ingest d/over 5-6 size=1B",
        "ingest d/over 5-6 size=1B\nexpect state d/over unknown\nexpect rejected OVERLAP",
        "ingest d/over 5-6 size=1B\nexpect rejected DUPLICATE",
        "worker a capacity=1MiB",
        "old schedule",
        "restore",
        "settle max=2",
        "tick 9223372036854775807\ntick 1",
      })
  void run_withSomethingThatDoesNotHold_namesItsLine(String lines) throws ScenarioProblems {
    Optional<ScenarioFailure> failure = Scenario.parse("story", FLEET + lines).run();
    assertThat(failure).isPresent();
    int last = 7 + (int) lines.lines().count();
    int wanted = lines.contains("state d/over unknown") ? last - 2 : last;
    assertThat(failure.get().line()).isEqualTo(wanted);
    assertThat(failure.get().toString()).startsWith("story:" + wanted + ": expected ");
  }

  @Test
  void run_withWhatHolds_findsNothing() throws ScenarioProblems {
    String seen =
        """
        expect state d/c admitted
        expect replicas d/c = 2
        expect replicas d/c possessed = 1
        expect holders d/c b,a
        expect replica d/c@b assigned
        expect routes d/c none
        expect visible d none
        portal p
        expect portal p visible d none
        expect deferred none
        expect used a = 1MiB
        expect pending-swaps d 0
        expect ok
        settle
        expect converged
        """;
    assertThat(Scenario.parse("story", FLEET + seen).run()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "5",
        "[1]",
        "{x: 1}",
        "{0: 1}",
        "{-1: 1}",
        "{01: 1}",
        "{1.5: 1}",
        "{2147483648: 1}",
        "{1: -0.1}",
        "{1: 2147483648}",
        "{1: two}",
        "{1: '2'}",
        "{1: .nan}",
        "{1: .inf}",
        "{1: }",
        "{1: 1, 1: 2}",
        "{1: 1",
        "{1: [1]}"
      })
  void parse_ofPreviousFactorsOutOfTheirBounds_namesThem(String factors) {
    assertThatThrownBy(() -> Scenario.parse("story", "config previous_factors=" + factors))
        .isInstanceOf(ScenarioProblems.class)
        .hasMessageStartingWith("story:1: ")
        .hasMessageContaining("expected factors from 0 to 2147483647 by weights of at least 1");
  }

  @Test
  void parse_ofPreviousFactorsWithinTheirBounds_keepsThemInMillionths() throws Exception {
    Scenario story =
        Scenario.parse("story", "config previous_factors={1: 0, 12: 2.5, 2147483647: 2147483647}");
    assertThat(story.settings().previousFactors)
        .isEqualTo(Map.of(1, 0L, 12, 2_500_000L, Integer.MAX_VALUE, 2_147_483_647_000_000L));
    assertThat(Scenario.parse("story", "config previous_factors={}").settings().previousFactors)
        .isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "fetchh a | 'fetchh'",
        "worker | the end of the line",
        "worker a | capacity=",
        "worker a capacity=1 | '1'",
        "worker a capacity=0.3B | '0.3B'",
        "worker a capacity=1mb | '1mb'",
        "worker a capacity=1MiB capacity=2MiB | once",
        "worker a capacity=1MiB colour=red | 'colour='",
        "worker a capacity=1MiB version=1.2 | '1.2'",
        "worker a capacity=99999999TiB | '99999999TiB'",
        "return a | disk=kept",
        "return a disk=half | 'disk=half'",
        "ingest c 0-99 size=1MiB | 'c'",
        "ingest d/c 0 size=1MiB | '0'",
        "ingest d/c 0-99 | size=",
        "ingest d/c 0-99 size=1MiB coverage=change | 'coverage=change'",
        "ingest d/c 0-9223372036854775808 size=1MiB | '0-9223372036854775808'",
        "swap d old -> new 0-9 size=1B | 'd'",
        "swap d: old new 0-9 size=1B | 'new'",
        "swap d: old -> new 0-9 | size=",
        "swap d: old -> new 0-9 size=1B more | 'more'",
        "fetch a, | 'a,'",
        "fetch a but d/c | 'but'",
        "pin d/c | 'd/c'",
        "tick -1 | '-1'",
        "tick | the end of the line",
        "round 0 | '0'",
        "settle max=many | 'many'",
        "old purge | 'purge'",
        "schedule now | 'now'",
        "set | the end of the line",
        "set floor=two | 'two'",
        "set saturation=1.5 | for saturation, found '1.5'",
        "set planner=stateless | planner=",
        "set previous_factors={1: 1} | previous_factors=",
        "set colour=red | 'colour='",
        "config floor=2 | before anything else",
        "expect | the end of the line",
        "expect happiness | 'happiness'",
        "expect rejected WHY | 'WHY'",
        "expect rejected ACCEPTED | 'ACCEPTED'",
        "expect not changed | 'changed'",
        "expect state d/c lost | 'lost'",
        "expect replicas d/c 2 | '2'",
        "expect replicas d/c > 2 | '>'",
        "expect replica d/c draining | 'd/c'",
        "expect visible d | the end of the line",
        "expect used a < 1MiB | '<'",
        "expect portal p sees d/c | 'sees'",
        "expect converged soon | 'soon'",
      })
  void parse_ofALineThatCannotBeRead_namesTheWord(String line, String word) {
    assertThatThrownBy(() -> Scenario.parse("story", "worker w capacity=1MiB\n" + line))
        .isInstanceOf(ScenarioProblems.class)
        .hasMessageMatching("story:2: (expected|did you mean) .*found .*")
        .hasMessageContaining(word);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "config floor=0",
        "config saturation=0",
        "config saturation=2",
        "config confirmation=quorum:101",
        "config gates=off",
        "config give_up_after=3",
        "config suspect_after=9 depart_after=8",
        "config retention=always",
        "config weight_policy={d:",
        "config weight_policy={d: [{from: 0}]}",
        "config weight_policy={d: [{from: 0, weight: 0}]}",
        "config weight_policy={d: [{from: 0, weight: 1, colour: red}]}",
        "config pins=d/c@a",
        "config",
        "worker a capacity=1B zone=eu//x",
        "worker a capacity=1B zone=/x",
        "worker a capacity=1B zone=x/",
      })
  void parse_ofABadConfiguration_isRefused(String line) {
    assertThatThrownBy(() -> Scenario.parse("story", line))
        .isInstanceOf(ScenarioProblems.class)
        .hasMessageStartingWith("story:1: ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"worker %s capacity=1B", "worker a capacity=1B zone=%s", "portal %s"})
  void parse_ofANameThatIsTooLong_namesTheLine(String line) {
    assertThatThrownBy(() -> Scenario.parse("story", line.replace("%s", "x".repeat(600))))
        .isInstanceOf(ScenarioProblems.class)
        .hasMessageStartingWith("story:1: expected ");
  }

  @Test
  void parse_ofManyBadLines_namesTen() {
    assertThatThrownBy(() -> Scenario.parse("story", "bad\n".repeat(30)))
        .satisfies(thrown -> assertThat(thrown.getMessage().lines()).hasSize(10));
  }

  @Test
  void parse_ofAnyLineEndsCommentsAndDecimals_reads() throws ScenarioProblems {
    String text =
        "\uFEFF# a story\r\n\r\nworker a capacity=0.5KiB # half\r\nexpect used a <= 0B\r\n";
    assertThat(Scenario.parse("story", text).length()).isEqualTo(2);
    assertThat(Scenario.parse("story", text).run()).isEmpty();
  }
}
