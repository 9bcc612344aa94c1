package dev.stowage.transfers;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests the nearness of two zones. */
class SourceRankingTest {
  @ParameterizedTest
  @CsvSource({
    "eu/a/1, eu/a/1, 1",
    "eu/a/1, eu/a/2, 0.6666666666666666",
    "eu/a/1, eu/a/12, 0.6666666666666666",
    "eu/a/1, eu/b/1, 0.3333333333333333",
    "eu/a/1, eu, 0.3333333333333333",
    "eu/a/1, e, 0",
    "eu, eur, 0",
    "eu, us, 0",
    "eu, eu, 1",
    "'', eu, 0",
    "'', '', 0"
  })
  void nearness_isTheShareOfLevelsInCommon(String one, String other, double nearness) {
    assertThat(SourceRanking.nearness(one, other)).isEqualTo(nearness);
    assertThat(SourceRanking.nearness(other, one)).isEqualTo(nearness);
  }
}
