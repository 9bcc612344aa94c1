package dev.stowage.house;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import dev.stowage.house.planted.Planted;
import java.nio.file.Path;
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

  private static final String PLANTED_ROOT = Planted.class.getPackageName();

  private static final JavaClasses LIBRARY = MainClasses.all();

  private static final JavaClasses FIXTURES =
      new ClassFileImporter().importPackagesOf(Planted.class);

  private static final Map<String, ArchRule> RULES =
      Arrows.in(new FloorPlan(ROOT, Rooms.ofTheHouse())).rules();

  private static final Map<String, ArchRule> PLANTED_RULES =
      Arrows.in(new FloorPlan(PLANTED_ROOT, PlantedRooms.rooms())).rules();

  /** The planted classes, or packages, that each rule finds, and no other. */
  private static final Map<String, List<String>> PLANTED =
      new TreeMap<>(
          Map.ofEntries(
              Map.entry("a room enters its inner rooms by its doors", List.of("WordKnowsTable")),
              Map.entry("an inner room imports upwards only", List.of("RowKnowsTable")),
              Map.entry("core does not reflect", List.of("PlacementReflects")),
              Map.entry("core has no network and no database", List.of("PlacementAsksDatabase")),
              Map.entry(
                  "core imports upwards only",
                  List.of(
                      "EvidenceKnowsDocument",
                      "MachineKnowsFront",
                      "ModelKnowsContent",
                      "PlacementKnowsRebalance",
                      "SettingKnowsMachine",
                      "StoreKnowsRows",
                      "TableKnowsPort")),
              Map.entry("core owns no thread", List.of("PlacementStartsThread")),
              Map.entry("core touches no file but evidence", List.of("PlacementReadsFile")),
              Map.entry("every package is one of the table", List.of("Box", "Lodger", "Stray")),
              Map.entry("lifecycle does not know content", List.of("LifecycleKnowsContent")),
              Map.entry(
                  "modules depend in one direction",
                  List.of("MemoryKnowsRows", "StoreKnowsRows", "WorldKnowsBench")),
              Map.entry(
                  "no circle of rooms",
                  List.of(
                      "Bench",
                      "Command",
                      "Front",
                      "Item",
                      "Machine",
                      "MachineKnowsFront",
                      "ModelKnowsContent",
                      "Port",
                      "RowKnowsTable",
                      "SettingKnowsMachine",
                      "StoreKnowsTable",
                      "Table",
                      "TableKnowsPort",
                      "WorldCallsCommand",
                      "WorldKnowsBench")),
              Map.entry(
                  "no large circle of types", List.of("RingFirst", "RingSecond", "RingThird")),
              Map.entry("no room is large", List.of("pressure")),
              Map.entry("nobody calls the command line", List.of("WorldCallsCommand")),
              Map.entry("only files that people write are parsed", List.of("WorldReadsJson")),
              Map.entry(
                  "only the command line talks to a terminal", List.of("WorldTalksToTerminal")),
              Map.entry("placement does not know rebalance", List.of("PlacementKnowsRebalance")),
              Map.entry("the simulator imports upwards only", List.of("WorldCallsCommand")),
              Map.entry("the kit does without optional libraries", List.of("WorldTalksToTerminal")),
              Map.entry(
                  "transfer is known to engine and face alone", List.of("RebalanceKnowsTransfer")),
              Map.entry(
                  "walls keep others out",
                  List.of(
                      "EvidenceKnowsDocument",
                      "MemoryKnowsColumn",
                      "MemoryKnowsTable",
                      "ReferenceKnowsMachine",
                      "StoreKnowsTable"))));

  @ParameterizedTest
  @MethodSource("rules")
  void library_keeps_every_arrow(String name) {
    ArchRule rule = RULES.get(name);

    assertThat(rule.evaluate(LIBRARY).getFailureReport().getDetails()).as(name).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("rules")
  void planted_class_that_turns_an_arrow_round_is_found_and_its_neighbours_pass(String name) {
    ArchRule rule = PLANTED_RULES.get(name);

    List<String> details = rule.evaluate(FIXTURES).getFailureReport().getDetails();

    assertThat(origins(details)).as("%s: %s", name, details).isEqualTo(PLANTED.get(name));
  }

  @Test
  void import_sees_every_module() {
    for (String name : MainClasses.ONE_OF_EACH_MODULE) {
      assertThat(LIBRARY.containPackage(name)).as(name).isTrue();
    }
  }

  @Test
  void core_exports_what_the_plan_says() {
    Repository repository = Repository.here();
    Path module = Path.of("scheduler-core", "src", "main", "java", "module-info.java");
    Exports exports = Exports.of(SourceFile.read(repository, repository.root().resolve(module)));

    assertThat(exports.differences(ROOT, Rooms.ofTheHouse())).isEmpty();
    assertThat(exports.tooMany(ROOT, Rooms.ofTheHouse(), LIBRARY)).isEmpty();
  }

  @Test
  void export_that_is_not_planned_or_is_missing_is_found() {
    Exports exports =
        exports("a", "a.lifecycle", "a.store", "a.model", "a.engine", "a.lifecycle.rows to a.sim");

    assertThat(exports.differences("a", PlantedRooms.rooms()))
        .containsExactly(
            "a.engine is exported, not planned so",
            "a.lifecycle.rows is exported to a.sim, not planned so",
            "a.content is to be exported, and is not",
            "a.lifecycle.documents is to be exported to a.storage.memory, and is not",
            "a.lifecycle.rows is to be exported, and is not");
  }

  @Test
  void exports_as_planned_pass() {
    Exports exports =
        exports(
            "a",
            "a.content",
            "a.lifecycle",
            "a.lifecycle.documents to a.storage.memory",
            "a.lifecycle.rows",
            "a.model",
            "a.store");

    assertThat(exports.differences("a", PlantedRooms.rooms())).isEmpty();
  }

  @Test
  void types_are_counted_in_exported_packages_alone() {
    Exports few = exports(PLANTED_ROOT, PLANTED_ROOT + ".model");
    Exports inFront = exports(PLANTED_ROOT, PLANTED_ROOT + ".lifecycle", PLANTED_ROOT + ".store");
    Exports inAll =
        exports(PLANTED_ROOT + ".pressure", PLANTED_ROOT + ".audit", PLANTED_ROOT + ".model");

    assertThat(few.tooMany(PLANTED_ROOT, PlantedRooms.rooms(), FIXTURES)).isEmpty();
    assertThat(inFront.tooMany(PLANTED_ROOT, PlantedRooms.rooms(), FIXTURES))
        .containsExactly("12 types are exported in face, words, SPI and planner, at most 9");
    assertThat(inAll.tooMany(PLANTED_ROOT, PlantedRooms.rooms(), FIXTURES))
        .containsExactly("14 types are exported, at most 13");
  }

  private static Exports exports(String... packages) {
    StringBuilder text = new StringBuilder("module planted {\n");
    for (String name : packages) {
      text.append("exports ").append(name).append(";\n");
    }
    return Exports.of(SourceFile.of(Path.of("module-info.java"), text.append("}\n").toString()));
  }

  static Stream<String> rules() {
    return RULES.keySet().stream();
  }

  /** The simple names of the planted classes that the reports begin with, or packages, sorted. */
  private static List<String> origins(List<String> details) {
    Pattern origin =
        Pattern.compile("(?:<|^)dev\\.stowage\\.house\\.planted\\.([a-z.]*)([A-Z]\\w*)?");
    TreeSet<String> names = new TreeSet<>();
    for (String line : details) {
      for (String part : line.lines().toList()) {
        Matcher matcher = origin.matcher(part);
        if (matcher.find()) {
          names.add(matcher.group(2) == null ? matcher.group(1) : matcher.group(2));
        }
      }
    }
    return List.copyOf(names);
  }
}
