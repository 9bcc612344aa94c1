package dev.stowage.model;

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
 * Holds the tags of tests against every id of a design page, which were copied from it by the
 * command in the resource's first line, and prints which test names which id.
 */
public abstract class DesignCoverage {
  private static final Path TESTS = Path.of("src", "test", "java", "dev", "stowage");
  private static final Pattern METHOD = Pattern.compile("^\\s+(?:public )?\\w+ (\\w+)\\(.*");

  private final char page;
  private final Path copiedIds;
  private final List<String> rooms;

  /**
   * The coverage of one page.
   *
   * @param page the letter with which its ids begin
   * @param room the package of the page, beside whose tests the ids are copied
   * @param others other packages whose tests name its ids
   */
  protected DesignCoverage(char page, String room, String... others) {
    this.page = page;
    copiedIds = Path.of("src", "test", "resources", "dev", "stowage", room, "design-ids.txt");
    rooms = Stream.concat(Stream.of(room), Stream.of(others)).toList();
  }

  /** How many rows, gaps and decisions the page has: 3 numbers. */
  protected abstract List<Integer> sizes();

  @Test
  void everyIdOfTheDesign_isNamedByATest_andNoOther() throws IOException {
    Map<String, TreeSet<String>> testsById = new TreeMap<>();
    for (String room : rooms) {
      try (Stream<Path> files = Files.walk(TESTS.resolve(room))) {
        for (Path file : files.filter(f -> f.toString().endsWith(".java")).sorted().toList()) {
          collect(file, testsById);
        }
      }
    }
    TreeSet<String> ids = ids();
    StringBuilder table = new StringBuilder("coverage of design ").append(page).append('\n');
    for (String id : ids) {
      table.append(id).append("  ");
      table.append(String.join(" ", testsById.getOrDefault(id, new TreeSet<>()))).append('\n');
    }
    System.out.print(table);
    assertThat(testsById.keySet()).isEqualTo(ids);
  }

  @Test
  void copiedIds_areAllThreeKinds_andHaveNoDoubles() throws IOException {
    assertThat(Files.readAllLines(copiedIds)).doesNotHaveDuplicates().hasSize(1 + ids().size());
    List<Long> found =
        Stream.of("T", "G", "D")
            .map(kind -> page + "-" + kind)
            .map(prefix -> {
              try {
                return ids().stream().filter(id -> id.startsWith(prefix)).count();
              } catch (IOException e) {
                throw new AssertionError(e);
              }
            })
            .toList();
    assertThat(found).isEqualTo(sizes().stream().map(Integer::longValue).toList());
  }

  /** A tag belongs to the next method; both look the same in every test. */
  private void collect(Path file, Map<String, TreeSet<String>> testsById) throws IOException {
    Pattern tag = Pattern.compile("@(?:[a-z.]+\\.)?Tag\\(\"(" + page + "-[TGD]\\d\\d[a-z]?)\"\\)");
    TreeSet<String> open = new TreeSet<>();
    for (String line : Files.readAllLines(file)) {
      Matcher tagged = tag.matcher(line);
      Matcher method = METHOD.matcher(line);
      if (tagged.find()) {
        open.add(tagged.group(1));
      } else if (method.matches() && !open.isEmpty()) {
        String type = file.getFileName().toString().replace(".java", "");
        for (String id : open) {
          testsById.computeIfAbsent(id, key -> new TreeSet<>()).add(type + '.' + method.group(1));
        }
        open.clear();
      }
    }
    assertThat(open).as("tags of no method in %s", file).isEmpty();
  }

  private TreeSet<String> ids() throws IOException {
    TreeSet<String> ids = new TreeSet<>(Files.readAllLines(copiedIds));
    ids.removeIf(line -> line.startsWith("#"));
    return ids;
  }
}
