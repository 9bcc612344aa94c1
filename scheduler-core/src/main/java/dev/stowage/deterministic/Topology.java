package dev.stowage.deterministic;

import dev.stowage.deterministic.basics.Bounds;
import dev.stowage.deterministic.basics.SettingNames;

/**
 * How cores lie to each other. Changes which core a task maps to and in which order victims of
 * stealing are tried, and nothing else. Part of a log's header.
 */
public sealed interface Topology {
  /** One pool: core = number mod cores, every victim is as near as any other. */
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
   * Cores in groups of one size, neighbours first: group = number mod groups, then the quotient mod
   * the size inside the group. Victims of the own group are tried before all others.
   *
   * @param size cores in a group, 1 to 256; must divide the number of cores
   */
  record Groups(int size) implements Topology {
    /** Refuses a size out of range with {@link IllegalArgumentException}. */
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
   * A rectangle of cores, row by row: column = number mod columns, row = quotient mod rows. Victims
   * are tried by their distance in rows plus columns.
   *
   * @param columns cores in a row, 1 to 256; must divide the number of cores
   */
  record Mesh(int columns) implements Topology {
    /** Refuses a width out of range with {@link IllegalArgumentException}. */
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

  /** One pool. */
  static Topology flat() {
    return new Flat();
  }

  /** The core of a mapped task id, 0 to cores - 1. */
  int coreOf(long number, int cores);

  /** How far two cores are apart; nearer victims are tried first. */
  int distance(int from, int to);

  /** Name and parameter in a log's header. */
  String label();

  /** Whether this topology can be laid over that many cores. */
  default boolean fits(int cores) {
    return true;
  }

  /**
   * The topology of a label.
   *
   * @throws IllegalArgumentException if there is none
   */
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
