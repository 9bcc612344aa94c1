package dev.stowage.sim.tool.simulate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stowage.sim.kit.scenario.words.UnreadableWord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ShapeTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "constant",
        "ramp",
        "triangle",
        "gaussian",
        "pulse",
        "bursts",
        "points(3,0,1)",
        "points(7)"
      })
  void part_allStepsOfAWindow_addUpToTheTotal(String name) throws UnreadableWord {
    RateShape shape = RateShape.read(name);
    for (int steps : new int[] {1, 2, 3, 7, 50}) {
      for (long total : new long[] {0, 1, 10, 999_999_937}) {
        long sum = 0;
        for (int step = 0; step < steps; step++) {
          long part = shape.part(total, step, steps);
          assertThat(part).isNotNegative();
          sum += part;
        }
        assertThat(sum).as("%s of %d in %d steps", name, total, steps).isEqualTo(total);
      }
    }
  }

  @Test
  void part_pulse_comesInTheMiddle() throws UnreadableWord {
    RateShape pulse = RateShape.read("pulse");
    assertThat(pulse.part(100, 0, 10)).isZero();
    assertThat(pulse.part(100, 4, 10) + pulse.part(100, 5, 10)).isEqualTo(100);
  }

  @Test
  void part_points_areRatesOfEqualParts() throws UnreadableWord {
    RateShape points = RateShape.read("points(3,0,1)");
    assertThat(points.part(400, 0, 3)).isEqualTo(300);
    assertThat(points.part(400, 1, 3)).isZero();
    assertThat(points.part(400, 2, 3)).isEqualTo(100);
  }

  @ParameterizedTest
  @ValueSource(strings = {"cubic", "points()", "points(0,0)", "points(-1)", ""})
  void read_noShape_isRefused(String word) {
    assertThatThrownBy(() -> RateShape.read(word)).isInstanceOf(UnreadableWord.class);
  }
}
