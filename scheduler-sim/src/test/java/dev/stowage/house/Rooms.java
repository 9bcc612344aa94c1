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
            Room.of("evidence").around("parts", "files").withDoors(),
            Room.of("deterministic")
                .around("basics", "queues", "crew")
                .withDoors(
                    "DeterministicScheduler",
                    "Guard",
                    "Hierarchy",
                    "Payload",
                    "Priority",
                    "ProgramTable",
                    "RoundResult",
                    "SchedulerConfig",
                    "SchedulerEvent",
                    "SchedulerRecords",
                    "SchedulerReplay",
                    "SchedulerSnapshot",
                    "Task",
                    "TaskContext",
                    "TickBudget",
                    "Topology",
                    "Work"),
            Room.of("pressure")
                .around("recording")
                .withDoors("EnvelopeAdmission", "LoadGovernor", "PeerHints"),
            Room.of("content")
                .around("queue", "recording", "lanes")
                .withDoors("ContentScheduler", "Decision"),
            Room.of("transfer"),
            Room.of("placement")
                .around("input", "fleet", "board", "index", "answer", "phases")
                .withDoors(
                    "ChunkDraft",
                    "PlacementInput",
                    "PlacementInputBuilder",
                    "PlacementPlan",
                    "PlanReport",
                    "PlanRequest",
                    "StatelessPlanner",
                    "StickyPlanner",
                    "WarmPlanner"),
            Room.of("rebalance")
                .around("tables", "scoring", "passes")
                .withDoors(
                    "AvoidList",
                    "MaintenanceState",
                    "MigrationCostModel",
                    "RebalanceConfig",
                    "ScoreSnapshot"),
            Room.of("lifecycle")
                .around("rows", "state", "documents", "planning", "steps")
                .withDoors(
                    "ChunkStatus",
                    "Head",
                    "LeavingCount",
                    "Lifecycle",
                    "LifecycleExplanation",
                    "LifecycleSnapshot",
                    "LifecycleState",
                    "LifecycleView",
                    "Preparation"),
            Room.of("store"),
            Room.of("audit"),
            Room.of("propagation")
                .around("paths", "topology", "authority", "proofs", "outbox", "recording")
                .withDoors(
                    "AssignmentPropagation",
                    "InterestMap",
                    "InterestWatcher",
                    "PropagationConfig",
                    "PropagationPlan",
                    "PropagationScheduler",
                    "PropagationStats"),
            Room.of("swarm"),
            Room.inRoot(
                VALUES,
                "AuditLevel",
                "StowageConfig",
                "StowageListener",
                "StowageStats",
                "StowageException",
                "LeaseAnswer"),
            Room.of("engine"),
            Room.inRoot(
                FACE,
                "EngineReplay",
                "PartReplay",
                "Rebalancing",
                "Stowage",
                "StowageService",
                "TimeBorder",
                "Transfers"),
            Room.of("storage.memory"),
            Room.of("storage.postgres")
                .around("sql")
                .withDoors(
                    "AheadRows",
                    "ChunkSql",
                    "Datasets",
                    "EstablishedSql",
                    "FleetSql",
                    "GroupedIngests",
                    "HistorySql",
                    "LeaseSql",
                    "Migrations",
                    "NewsSql",
                    "PostgresChunkStore",
                    "PostgresInbox",
                    "PostgresSession",
                    "PostgresTransaction",
                    "QuarantineSql",
                    "ReplicaSql",
                    "RouteSql",
                    "ServerCheck",
                    "SliceSql",
                    "StoredFleet",
                    "SwapSql",
                    "Vicinity",
                    "Views",
                    "WakeUps",
                    "WorkerSql"),
            Room.of("sim.kit")
                .around(
                    "world",
                    "reference",
                    "scenario.words",
                    "scenario.oracles",
                    "scenario",
                    "walk",
                    "conformance"),
            Room.of("sim.tool").around("csv", "catalogue", "report", "plan", "demo", "cli"),
            Room.of("benchmarks")),
        sorted(
            Map.entry("face", List.of("")),
            Map.entry("words", List.of("lifecycle", "lifecycle.documents")),
            Map.entry("SPI", List.of("store", "lifecycle.rows")),
            Map.entry("planner", List.of("placement")),
            Map.entry(
                "parts that a host calls",
                List.of(
                    "audit",
                    "content",
                    "content.lanes",
                    "deterministic",
                    "deterministic.queues",
                    "evidence",
                    "evidence.files",
                    "model",
                    "pressure",
                    "propagation",
                    "propagation.authority",
                    "propagation.topology",
                    "rebalance",
                    "swarm"))),
        sorted(
            Map.entry(
                "evidence.parts", List.of("content", "pressure", "propagation", "transfer", FACE)),
            Map.entry("pressure.recording", List.of(FACE)),
            Map.entry("propagation.paths", List.of("swarm")),
            Map.entry("propagation.recording", List.of(FACE)),
            Map.entry("rebalance.passes", List.of("engine", FACE)),
            Map.entry("rebalance.tables", List.of("engine"))),
        new Bounds(40, Map.of(), 18, 280, 119),
        notYet());
  }

  // ---- what does not hold yet: to be emptied ----

  private static Unfinished notYet() {
    return Unfinished.NOTHING;
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
