package dev.stowage.sim.tool.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProgressLinesTest {
  private static final long SECOND = 1_000_000_000L;

  private final StringWriter file = new StringWriter();
  private long now = -2 * SECOND;

  @Test
  void work_thatSaysNothingForAMinute_hasALineAtLeastEveryFiveSeconds() {
    try (ProgressLines lines = new ProgressLines(new PrintWriter(file), () -> now)) {
      lines.at(0.126, "cycle 1, fill");
      int printed = 0;
      for (int second = 1; second <= 60; second++) {
        now += SECOND;
        lines.beat();
        if (second % 5 == 0) {
          int before = printed;
          printed = said().size();
          assertThat(printed).as("after " + second + " s").isGreaterThan(before);
        }
      }
      lines.at(7, "cycle 2, loss");
      now += 4 * SECOND;
      lines.beat();
    }
    assertThat(said().get(0)).isEqualTo("4 s, 13 %, cycle 1, fill");
    assertThat(said()).hasSize(16).endsWith("64 s, 100 %, cycle 2, loss");
  }

  @Test
  void work_ofLessThanFourSeconds_hasNoLine() {
    try (ProgressLines lines = new ProgressLines(new PrintWriter(file), () -> now)) {
      now += 4 * SECOND - 1;
      lines.at(1, "over");
      lines.beat();
    }
    assertThat(file.toString()).isEmpty();
  }

  private List<String> said() {
    return file.toString().lines().toList();
  }
}
