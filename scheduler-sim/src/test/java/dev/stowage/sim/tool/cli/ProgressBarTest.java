package dev.stowage.sim.tool.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class ProgressBarTest {
  private final StringWriter screen = new StringWriter();
  private long now;

  @Test
  void at_aShortPieceOfWork_drawsNothing() {
    try (ProgressBar bar = bar()) {
      now += 400_000_000L;
      bar.at(0.5, "half");
    }
    assertThat(screen.toString()).isEmpty();
  }

  @Test
  void at_aLongPieceOfWork_drawsAndWipes() {
    try (ProgressBar bar = bar()) {
      now += 600_000_000L;
      bar.at(0.5, "half");
      bar.at(0.6, "too soon");
      now += 100_000_000L;
      bar.at(7, "more than all of it " + "x".repeat(100));
    }
    String[] lines = screen.toString().split("\r");
    assertThat(lines[1]).startsWith("[###############...............] 50 % half").hasSize(78);
    assertThat(lines[2]).startsWith("[##############################] 100 % more").hasSize(78);
    assertThat(lines[3]).isBlank();
  }

  private ProgressBar bar() {
    return new ProgressBar(new PrintWriter(screen), () -> now);
  }
}
