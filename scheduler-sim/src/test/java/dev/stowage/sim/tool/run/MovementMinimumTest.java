package dev.stowage.sim.tool.run;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class MovementMinimumTest {
  private final MovementMinimum minimum = new MovementMinimum();

  @Test
  void bytes_replicasLost_areTheirBytes() {
    minimum.chunk(10, 3, 2);
    minimum.chunk(7, 3, 3);
    minimum.chunk(5, 2, 0);
    minimum.worker(1000, 21, 31);
    minimum.worker(1000, 20, 30);
    assertThat(minimum.bytes()).isEqualTo(20);
  }

  @Test
  void bytes_newcomer_isFilledToTheLevel() {
    minimum.chunk(1_000, 9, 9);
    minimum.worker(10_000, 4_500, 3_000);
    minimum.worker(10_000, 4_500, 3_000);
    minimum.worker(10_000, 0, 3_000);
    assertThat(minimum.bytes()).isEqualTo(3_000);
  }

  @Test
  void bytes_capacityCut_isWhatLiesAboveIt() {
    minimum.chunk(1_000, 18, 18);
    minimum.worker(5_000, 9_000, 3_600);
    minimum.worker(10_000, 4_500, 7_200);
    minimum.worker(10_000, 4_500, 7_200);
    assertThat(minimum.bytes()).as("down to the level, 0.72").isEqualTo(9_000 - 3_600);
  }

  @Test
  void bytes_replicasThatNobodyWantsAnyMore_needNotBeCopied() {
    minimum.chunk(1_000, 4, 9);
    minimum.worker(10_000, 9_000, 2_000);
    minimum.worker(10_000, 0, 2_000);
    assertThat(minimum.bytes()).as("4,000 stay: half of it to the other").isEqualTo(2_000);
  }

  @Test
  void bytes_nothingToDo_isZero() {
    assertThat(minimum.bytes()).isZero();
    minimum.chunk(1_000, 2, 2);
    minimum.worker(10_000, 1_000, 1_000);
    minimum.worker(10_000, 1_000, 1_000);
    minimum.worker(0, 0, 0);
    assertThat(minimum.bytes()).isZero();
  }

  @Test
  void bytes_workerThatCannotBeFilled_countsOnlyWhatItGained() {
    minimum.chunk(1_000, 9, 9);
    minimum.worker(10_000, 9_000, 8_000);
    minimum.worker(10_000, 0, 1_000);
    assertThat(minimum.bytes()).isEqualTo(1_000);
  }
}
