package dev.stowage.benchmarks.placement;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.benchmarks.peers.Event;
import dev.stowage.benchmarks.peers.Quality;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class BarsTest {
  private static final Quality GOOD = new Quality(300_000, 0, 0, 1.001, 0.999, 100, 100, 100);

  @Test
  void bar_is_met_or_not_by_what_was_measured() {
    assertThat(rows(0.09)).anySatisfy(row -> assertThat(row).contains("from scratch", "| met"));
    assertThat(rows(0.11))
        .anySatisfy(row -> assertThat(row).contains("from scratch", "0.1100", "**not met**"));
  }

  @Test
  void nothing_is_said_of_what_was_not_measured() {
    assertThat(new Bars(Map.of()).rows()).isEmpty();
    assertThat(rows(0.09)).noneSatisfy(row -> assertThat(row).contains("500,000"));
  }

  private static List<String> rows(double cpuSeconds) {
    Cell cell = new Cell(Event.SCRATCH, null, 5, cpuSeconds, 1, 1, 1, 1, 1, GOOD);
    return new Bars(Map.of("r3", Map.of("stowage", Map.of(Event.SCRATCH, cell)))).rows();
  }
}
