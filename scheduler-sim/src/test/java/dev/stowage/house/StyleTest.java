package dev.stowage.house;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The style guide, held against every main source of every module. */
class StyleTest {
  @Test
  void main_sources_keep_the_style_guide_or_waive_it_with_a_reason() throws IOException {
    Repository repository = Repository.here();
    List<SourceFile> sources =
        repository.mainSources().stream().map(file -> SourceFile.read(repository, file)).toList();

    StyleReport report = StyleReport.of(sources);

    print(report.waivers());
    assertThat(sources).hasSizeGreaterThan(20);
    assertThat(report.findings()).isEmpty();
  }

  /** Shows every waiver in the build's output, and leaves the list where the summary finds it. */
  private static void print(List<Waiver> waivers) throws IOException {
    List<String> lines = waivers.stream().map(Waiver::toString).toList();
    System.out.println("style waivers: " + lines.size());
    lines.forEach(line -> System.out.println("  " + line));
    Files.createDirectories(Path.of("target"));
    Files.write(Path.of("target", "style-waivers.txt"), lines);
  }
}
