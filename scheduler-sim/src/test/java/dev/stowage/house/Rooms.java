package dev.stowage.house;

import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The plan of the house, as data: its rooms in order with their inner rooms and doors, what is
 * shown to others, and the bounds. Rooms are named as they are below the root package; the root
 * itself is {@code ""}.
 *
 * @param rooms in order: a room imports only rooms of its module that stand before it
 * @param exported the packages of core that everybody may import, by the part they belong to
 * @param guests packages of core that are not exported, and who may import them all the same: rooms
 *     of core, or modules
 */
record Rooms(
    List<Room> rooms,
    Map<String, List<String>> exported,
    Map<String, List<String>> guests,
    Bounds bounds,
    Unfinished unfinished) {

  /** Values of the face: what a host names and the machinery knows. */
  static final String VALUES = "values of the face";

  /** The face itself: it alone knows the machinery. */
  static final String FACE = "face";

  /**
   * A room.
   *
   * @param inner its inner rooms, in order: each imports only those before it
   * @param doors the types at the top of the room that import inner rooms
   * @param types for a room that shares the root package with another: the types that make it up
   */
  record Room(String name, List<String> inner, List<String> doors, List<String> types) {
    static Room of(String name) {
      return new Room(name, List.of(), List.of(), List.of());
    }

    static Room inRoot(String name, String... types) {
      return new Room(name, List.of(), List.of(), List.of(types));
    }

    Room around(String... innerRooms) {
      return new Room(name, List.of(innerRooms), doors, types);
    }

    Room withDoors(String... names) {
      return new Room(name, inner, List.of(names), types);
    }

    boolean isPackage() {
      return types.isEmpty();
    }
  }

  /**
   * How much there may be at most.
   *
   * @param files types in one package
   * @param filesOf the packages that may have more, each with a bound of its own
   * @param circle types of which each knows each other, directly or through others
   * @param exported public types in exported packages of core
   * @param front of these in the {@link #FRONT} parts
   */
  record Bounds(int files, Map<String, Integer> filesOf, int circle, int exported, int front) {}

  /**
   * What does not hold yet. It is to become empty: whoever moves a package, empties a room or
   * breaks a circle deletes the line that excused it.
   *
   * @param moves packages that still have another name than in the plan
   * @param unbuilt packages of the plan that need not exist yet
   * @param shown packages that are exported and will not be
   * @param files rooms with more files than they may have
   * @param circles rooms with a larger circle than they may have
   * @param exported how many types are exported, instead of the bound; -1 where the bound holds
   * @param front the same for the front parts
   */
  record Unfinished(
      Map<String, String> moves,
      List<String> unbuilt,
      List<String> shown,
      Map<String, Integer> files,
      Map<String, Integer> circles,
      int exported,
      int front) {
    static final Unfinished NOTHING =
        new Unfinished(Map.of(), List.of(), List.of(), Map.of(), Map.of(), -1, -1);
  }

  /** The exported parts that a host of the library, a store or a planner is written against. */
  static final List<String> FRONT = List.of("face", "words", "SPI", "planner");

  // ---- the plan ----

  /** The house as it is to be. */
  static Rooms ofTheHouse() {
    return new Rooms(
        List.of(
            Room.inRoot("waiver", "StyleWaiver"),
            Room.of("columns"),
            Room.of("model"),
            Room.of("evidence"),
            Room.of("deterministic"),
            Room.of("pressure"),
            Room.of("content"),
            Room.of("transfer"),
            Room.of("placement").around("fleet", "index", "board", "phases").withDoors(),
            Room.of("rebalance"),
            Room.of("lifecycle")
                .around("rows", "documents", "state", "planning", "steps")
                .withDoors("Lifecycle", "LifecycleState"),
            Room.of("store"),
            Room.of("audit"),
            Room.of("propagation"),
            Room.of("swarm"),
            Room.inRoot(
                VALUES,
                "StowageConfig",
                "StowageListener",
                "StowageStats",
                "StowageException",
                "LeaseAnswer"),
            Room.of("engine"),
            Room.inRoot(FACE, "Stowage", "StowageService"),
            Room.of("storage.memory"),
            Room.of("storage.postgres"),
            Room.of("sim.kit").around("world", "reference", "scenario", "walk", "conformance"),
            Room.of("sim.tool").around("csv", "catalogue", "report", "plan", "demo", "cli"),
            Room.of("benchmarks")),
        sorted(
            Map.entry("face", List.of("")),
            Map.entry("words", List.of("lifecycle")),
            Map.entry("SPI", List.of("store", "lifecycle.rows")),
            Map.entry("planner", List.of("placement")),
            Map.entry(
                "parts that a host calls",
                List.of(
                    "audit",
                    "content",
                    "deterministic",
                    "evidence",
                    "model",
                    "pressure",
                    "propagation",
                    "rebalance",
                    "swarm",
                    "transfer"))),
        sorted(
            Map.entry(
                "lifecycle.documents", List.of("engine", "storage.memory", "storage.postgres"))),
        new Bounds(40, Map.of("audit", 41), 18, 279, 119),
        notYet());
  }

  // ---- what does not hold yet: to be emptied ----

  private static Unfinished notYet() {
    return new Unfinished(
        sorted(
            Map.entry("sim.catalogue", "sim.tool.catalogue"),
            Map.entry("sim.cli", "sim.tool.cli"),
            Map.entry("sim.conformance", "sim.kit.conformance"),
            Map.entry("sim.csv", "sim.tool.csv"),
            Map.entry("sim.demo", "sim.tool.demo"),
            Map.entry("sim.plan", "sim.tool.plan"),
            Map.entry("sim.reference", "sim.kit.reference"),
            Map.entry("sim.report", "sim.tool.report"),
            Map.entry("sim.scenario", "sim.kit.scenario"),
            Map.entry("sim.walk", "sim.kit.walk"),
            Map.entry("sim.world", "sim.kit.world")),
        List.of("", "columns", "lifecycle.documents", "lifecycle.rows", "swarm"),
        List.of("engine"),
        sorted(
            Map.entry("content", 65),
            Map.entry("deterministic", 71),
            Map.entry("evidence", 52),
            Map.entry("lifecycle", 116),
            Map.entry("placement", 99),
            Map.entry("propagation", 85),
            Map.entry("rebalance", 50),
            Map.entry("sim.kit.scenario", 52)),
        Map.of("placement", 48),
        370,
        -1);
  }

  // ---- questions ----

  /** The packages of core that everybody may import. */
  List<String> everybodys() {
    return Stream.concat(
            exported.values().stream().flatMap(List::stream), unfinished.shown().stream())
        .toList();
  }

  /** The exported packages of the front parts. */
  List<String> front() {
    return FRONT.stream().flatMap(part -> exported.getOrDefault(part, List.of()).stream()).toList();
  }

  /** How a package that has still another name is called in the plan. */
  String planned(String name) {
    return unfinished.moves().getOrDefault(name, name);
  }

  int mostFiles(String name) {
    int bound = bounds.filesOf().getOrDefault(name, bounds.files());
    return Math.max(bound, unfinished.files().getOrDefault(name, 0));
  }

  int mostInCircle(String room) {
    return Math.max(bounds.circle(), unfinished.circles().getOrDefault(room, 0));
  }

  int mostExported() {
    return Math.max(bounds.exported(), unfinished.exported());
  }

  int mostInFront() {
    return Math.max(bounds.front(), unfinished.front());
  }

  @SafeVarargs
  static <V> SortedMap<String, V> sorted(Map.Entry<String, V>... entries) {
    SortedMap<String, V> map = new TreeMap<>();
    for (Map.Entry<String, V> entry : entries) {
      map.put(entry.getKey(), entry.getValue());
    }
    return map;
  }
}
