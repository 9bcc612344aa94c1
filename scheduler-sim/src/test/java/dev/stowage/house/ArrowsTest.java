package dev.stowage.house;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import dev.stowage.Stowage;
import dev.stowage.Transfers;
import dev.stowage.command.Annex;
import dev.stowage.lifecycle.KeptValue;
import dev.stowage.replay.PartReplay;
import java.io.IOException;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiPredicate;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The arrows between packages, held against every main class of four modules. */
class ArrowsTest {
  private static final List<String> ONE_OF_EACH_MODULE =
      List.of(
          "dev.stowage.model",
          "dev.stowage.storage.memory",
          "dev.stowage.storage.postgres",
          "dev.stowage.sim");

  private static final JavaClasses LIBRARY = new ClassFileImporter().importUrls(places());

  /** Each pair of a type and one that it knows once: rules ask nothing else. */
  private static final Set<Arrow> ARROWS = arrows(LIBRARY);

  private static final List<String> PARTS =
      List.of(
          "dev.stowage.content",
          "dev.stowage.pressure",
          "dev.stowage.transfers",
          "dev.stowage.propagation");

  private record Arrow(JavaClass from, JavaClass to) {}

  private static final List<String> EXPORTED = exported(it -> !it.isQualified());

  private static final List<String> EXPORTED_TO_CONTRACTS =
      exported(it -> !it.isQualified() || it.targets().contains("dev.stowage.contract"));

  /** The forbidden imports, by the rule that they break. */
  private static final SortedMap<String, BiPredicate<JavaClass, JavaClass>> ORDER =
      new TreeMap<>(
          Map.of(
              "a package imports upwards only", ArrowsTest::looksDown,
              "an inner package imports upwards only", ArrowsTest::looksDownInside,
              "an inner package is seen by its own alone", ArrowsTest::passesWall));

  private static boolean looksDown(JavaClass from, JavaClass to) {
    return Rooms.isOurs(to) && Rooms.rank(to) > Rooms.rank(from);
  }

  private static boolean looksDownInside(JavaClass from, JavaClass to) {
    return Rooms.isOurs(to)
        && Rooms.rank(from) == Rooms.rank(to)
        && Rooms.innerRank(from) > 0
        && Rooms.innerRank(to) > Rooms.innerRank(from);
  }

  private static boolean passesWall(JavaClass from, JavaClass to) {
    return Rooms.isInCore(to)
        && Rooms.innerRank(to) > 0
        && Rooms.rank(from) != Rooms.rank(to)
        && !EXPORTED.contains(to.getPackageName())
        && !Rooms.isGuest(from, to);
  }

  @ParameterizedTest
  @MethodSource("order")
  void library_keepsTheOrder(String rule) {
    assertThat(breaches(ARROWS, ORDER.get(rule))).as(rule).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("bans")
  void library_keepsTheBan(Ban ban) {
    assertThat(breaches(ARROWS, ban::isBroken)).as(ban.rule()).isEmpty();
  }

  /** A store of somebody else runs the contracts from their jar, outside of our modules. */
  @Test
  void contracts_knowWhatIsExported() {
    Set<Arrow> arrows =
        arrows(new ClassFileImporter().importUrls(List.of(placeOf("dev.stowage.contract"))));

    assertThat(arrows).hasSizeGreaterThan(1_000);
    assertThat(
            breaches(
                arrows,
                (from, to) ->
                    from.getPackageName().equals("dev.stowage.contract")
                        && Rooms.isInCore(to)
                        && !to.getPackageName().equals("dev.stowage.contract")
                        && !EXPORTED_TO_CONTRACTS.contains(to.getPackageName())))
        .isEmpty();
  }

  @Test
  void package_ofEveryClass_isInTheTable() {
    assertThat(LIBRARY.stream().filter(type -> !type.getSimpleName().equals("package-info")))
        .hasSizeGreaterThan(1_000)
        .allMatch(type -> Rooms.rank(type) >= 0);
  }

  /** Each annex is made by its declaration, which says what a reset of time does to it. */
  @Test
  void annex_isMadeByItsDeclarationAlone() {
    assertThat(
            LIBRARY.stream()
                .flatMap(type -> type.getConstructorCallsFromSelf().stream())
                .filter(call -> call.getTargetOwner().isEquivalentTo(Annex.class))
                .map(call -> call.getOriginOwner().getName()))
        .containsOnly(KeptValue.class.getName());
  }

  /** Finds each public type that neither a fleet nor its transfers reach named in an ADR. */
  @Test
  void publicTypes_ofParts_thatNothingReaches_areNamedInTheAdr() throws IOException {
    Set<JavaClass> reached = reachedFrom(LIBRARY.get(Stowage.class), LIBRARY.get(Transfers.class));
    Set<String> unreached = new TreeSet<>();
    Set<String> used = new TreeSet<>();
    for (JavaClass type : LIBRARY) {
      if (PARTS.contains(type.getPackageName())
          && type.getModifiers().contains(JavaModifier.PUBLIC)
          && type.isTopLevelClass()) {
        (reached.contains(type) ? used : unreached).add(type.getName());
      }
    }
    String adr = adr();
    assertThat(used).hasSizeGreaterThan(20);
    assertThat(unreached).isNotEmpty().allSatisfy(name -> assertThat(adr).contains(row(name)));
    assertThat(used).allSatisfy(name -> assertThat(adr).doesNotContain(row(name)));
  }

  private static String row(String name) {
    return "| `" + name.substring("dev.stowage.".length()) + "` |";
  }

  /** The replays of parts know every part, and call none for a fleet. */
  private static Set<JavaClass> reachedFrom(JavaClass... first) {
    Set<JavaClass> reached = new LinkedHashSet<>(List.of(first));
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

  private static String adr() throws IOException {
    return Files.readString(LinksTest.ROOT.resolve("docs/adr/0020-types-that-no-fleet-calls.md"));
  }

  static Stream<String> order() {
    return ORDER.keySet().stream();
  }

  static Stream<Ban> bans() {
    return Ban.ALL.stream();
  }

  private static List<String> breaches(Set<Arrow> arrows, BiPredicate<JavaClass, JavaClass> rule) {
    return arrows.stream()
        .filter(arrow -> rule.test(arrow.from, arrow.to))
        .map(arrow -> arrow.from.getName() + " imports " + arrow.to.getName())
        .toList();
  }

  private static Set<Arrow> arrows(JavaClasses types) {
    Set<Arrow> arrows = new LinkedHashSet<>();
    for (JavaClass type : types) {
      for (Dependency known : type.getDirectDependenciesFromSelf()) {
        arrows.add(new Arrow(type, known.getTargetClass().getBaseComponentType()));
      }
    }
    return arrows;
  }

  /** Returns where the classes of each module lie. */
  private static List<URL> places() {
    return ONE_OF_EACH_MODULE.stream().map(ArrowsTest::placeOf).toList();
  }

  private static URL placeOf(String name) {
    try {
      Class<?> info = Class.forName(name + ".package-info");
      return info.getProtectionDomain().getCodeSource().getLocation();
    } catch (ClassNotFoundException e) {
      throw new IllegalStateException("no package " + name + " on the class path", e);
    }
  }

  private static List<String> exported(Predicate<ModuleDescriptor.Exports> which) {
    try {
      Path core = Path.of(placeOf(ONE_OF_EACH_MODULE.get(0)).toURI());
      return ModuleFinder.of(core)
          .find("dev.stowage.core")
          .orElseThrow()
          .descriptor()
          .exports()
          .stream()
          .filter(which)
          .map(ModuleDescriptor.Exports::source)
          .toList();
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }
}
