package dev.stowage.deterministic;

import dev.stowage.evidence.Hash256;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The programs of a host, by number from 0 to {@link Task#MAX_PROGRAM}, and its guards, by id. */
public record TaskTable(Map<Integer, TaskProgram> programs, Map<Integer, Guard> guards) {
  /** A table in which a host has put nothing: it runs pure values and observations. */
  public static final TaskTable EMPTY = new TaskTable(Map.of(), Map.of());

  /** Throws {@code IllegalArgumentException} for a number or id out of range. */
  public TaskTable {
    programs = new TreeMap<>(programs);
    guards = new TreeMap<>(guards);
    programs.keySet().forEach(number -> Bounds.between(number, 0, Task.MAX_PROGRAM, "program"));
    guards.keySet().forEach(Guards::requireValid);
  }

  TaskProgram program(int number) {
    return switch (number) {
      case Task.PURE -> TaskTable::pure;
      case Task.OBSERVATION -> (context, seen) -> seen.hash();
      default -> found(programs.get(number), "program", number);
    };
  }

  Guard guard(int id) {
    return found(guards.get(id), "guard", id);
  }

  private static <C> C found(@Nullable C code, String what, int number) {
    if (code == null) {
      throw new IllegalArgumentException(what + " " + number + " is not in this scheduler's table");
    }
    return code;
  }

  /** Throws {@code IllegalArgumentException} for a program or guard that the table lacks. */
  void requireKnown(Task task) {
    program(task.program());
    task.guards().ids().forEach(this::guard);
  }

  private static Hash256 pure(TaskContext context, Payload value) {
    long number = value.asLong();
    return new Hash256(number, number, number, number);
  }
}
