package dev.stowage.sim.tool.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/**
 * Some scenario files on memory and PostgreSQL at once: one of each kind of trouble. All of them
 * are run by hand with {@code stowage scenario --backend both}.
 */
class BothBackendsTest {
  private static final List<String> FILES =
      List.of(
          "00-example.txt",
          "207-another-disk-possesses-nothing.txt",
          "219-quorum-confirms-for-stragglers.txt",
          "306-offered-chunks-are-admitted-in-order.txt",
          "506-rejections-in-their-order.txt",
          "508-a-chain-fires-in-order.txt",
          "510-cancel-takes-what-rests-on-it.txt",
          "603-backpressure.txt",
          "819-what-was-durable-outlives-a-killed-server.txt");

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  void scenario_isTheSameOnBoth() throws Exception {
    List<String> args = new ArrayList<>(List.of("scenario", "--backend", "both"));
    for (String file : FILES) {
      args.add(
          Path.of(
                  Objects.requireNonNull(
                          getClass().getResource("/dev/stowage/sim/scenarios/" + file))
                      .toURI())
              .toString());
    }
    Console console =
        new Console(new PrintWriter(out, true), new PrintWriter(err, true), false, () -> 0);
    int code = StowageCommand.commandLine(console).execute(args.toArray(String[]::new));
    assertThat(err.toString()).isEmpty();
    assertThat(code).isEqualTo(ExitCode.OK);
    assertThat(out.toString().lines()).hasSize(FILES.size()).allMatch(it -> it.contains(": ok"));
  }
}
