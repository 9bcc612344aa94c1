package dev.stowage.propagation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Counts which ids of the propagation design stand as tags in tests, and prints the table. */
class PropagationCoverageTest {
  private static final Pattern TAG =
      Pattern.compile("@(?:[a-z.]+\\.)?Tag\\(\"(E-[TGD]\\d\\d)\"\\)");
  private static final List<Integer> ROWS = List.of(1, 2, 3, 5, 7, 8, 9, 10, 12, 13, 14);

  @Test
  void everyId_isNamedByATest() throws IOException {
    Map<String, TreeSet<String>> testsById = new TreeMap<>();
    Path tests = Path.of("src", "test", "java", "dev", "stowage");
    for (String room : List.of("propagation", "lifecycle")) {
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
    List<String> missing = new ArrayList<>();
    StringBuilder table = new StringBuilder("propagation design coverage\n");
    for (String id : ids()) {
      TreeSet<String> named = testsById.getOrDefault(id, new TreeSet<>());
      table.append(id).append("  ").append(named.isEmpty() ? "-" : String.join(" ", named));
      table.append('\n');
      if (named.isEmpty()) {
        missing.add(id);
      }
    }
    System.out.print(table);
    assertThat(missing).isEmpty();
    assertThat(ids()).containsAll(testsById.keySet());
  }

  private static List<String> ids() {
    List<String> ids = new ArrayList<>();
    ROWS.forEach(row -> ids.add(id('T', row)));
    for (int gap = 1; gap <= 13; gap++) {
      ids.add(id('G', gap));
    }
    for (int decision = 1; decision <= 10; decision++) {
      ids.add(id('D', decision));
    }
    return ids;
  }

  private static String id(char kind, int number) {
    return "E-" + kind + (number < 10 ? "0" : "") + number;
  }
}
