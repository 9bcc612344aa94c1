package dev.stowage.house;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Relative links of README and of the pages lead to files, and to headings that are there. */
class LinksTest {
  static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

  private static final Pattern HEADING = Pattern.compile("(#{1,6}) +(.*?) *#*");
  private static final Pattern LINK =
      Pattern.compile("\\[[^\\]]*\\]\\(<?([^)>\\s]+)>?(?: +\"[^\"]*\")?\\)");
  private static final Pattern SPAN = Pattern.compile("(`+)(.+?)\\1");
  private static final Pattern ELSEWHERE = Pattern.compile("[a-z][a-z0-9+.-]*:.*");

  @TempDir Path folder;

  @Test
  void link_ofReadmeAndPages_leadsSomewhere() throws IOException {
    List<String> broken = new ArrayList<>();
    List<Path> pages = new ArrayList<>(List.of(ROOT.resolve("README.md")));
    try (Stream<Path> docs = Files.walk(ROOT.resolve("docs"))) {
      docs.filter(file -> file.toString().endsWith(".md")).sorted().forEach(pages::add);
    }
    for (Path page : pages) {
      broken(page).forEach(link -> broken.add(ROOT.relativize(page) + ": " + link));
    }
    assertThat(pages).hasSizeGreaterThan(20);
    assertThat(broken).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[a](gone.md)",
        "[a](../gone/)",
        "[a](other.md#3-gone)",
        "[a](#gone)",
        "![a](gone.png)",
        "[`a`](gone.md \"title\")"
      })
  void link_thatLeadsNowhere_isFound(String text) throws IOException {
    assertThat(broken(planted(text))).hasSize(1);
  }

  private Path planted(String text) throws IOException {
    String other = "# 1. The first, of two\n\n# `Some` code & again\n\n# Again\n\n# Again\n";
    Files.writeString(folder.resolve("other.md"), other);
    return Files.writeString(folder.resolve("page.md"), text);
  }

  private static List<String> broken(Path page) throws IOException {
    List<String> broken = new ArrayList<>();
    for (String line : text(page)) {
      Matcher link = LINK.matcher(SPAN.matcher(line).replaceAll("code"));
      while (link.find()) {
        String target = link.group(1);
        if (!ELSEWHERE.matcher(target).matches() && !leads(page, target)) {
          broken.add(target);
        }
      }
    }
    return broken;
  }

  static boolean leads(Path page, String link) throws IOException {
    int hash = link.indexOf('#');
    String path = hash < 0 ? link : link.substring(0, hash);
    Path place = path.isEmpty() ? page : page.resolveSibling(path).normalize();
    return Files.exists(place) && (hash < 0 || anchors(place).contains(link.substring(hash + 1)));
  }

  /** Returns what stands behind a hash in links to headings of a page. */
  private static TreeSet<String> anchors(Path page) throws IOException {
    TreeSet<String> anchors = new TreeSet<>();
    TreeMap<String, Integer> seen = new TreeMap<>();
    for (String line : text(page)) {
      Matcher heading = HEADING.matcher(line);
      if (heading.matches()) {
        String anchor = anchor(heading.group(2));
        int before = seen.merge(anchor, 1, Integer::sum) - 1;
        anchors.add(before == 0 ? anchor : anchor + "-" + before);
      }
    }
    return anchors;
  }

  private static String anchor(String heading) {
    return heading
        .replaceAll("\\[([^\\]]*)\\]\\([^)]*\\)", "$1")
        .toLowerCase(Locale.ROOT)
        .replaceAll("[^\\p{L}\\p{N} _-]", "")
        .strip()
        .replace(' ', '-');
  }

  /** Returns the lines of a page that are not fenced. */
  private static List<String> text(Path page) throws IOException {
    List<String> lines = new ArrayList<>();
    boolean isFenced = false;
    for (String line : Files.readAllLines(page)) {
      if (line.strip().startsWith("```")) {
        isFenced = !isFenced;
      } else if (!isFenced) {
        lines.add(line);
      }
    }
    return lines;
  }
}
