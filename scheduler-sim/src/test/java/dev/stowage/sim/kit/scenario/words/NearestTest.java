package dev.stowage.sim.kit.scenario.words;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class NearestTest {
  private static final List<String> WORDS = List.of("workers", "chunks", "steps", "step");

  @Test
  void of_letterLess_findsTheWord() {
    assertThat(Nearest.of("wokers", WORDS)).contains("workers");
    assertThat(Nearest.of("stps", WORDS)).contains("steps");
  }

  @Test
  void of_knownWord_inTheWrongPlace_findsNoOther() {
    assertThat(Nearest.of("step", WORDS)).isEmpty();
    assertThat(Nearest.hint("steps", WORDS)).isEmpty();
  }

  @Test
  void of_wordOfAnotherKind_findsNothing() {
    assertThat(Nearest.of("bandwidth", WORDS)).isEmpty();
    assertThat(Nearest.of("", WORDS)).isEmpty();
    assertThat(Nearest.of(">", List.of("=", "<="))).isEmpty();
  }

  @Test
  void of_twoThatAreEquallyNear_takesTheFirst() {
    assertThat(Nearest.of("stepz", WORDS)).contains("steps");
  }
}
