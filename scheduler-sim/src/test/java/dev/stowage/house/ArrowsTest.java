package dev.stowage.house;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import dev.stowage.house.planted.Planted;
import java.net.URL;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The arrows of the architecture, held against every class, and shown to find a planted one. */
class ArrowsTest {
  private static final String ROOT = "dev.stowage";

  /** One package of every module that a test here can see; benchmarks depend on this module. */
  private static final List<String> ONE_OF_EACH_MODULE =
      List.of(
          "dev.stowage.model",
          "dev.stowage.storage.memory",
          "dev.stowage.storage.postgres",
          "dev.stowage.sim");

  private static final JavaClasses LIBRARY = library();

  private static final JavaClasses FIXTURES =
      new ClassFileImporter().importPackagesOf(Planted.class);

  /** The planted classes that each rule finds, and no other. */
  private static final Map<String, List<String>> PLANTED =
      new TreeMap<>(
          Map.ofEntries(
              Map.entry("every package is one of the table", List.of("Stray")),
              Map.entry(
                  "core imports upwards only",
                  List.of("ModelKnowsContent", "PlacementKnowsRebalance", "StoreKnowsRows")),
              Map.entry(
                  "modules depend in one direction",
                  List.of("MemoryKnowsRows", "StoreKnowsRows", "WorldKnowsBench")),
              Map.entry("transfer is known to the engine alone", List.of("RebalanceKnowsTransfer")),
              Map.entry("placement does not know rebalance", List.of("PlacementKnowsRebalance")),
              Map.entry("lifecycle does not know content", List.of("LifecycleKnowsContent")),
              Map.entry("core has no network and no database", List.of("PlacementAsksDatabase")),
              Map.entry("core touches no file but evidence", List.of("PlacementReadsFile")),
              Map.entry("core owns no thread", List.of("PlacementStartsThread")),
              Map.entry("core does not reflect", List.of("PlacementReflects")),
              Map.entry("nobody calls the command line", List.of("WorldCallsCommand")),
              Map.entry(
                  "only the command line talks to a terminal", List.of("WorldTalksToTerminal")),
              Map.entry(
                  "models do without optional libraries",
                  List.of("WorldReadsJson", "WorldTalksToTerminal")),
              Map.entry(
                  "the simulator has no cycles",
                  List.of("Command", "WorldCallsCommand", "WorldUser"))));

  @ParameterizedTest
  @MethodSource("rules")
  void library_keeps_every_arrow(String name) {
    ArchRule rule = Arrows.below(ROOT).rules().get(name);

    assertThat(rule.evaluate(LIBRARY).getFailureReport().getDetails()).as(name).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("rules")
  void planted_class_that_turns_an_arrow_round_is_found_and_its_neighbours_pass(String name) {
    ArchRule rule = Arrows.below(Planted.class.getPackageName()).rules().get(name);

    List<String> details = rule.evaluate(FIXTURES).getFailureReport().getDetails();

    assertThat(origins(details)).as("%s: %s", name, details).isEqualTo(PLANTED.get(name));
  }

  @Test
  void import_sees_every_module() {
    for (String name : ONE_OF_EACH_MODULE) {
      assertThat(LIBRARY.containPackage(name)).as(name).isTrue();
    }
  }

  static Stream<String> rules() {
    return Arrows.below(ROOT).rules().keySet().stream();
  }

  /** The main classes: whatever lies where one package-info of each module was loaded from. */
  private static JavaClasses library() {
    List<URL> places = new ArrayList<>();
    for (String name : ONE_OF_EACH_MODULE) {
      try {
        Class<?> info = Class.forName(name + ".package-info");
        places.add(info.getProtectionDomain().getCodeSource().getLocation());
      } catch (ClassNotFoundException e) {
        throw new IllegalStateException("no package " + name + " on the class path", e);
      }
    }
    return new ClassFileImporter().importUrls(places);
  }

  /** The simple names of the planted classes from which the reported arrows go out, sorted. */
  private static List<String> origins(List<String> details) {
    Pattern origin = Pattern.compile("(?:<|^)dev\\.stowage\\.house\\.planted\\.[a-z.]*([A-Z]\\w*)");
    TreeSet<String> names = new TreeSet<>();
    for (String line : details) {
      for (String part : line.lines().toList()) {
        Matcher matcher = origin.matcher(part);
        if (matcher.find()) {
          names.add(matcher.group(1));
        }
      }
    }
    return List.copyOf(names);
  }
}
