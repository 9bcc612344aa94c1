package dev.stowage.deterministic;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs the stress tests in their own virtual machines and requires that nothing forbidden came. */
class StressTest {
  private static final Pattern RESULTS =
      Pattern.compile("\\(Results: (\\d+) planned; (\\d+) passed, (\\d+) failed, (\\d+) soft errs, (\\d+) hard errs\\)");

  /** Iterations and milliseconds of each test in each virtual machine. */
  private static final String ITERATIONS = System.getProperty("stress.iterations", "2");

  private static final String MILLIS = System.getProperty("stress.millis", "300");

  @Test
  void queuesValuesAndBarrier_underStress_showNoForbiddenOutcome(@TempDir Path reports)
      throws Exception {
    Path output = reports.resolve("output.txt");
    Process run =
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-cp",
                    System.getProperty(
                        "surefire.test.class.path", System.getProperty("java.class.path")),
                    "org.openjdk.jcstress.Main",
                    "-t",
                    "dev.stowage",
                    "-f",
                    "1",
                    "-iters",
                    ITERATIONS,
                    "-time",
                    MILLIS,
                    "-sc",
                    "false",
                    "-af",
                    "NONE",
                    "-spinStyle",
                    "THREAD_YIELD",
                    "-hs",
                    "256",
                    "-jvmArgs",
                    "-ea",
                    "-r",
                    reports.toString()))
            .directory(reports.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    run.waitFor();
    String text = Files.readString(output, StandardCharsets.UTF_8);
    System.out.println(text);
    Matcher results = RESULTS.matcher(text);
    int passed = 0;
    int planned = -1;
    while (results.find()) {
      planned = Integer.parseInt(results.group(1));
      passed = Integer.parseInt(results.group(2));
      assertThat(results.group(3)).as("forbidden outcomes").isEqualTo("0");
      assertThat(results.group(4)).as("soft errors").isEqualTo("0");
      assertThat(results.group(5)).as("hard errors").isEqualTo("0");
    }
    assertThat(passed).isPositive().isEqualTo(planned);
    assertThat(text).contains("Failed tests: No matches.").contains("Error tests: No matches.");
  }
}
