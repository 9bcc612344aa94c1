package dev.stowage.sim.clients;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.client.ClientConfig;
import dev.stowage.lifecycle.CommandKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The page on clients, held against the example host that {@code .ci/smoke} builds and runs. */
class ClientsPageTest {
  private static final Path DOCS = Path.of("..", "docs");
  private static final Path HOST = DOCS.resolve("example-host/main/example");

  private static List<String> lines(Path file) throws IOException {
    return Files.readAllLines(file);
  }

  private static long code(String file) throws IOException {
    try (Stream<String> lines = Files.lines(HOST.resolve(file))) {
      return lines
          .map(String::strip)
          .filter(line -> !line.isEmpty() && !line.startsWith("import ") && !line.startsWith("*"))
          .filter(line -> !line.startsWith("//") && !line.startsWith("/*"))
          .filter(line -> !line.startsWith("package "))
          .count();
    }
  }

  @Test
  void door_isCalledAsThePageSays() throws IOException {
    List<String> page = lines(DOCS.resolve("clients.md"));
    int from = page.indexOf("```java");
    List<String> host =
        lines(HOST.resolve("ControlPlane.java")).stream().map(String::strip).toList();

    assertThat(from).isPositive();
    List<String> shown = page.subList(from + 1, page.indexOf("```"));
    assertThat(shown).hasSize(2);
    assertThat(host).containsAll(shown);
  }

  @Test
  void page_namesRequestsAndSettings() throws IOException {
    String page = Files.readString(DOCS.resolve("clients.md"));

    for (CommandKind<?, ?> kind : List.of(CommandKind.REGISTER, CommandKind.INVENTORY_PART)) {
      assertThat(page).contains("`" + kind.shape().name() + "`");
    }
    assertThat(page)
        .contains("`poll_nanos`", "`report_nanos`", "`repeat_nanos`", "`inventory_part`")
        .contains("`download_attempts`", "`give_up_nanos`", "`retry_longest_nanos`");
    assertThat(ClientConfig.SHAPE.field("poll_nanos")).isPresent();
  }

  @Test
  void host_isShort() throws IOException {
    assertThat(code("ControlPlane.java")).isLessThanOrEqualTo(120);
    assertThat(code("WorkerNode.java")).isLessThanOrEqualTo(70);
    assertThat(code("PortalNode.java")).isLessThanOrEqualTo(60);
    assertThat(code("Peers.java")).isLessThanOrEqualTo(30);
  }
}
