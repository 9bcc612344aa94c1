package dev.stowage.sim.kit.scenario.draw;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.StowageListener;
import dev.stowage.evidence.EvidenceSink;
import dev.stowage.sim.kit.scenario.Story;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A deferral has an excuse only where no packing from empty leaves a slot of slack. */
class PackingTest {
  private static boolean fits(int chunks, String... more) {
    try (Story story =
        Story.begun(
            "config floor=1",
            Story.MEMORY,
            Story.Beside.NOTHING,
            StowageListener.NONE,
            EvidenceSink.NONE)) {
      story.tell("worker a capacity=4MiB");
      story.tell("worker b capacity=4MiB");
      for (int i = 0; i < chunks; i++) {
        story.tell("ingest d/c" + i + " " + 10 * i + "-" + (10 * i + 9) + " size=1MiB");
      }
      for (String line : more) {
        story.tell(line);
      }
      return Packing.fits(story.books(), List.of());
    }
  }

  @Test
  void fits_withASlotLeftOnEach_isTrue() {
    assertThat(fits(6)).isTrue();
  }

  @Test
  void fits_intoTheSlack_isFalse() {
    assertThat(fits(7)).isFalse();
  }

  @Test
  void fits_whereAWorkerTakesNothingNew_isFalse() {
    assertThat(fits(4, "cordon b")).isFalse();
    assertThat(fits(3, "cordon b")).isTrue();
  }

  @Test
  void fits_whereAnOperatorBansTheOnlyRoom_isFalse() {
    assertThat(fits(2, "set floor=2")).isTrue();
    assertThat(fits(2, "set floor=2", "ban d/c0@b")).isFalse();
    assertThat(fits(2, "set floor=2", "ban e/c0@b")).isTrue();
  }

  @Test
  void fits_whereAnAbsenceAsksForCopiesWithoutRoom_isFalse() {
    String[] lines = {"worker c capacity=4MiB", "set floor=3", "schedule", "set floor=1", ""};
    lines[4] = "away c for=9 copies=1";
    assertThat(fits(4, lines)).isTrue();
    lines[4] = "away c for=9 copies=2";
    assertThat(fits(4, lines)).isFalse();
  }
}
