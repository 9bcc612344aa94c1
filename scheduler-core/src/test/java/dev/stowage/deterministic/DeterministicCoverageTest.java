package dev.stowage.deterministic;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Method;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;

/** Counts which rows of the deterministic design a test names, and prints the table. */
class DeterministicCoverageTest {
  private static final List<Integer> ROWS =
      List.of(1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 13, 14, 15, 16, 17, 20, 22, 24, 25, 27);
  private static final int GAPS = 19;
  private static final int DECISIONS = 16;

  @Test
  void everyRowGapAndDecision_isNamedByATest() {
    Map<String, List<String>> table = new TreeMap<>();
    expectedIds().forEach(id -> table.put(id, new ArrayList<>()));
    for (Class<?> type : testClasses()) {
      for (Method method : type.getDeclaredMethods()) {
        tagsOf(method)
            .filter(table::containsKey)
            .forEach(id -> table.get(id).add(type.getSimpleName() + "." + method.getName()));
      }
    }
    StringBuilder printed = new StringBuilder("deterministic execution, rows and their tests\n");
    table.forEach((id, tests) -> {
      printed.append(id).append("  ").append(tests.size());
      tests.stream().sorted().forEach(test -> printed.append("\n    ").append(test));
      printed.append('\n');
    });
    System.out.print(printed);
    assertThat(table).allSatisfy((id, tests) -> assertThat(tests).as(id).isNotEmpty());
  }

  @Test
  @Tag("K-G01")
  void everyTest_standsWhereTheBuildFindsIt() {
    List<String> lost =
        testClasses().stream()
            .filter(type ->
                Stream.of(type.getDeclaredMethods()).anyMatch(DeterministicCoverageTest::isTest))
            .map(Class::getSimpleName)
            .filter(name -> !name.endsWith("Test"))
            .toList();
    assertThat(lost).isEmpty();
  }

  @Test
  @Tag("K-G01")
  void noProperty_carriesATagThatWouldSkipIt() {
    List<String> skipped =
        testClasses().stream()
            .flatMap(type -> Stream.of(type.getDeclaredMethods()))
            .filter(method -> method.isAnnotationPresent(Property.class))
            .filter(method -> method.getAnnotationsByType(Tag.class).length > 0)
            .map(Method::toString)
            .toList();
    assertThat(skipped).isEmpty();
  }

  private static Stream<String> expectedIds() {
    return Stream.of(
            ROWS.stream().map(row -> String.format(Locale.ROOT, "K-T%02d", row)),
            IntStream.rangeClosed(1, GAPS)
                .mapToObj(gap -> String.format(Locale.ROOT, "K-G%02d", gap)),
            IntStream.rangeClosed(1, DECISIONS)
                .mapToObj(each -> String.format(Locale.ROOT, "K-D%02d", each)))
        .flatMap(ids -> ids);
  }

  private static boolean isTest(Method method) {
    return method.isAnnotationPresent(Test.class)
        || method.isAnnotationPresent(ParameterizedTest.class)
        || method.isAnnotationPresent(Property.class);
  }

  private static Stream<String> tagsOf(Method method) {
    return Stream.concat(
        Stream.of(method.getAnnotationsByType(Tag.class)).map(Tag::value),
        Stream.of(method.getAnnotationsByType(net.jqwik.api.Tag.class))
            .map(net.jqwik.api.Tag::value));
  }

  private static List<Class<?>> testClasses() {
    try {
      Path root =
          Path.of(
              DeterministicCoverageTest.class
                  .getProtectionDomain()
                  .getCodeSource()
                  .getLocation()
                  .toURI());
      List<Class<?>> found = new ArrayList<>();
      for (String name : List.of("deterministic", "evidence")) {
        try (Stream<Path> files = Files.walk(root.resolve("dev/stowage").resolve(name))) {
          for (Path file : files.sorted().toList()) {
            String path = root.relativize(file).toString();
            if (path.endsWith(".class") && !path.endsWith("package-info.class")) {
              String type = path.substring(0, path.length() - ".class".length());
              found.add(Class.forName(type.replace(file.getFileSystem().getSeparator(), ".")));
            }
          }
        }
      }
      return found;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (URISyntaxException | ClassNotFoundException e) {
      throw new IllegalStateException(e);
    }
  }
}
