package dev.stowage.house;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Every class of tests has a name that the build runs: surefire runs {@code *Test} alone. */
class TestNamesTest {
  /** Takes an hour, and is run by command (docs/internals/what-catches-what.md). */
  private static final String BY_COMMAND = "FirstFinder.java";

  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
  private static final Pattern TEST =
      Pattern.compile("^  @(Test|Property|ParameterizedTest|TestFactory)\\b", Pattern.MULTILINE);
  private static final Pattern OF_OTHERS =
      Pattern.compile("^(public )?(abstract class|interface|sealed interface) ", Pattern.MULTILINE);

  @Test
  void everyClassOfTests_isRun() throws IOException {
    List<Path> sources = new ArrayList<>();
    try (Stream<Path> files = Files.walk(ROOT)) {
      files
          .filter(file -> file.toString().contains("/src/test/java/"))
          .filter(file -> file.toString().endsWith(".java"))
          .forEach(sources::add);
    }
    List<String> unheard = new ArrayList<>();
    for (Path source : sources) {
      String text = Files.readString(source);
      boolean isRun =
          source.toString().endsWith("Test.java")
              || source.endsWith(BY_COMMAND)
              || OF_OTHERS.matcher(text).find();
      if (!isRun && TEST.matcher(text).find()) {
        unheard.add(ROOT.relativize(source).toString());
      }
    }
    assertThat(sources).hasSizeGreaterThan(300);
    assertThat(unheard).isEmpty();
  }
}
