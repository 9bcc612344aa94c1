package dev.stowage.benchmarks.scale;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScaleTest {
  @Test
  @Tag("deep")
  void run_ofATinyFleetInMemory_printsARowForEachPhase() throws Exception {
    List<String> phases = new ArrayList<>(Scale.PHASES.keySet());
    phases.remove("fleets");

    assertThat(rows("40 4 2 --seconds 1 --zones 2")).containsExactlyElementsOf(phases);
  }

  @Test
  void run_ofNamedPhases_fillsFirst() throws Exception {
    assertThat(rows("20 4 2 --seconds 1 takeover preview documents"))
        .containsExactly("fill", "publish", "preview", "documents", "takeover");
  }

  @Test
  @Tag("deep")
  void run_ofATinyFleetOnPostgres_printsARowForEachPhase() throws Exception {
    List<String> phases = new ArrayList<>(Scale.PHASES.keySet());
    phases.removeAll(List.of("fleets", "save"));

    assertThat(rows("200 10 2 --seconds 1 --jdbc-url embedded")).containsExactlyElementsOf(phases);
  }

  @ParameterizedTest
  @CsvSource({
    "'20 4', COPIES",
    "'20 4 5', COPIES must be a number from 1 to 4",
    "'many 4 2', CHUNKS must be a number",
    "'20 4 2 --seconds', --seconds",
    "'20 4 2 --jdbc-url mysql:here', jdbc:postgresql:",
    "'20 4 2 sleep', no phase is called 'sleep'"
  })
  void argument_thatIsWrong_isNamedWithItsBound(String arguments, String told) {
    assertThatThrownBy(() -> ScaleOptions.of(arguments.split(" ")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(told);
  }

  /** Returns the names of the printed rows. */
  private static List<String> rows(String arguments) throws Exception {
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    Scale.print(
        ScaleOptions.of(arguments.split(" ")),
        new PrintStream(printed, true, StandardCharsets.UTF_8));
    return printed
        .toString(StandardCharsets.UTF_8)
        .lines()
        .filter(line -> line.matches("\\| [a-z]+ \\| [0-9].*"))
        .map(line -> line.split(" ")[1])
        .toList();
  }
}
