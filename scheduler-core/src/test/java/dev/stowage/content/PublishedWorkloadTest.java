package dev.stowage.content;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.content.SelectionPolicy.Fairness;
import dev.stowage.content.SelectionPolicy.StandardPolicy;
import dev.stowage.pressure.PressureGauge.PressurePolicy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PublishedWorkloadTest {
  @Test
  void items_areThePublishedOnes() {
    assertThat(PublishedWorkload.mix(0)).isEqualTo(0xe220a8397b1dcdafL);
    assertThat(PublishedWorkload.mix(1)).isEqualTo(0x910a2dec89025cc1L);
    assertThat(PublishedWorkload.item(0, 0))
        .isEqualTo(ContentItem.of(0, PriorityClass.CONTROL, 729_549, 6, 34));
    assertThat(PublishedWorkload.item(1, 0))
        .isEqualTo(ContentItem.of(1, PriorityClass.PREFETCH, 591_452, 71, 437));
  }

  @ParameterizedTest
  @CsvSource({
    "1000,0,e741596afb9a9456",
    "1000,100,e741596afb9a9456",
    "100000,1000,56b1043f0611eb08"
  })
  void order_withoutFairness_isThePublishedOne_whateverTheStreams(
      int n, int streams, String checksum) {
    ContentScheduler scheduler =
        ContentScheduler.of(
            ContentConfig.DEFAULT.withPolicy(
                new StandardPolicy(
                    StandardPolicy.Ranking.EFFICIENCY, Fairness.OFF, PressurePolicy.DEFAULT)));
    for (int i = 0; i < n; i++) {
      scheduler.schedule(PublishedWorkload.item(i, streams), 0);
    }
    long fold = 0;
    for (int i = 0; i < n; i++) {
      fold = fold * 31 + scheduler.decide(0).selected().orElseThrow().item().id();
    }
    assertThat(Long.toHexString(fold)).isEqualTo(checksum);
  }
}
