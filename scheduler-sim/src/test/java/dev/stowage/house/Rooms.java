package dev.stowage.house;

import com.tngtech.archunit.core.domain.JavaClass;
import java.util.List;
import java.util.Map;

/**
 * The packages of all modules but benchmarks, in order: a package imports only packages that stand
 * before it. Inner packages stand in the row of their package, in an order of their own.
 */
final class Rooms {
  static final String ROOT = "dev.stowage";

  /** Types of the root package that {@code engine} knows; the others of that package know it. */
  static final String VALUES = "values of the face";

  static final String FACE = "face";

  private static final List<String> VALUE_TYPES =
      List.of(
          "FleetCensus",
          "Preview",
          "StowageConfig",
          "StowageException",
          "StowageListener",
          "StowageStats");

  private static final List<List<String>> ORDER =
      List.of(
          List.of("columns"),
          List.of("shape"),
          List.of("model"),
          List.of("evidence", "canonical", "parts", "files"),
          List.of("evidence.numbers"),
          List.of("deterministic", "queues"),
          List.of("pressure"),
          List.of("config"),
          List.of("command"),
          List.of("command.own"),
          List.of("answer"),
          List.of("content", "queue", "recording", "lanes"),
          List.of(
              "placement",
              "rules",
              "input",
              "fleet",
              "board",
              "index",
              "answer",
              "phases",
              "baseline"),
          List.of("rebalance"),
          List.of(
              "lifecycle",
              "rows",
              "state",
              "documents",
              "planning",
              "steps",
              "answering",
              "questions"),
          List.of("rebalance.passes"),
          List.of("store", "spi"),
          List.of("audit"),
          List.of("propagation"),
          List.of(VALUES),
          List.of("engine", "flight"),
          List.of("transfers"),
          List.of("replay"),
          List.of(FACE),
          List.of("metrics"),
          List.of("client", "transfers"),
          List.of("storage.memory"),
          List.of("storage.postgres", "sql"),
          List.of("sim.kit.world"),
          List.of("sim.kit.reference"),
          List.of("sim.kit.scenario", "words", "oracles", "draw"),
          List.of("sim.kit.walk"),
          List.of("sim.kit.conformance"),
          List.of("sim.tool.csv"),
          List.of("sim.tool.yaml"),
          List.of("sim.tool.catalogue"),
          List.of("sim.tool.report"),
          List.of("sim.tool.plan"),
          List.of("sim.tool.imports"),
          List.of("sim.tool.run"),
          List.of("sim.tool.simulate"),
          List.of("sim.tool.cli"));

  /** Inner packages of core that not everybody sees, and the packages that import them anyway. */
  private static final Map<String, List<String>> GUESTS =
      Map.of(
          "client.transfers", List.of("sim.kit.scenario"),
          "deterministic.queues", List.of("engine", FACE),
          "evidence.canonical",
              List.of(
                  "command",
                  "command.own",
                  "engine",
                  "evidence.numbers",
                  "lifecycle",
                  "propagation",
                  "replay",
                  "sim.kit.scenario",
                  "storage.memory",
                  "storage.postgres",
                  FACE),
          "evidence.parts",
              List.of(
                  "content",
                  "deterministic",
                  "engine",
                  "replay",
                  "pressure",
                  "propagation",
                  "transfers"),
          "lifecycle.answering",
              List.of(
                  "audit", "engine", "sim.tool.cli", "storage.memory", "storage.postgres", "store"),
          "placement.baseline", List.of("sim.kit.scenario", "sim.tool.plan", "sim.tool.simulate"),
          "placement.rules",
              List.of("audit", "lifecycle", "sim.kit.reference", "sim.kit.scenario"));

  private Rooms() {}

  static boolean isOurs(JavaClass type) {
    String name = type.getPackageName();
    return name.equals(ROOT) || name.startsWith(ROOT + ".");
  }

  /** Returns the package below the root, and the whole name of a package that is not ours. */
  static String below(JavaClass type) {
    String name = type.getPackageName();
    return isOurs(type) && !name.equals(ROOT) ? name.substring(ROOT.length() + 1) : name;
  }

  static boolean isInCore(JavaClass type) {
    return isOurs(type) && !isWithin(below(type), "storage") && !isWithin(below(type), "sim");
  }

  /** Returns the row of the table that has the package, or -1. */
  static int rank(JavaClass type) {
    if (type.getPackageName().equals(ROOT)) {
      String name = type.getBaseComponentType().getName().substring(ROOT.length() + 1);
      return row(VALUE_TYPES.contains(name.split("\\$")[0]) ? VALUES : FACE);
    }
    int exact = row(below(type));
    String below = below(type);
    int dot = below.lastIndexOf('.');
    if (exact >= 0 || dot < 0) {
      return exact;
    }
    int outer = row(below.substring(0, dot));
    return outer >= 0 && inner(outer).contains(below.substring(dot + 1)) ? outer : -1;
  }

  /** Returns the first name in the row that has the package, or the package if none has it. */
  static String room(JavaClass type) {
    int rank = rank(type);
    return rank < 0 ? below(type) : ORDER.get(rank).get(0);
  }

  /** Returns the place of an inner package in its row, from 1, and 0 for the package around it. */
  static int innerRank(JavaClass type) {
    int rank = rank(type);
    if (rank < 0 || room(type).equals(below(type)) || type.getPackageName().equals(ROOT)) {
      return 0;
    }
    String below = below(type);
    return 1 + inner(rank).indexOf(below.substring(below.lastIndexOf('.') + 1));
  }

  /** Reports whether a room may import an inner package of core that nobody else sees. */
  static boolean isGuest(JavaClass from, JavaClass to) {
    return GUESTS.getOrDefault(below(to), List.of()).contains(room(from));
  }

  static boolean isWithin(String name, String room) {
    return name.equals(room) || name.startsWith(room + ".");
  }

  private static int row(String room) {
    for (int row = 0; row < ORDER.size(); row++) {
      if (ORDER.get(row).get(0).equals(room)) {
        return row;
      }
    }
    return -1;
  }

  private static List<String> inner(int row) {
    return ORDER.get(row).subList(1, ORDER.get(row).size());
  }
}
