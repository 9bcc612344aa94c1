package dev.stowage.deterministic;

import dev.stowage.deterministic.basics.Bounds;
import dev.stowage.deterministic.basics.SettingNames;

/** The arrangement of cores: maps tasks to cores and orders the victims of stealing. */
public sealed interface Topology {
  /** One pool: core = number mod cores; all victims are equally near. */
  record Flat() implements Topology {
    @Override
    public int coreOf(long number, int cores) {
      return (int) Long.remainderUnsigned(number, cores);
    }

    @Override
    public int distance(int from, int to) {
      return 0;
    }

    @Override
    public String label() {
      return "flat";
    }
  }

  /**
   * Groups of {@code size} cores, 1 to 256, a divisor of all: group = number mod groups, core in it
   * = quotient mod size. Victims in the group of the idle core go first.
   */
  record Groups(int size) implements Topology {
    /** Throws {@code IllegalArgumentException} if {@code size} is out of range. */
    public Groups {
      Bounds.between(size, 1, SchedulerConfig.MAX_CORES, "group size");
    }

    @Override
    public int coreOf(long number, int cores) {
      int groups = cores / size;
      int group = (int) Long.remainderUnsigned(number, groups);
      long rest = Long.divideUnsigned(number, groups);
      return group * size + (int) Long.remainderUnsigned(rest, size);
    }

    @Override
    public int distance(int from, int to) {
      return from / size == to / size ? 0 : 1;
    }

    @Override
    public boolean fits(int cores) {
      return cores % size == 0;
    }

    @Override
    public String label() {
      return "groups:" + size;
    }
  }

  /**
   * Rows of {@code columns} cores, 1 to 256, a divisor of all: column = number mod columns, row =
   * quotient mod rows. Victims go by row distance plus column distance.
   */
  record Mesh(int columns) implements Topology {
    /** Throws {@code IllegalArgumentException} if {@code columns} is out of range. */
    public Mesh {
      Bounds.between(columns, 1, SchedulerConfig.MAX_CORES, "mesh columns");
    }

    @Override
    public int coreOf(long number, int cores) {
      int column = (int) Long.remainderUnsigned(number, columns);
      long rest = Long.divideUnsigned(number, columns);
      return (int) Long.remainderUnsigned(rest, cores / columns) * columns + column;
    }

    @Override
    public int distance(int from, int to) {
      return Math.abs(from / columns - to / columns) + Math.abs(from % columns - to % columns);
    }

    @Override
    public boolean fits(int cores) {
      return cores % columns == 0;
    }

    @Override
    public String label() {
      return "mesh:" + columns;
    }
  }

  /** Returns one pool. */
  static Topology flat() {
    return new Flat();
  }

  /** Returns the core of a mapped task id, 0 to cores - 1. */
  int coreOf(long number, int cores);

  /** Returns the distance of two cores; nearer victims go first. */
  int distance(int from, int to);

  /** Returns name and parameter for a log's header. */
  String label();

  /** Reports whether this topology divides that many cores. */
  default boolean fits(int cores) {
    return true;
  }

  /** Parses a label; throws {@code IllegalArgumentException} if it names no topology. */
  static Topology parse(String label) {
    int colon = label.indexOf(':');
    String name = colon < 0 ? label : label.substring(0, colon);
    String parameter = colon < 0 ? "" : label.substring(colon + 1);
    return switch (name) {
      case "flat" -> new Flat();
      case "groups" -> new Groups(SettingNames.number(parameter, "group size"));
      case "mesh" -> new Mesh(SettingNames.number(parameter, "mesh columns"));
      default ->
          throw new IllegalArgumentException(
              "topology is '" + label + "'; flat, groups:N and mesh:N are accepted");
    };
  }
}
