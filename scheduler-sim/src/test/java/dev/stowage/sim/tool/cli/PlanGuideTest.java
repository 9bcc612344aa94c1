package dev.stowage.sim.tool.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The example of the page on planning, run. */
class PlanGuideTest {
  private static final Path GUIDE = Path.of("..", "docs", "plan.md");
  private static final Pattern BLOCK = Pattern.compile("```[a-z]*\\n(.*?)```", Pattern.DOTALL);

  @TempDir Path folder;

  @Test
  void guidesExample_run_saysWhatThePageSays() throws IOException {
    List<String> blocks = new ArrayList<>();
    Matcher each = BLOCK.matcher(Files.readString(GUIDE, StandardCharsets.UTF_8));
    while (each.find()) {
      blocks.add(each.group(1));
    }
    PlanRunner stowage = new PlanRunner(folder);
    stowage.write("workers.csv", blocks.get(0));
    stowage.write("chunks.csv", blocks.get(1));
    stowage.write("plan.yaml", blocks.get(2));
    String config = stowage.at("plan.yaml");
    assertThat(stowage.plan("step1", "--config", config)).isEqualTo(ExitCode.OK);
    assertThat(stowage.out().replace(stowage.at("step1"), "step1")).isEqualTo(blocks.get(4));
    assertThat(stowage.text("step1", "actions.csv")).isEqualTo(blocks.get(5));
    stowage.run(List.of("explain", stowage.at("step1"), "logs/wed"));
    assertThat(stowage.out()).isEqualTo(blocks.get(7));
    String held = folder.resolve("step1").resolve("next_held.csv").toString();
    int code = stowage.plan("step2", "--config", config, "--held", held);
    assertThat(code).isEqualTo(ExitCode.OK);
    assertThat(stowage.rows("step2", "actions.csv")).isEmpty();
  }
}
