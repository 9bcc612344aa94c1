package dev.stowage.content;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Holds the tags of tests against every id of the content design, which were copied from it by the
 * command in the resource's first line, and prints the table.
 */
class AcceptanceCoverageTest {
  private static final Pattern TAG =
      Pattern.compile("@(?:[a-z.]+\\.)?Tag\\(\"(A-[TGD]\\d\\d[a-z]?)\"\\)");
  private static final Path RESOURCE =
      Path.of("src", "test", "resources", "dev", "stowage", "content", "design-ids.txt");

  @Test
  void everyIdOfTheDesign_isNamedByATest_andNoOther() throws IOException {
    Map<String, TreeSet<String>> testsById = new TreeMap<>();
    Path tests = Path.of("src", "test", "java", "dev", "stowage");
    for (String room : List.of("pressure", "content", "transfer")) {
      try (Stream<Path> files = Files.walk(tests.resolve(room))) {
        for (Path file : files.filter(f -> f.toString().endsWith("Test.java")).sorted().toList()) {
          Matcher tag = TAG.matcher(Files.readString(file));
          while (tag.find()) {
            String test = room + "." + file.getFileName().toString().replace(".java", "");
            testsById.computeIfAbsent(tag.group(1), id -> new TreeSet<>()).add(test);
          }
        }
      }
    }
    TreeSet<String> ids = designIds();
    StringBuilder table = new StringBuilder("content design coverage\n");
    for (String id : ids) {
      table.append(id).append("  ");
      table.append(String.join(" ", testsById.getOrDefault(id, new TreeSet<>()))).append('\n');
    }
    System.out.print(table);
    assertThat(testsById.keySet()).isEqualTo(ids);
  }

  @Test
  void copiedIds_areAllThreeKinds_andHaveNoDoubles() throws IOException {
    assertThat(Files.readAllLines(RESOURCE))
        .doesNotHaveDuplicates()
        .hasSize(1 + designIds().size());
    assertThat(designIds()).filteredOn(id -> id.startsWith("A-T")).hasSize(36);
    assertThat(designIds()).filteredOn(id -> id.startsWith("A-G")).hasSize(24);
    assertThat(designIds()).filteredOn(id -> id.startsWith("A-D")).hasSize(20);
  }

  private static TreeSet<String> designIds() throws IOException {
    TreeSet<String> ids = new TreeSet<>(Files.readAllLines(RESOURCE));
    ids.removeIf(line -> line.startsWith("#"));
    return ids;
  }
}
