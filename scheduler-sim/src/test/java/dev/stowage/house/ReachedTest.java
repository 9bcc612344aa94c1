package dev.stowage.house;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import dev.stowage.PartReplay;
import dev.stowage.Stowage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/**
 * Holds every public type of four packages against what {@link Stowage} reaches: what it does not
 * reach is named in an ADR. Prints both lists.
 */
class ReachedTest {
  private static final List<String> ROOMS =
      List.of(
          "dev.stowage.content",
          "dev.stowage.pressure",
          "dev.stowage.transfers",
          "dev.stowage.propagation");

  @Test
  void publicTypes_thatNothingReaches_areNamedInTheAdr() throws IOException {
    JavaClasses core =
        new ClassFileImporter()
            .importUrl(Stowage.class.getProtectionDomain().getCodeSource().getLocation());
    Set<JavaClass> reached = reachedFrom(core.get(Stowage.class));
    Set<String> unreached = new TreeSet<>();
    Set<String> used = new TreeSet<>();
    for (JavaClass type : core) {
      if (ROOMS.contains(type.getPackageName())
          && type.getModifiers().contains(JavaModifier.PUBLIC)
          && type.isTopLevelClass()) {
        (reached.contains(type) ? used : unreached).add(type.getName());
      }
    }
    System.out.println("reached from Stowage: " + used);
    System.out.println("reached by replays, tests and hosts alone: " + unreached);
    String adr = adr();
    assertThat(used).hasSizeGreaterThan(20);
    assertThat(unreached).isNotEmpty().allSatisfy(name -> assertThat(adr).contains(row(name)));
    assertThat(used).allSatisfy(name -> assertThat(adr).doesNotContain(row(name)));
  }

  private static String row(String name) {
    return "| `" + name.substring("dev.stowage.".length()) + "` |";
  }

  /** The replays of parts know every part, and call none for a fleet. */
  private static Set<JavaClass> reachedFrom(JavaClass first) {
    Set<JavaClass> reached = new LinkedHashSet<>(Set.of(first));
    Deque<JavaClass> open = new ArrayDeque<>(reached);
    while (!open.isEmpty()) {
      for (var known : open.pop().getDirectDependenciesFromSelf()) {
        JavaClass to = known.getTargetClass().getBaseComponentType();
        if (Rooms.isInCore(to) && !to.isEquivalentTo(PartReplay.class) && reached.add(to)) {
          open.push(to);
        }
      }
    }
    return reached;
  }

  /** Tests run in the module's folder or, from an editor, in the repository's. */
  private static String adr() throws IOException {
    Path beside = Path.of("..", "docs", "adr", "0020-types-that-no-fleet-calls.md");
    return Files.readString(
        Files.exists(beside) ? beside : Path.of("docs", "adr", beside.getFileName().toString()),
        StandardCharsets.UTF_8);
  }
}
