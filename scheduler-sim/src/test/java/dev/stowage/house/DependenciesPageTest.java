package dev.stowage.house;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The versions of docs/internals/dependencies.md are those of the parent pom. */
class DependenciesPageTest {
  private static final Pattern PINNED = Pattern.compile("<[a-z0-9.-]*version>([0-9][^<$]*)</");

  @Test
  void page_namesEveryPinnedVersion() throws IOException {
    TreeSet<String> pinned = new TreeSet<>();
    String pom = Files.readString(LinksTest.ROOT.resolve("pom.xml"));
    Matcher each = PINNED.matcher(pom.substring(pom.indexOf("<properties>")));
    while (each.find()) {
      pinned.add(each.group(1));
    }
    String page = Files.readString(LinksTest.ROOT.resolve("docs/internals/dependencies.md"));
    TreeSet<String> named =
        Arrays.stream(page.split("[ |;,]+")).collect(Collectors.toCollection(TreeSet::new));
    assertThat(pinned).hasSizeGreaterThan(40);
    assertThat(named).containsAll(pinned);
  }
}
