package dev.stowage.deterministic;

import dev.stowage.deterministic.basics.Bounds;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/** The programs of a scheduler, by code 0 to {@link #MAX_CODE}. Immutable. */
public final class ProgramTable {
  /** The greatest program code. */
  public static final int MAX_CODE = 0xFFFF;

  private final Map<Integer, TaskProgram> programs;

  private ProgramTable(Map<Integer, TaskProgram> programs) {
    this.programs = programs;
  }

  /** Returns a table without programs. */
  public static ProgramTable empty() {
    return builder().build();
  }

  /** Returns an empty builder. */
  public static Builder builder() {
    return new Builder();
  }

  /** Returns a program; throws {@code IllegalArgumentException} if {@code code} has none. */
  public TaskProgram require(int code) {
    TaskProgram program = programs.get(code);
    if (program == null) {
      throw new IllegalArgumentException("program " + code + " is not in this scheduler's table");
    }
    return program;
  }

  /** Collects programs. Not thread-safe. */
  public static final class Builder {
    private final TreeMap<Integer, TaskProgram> programs = new TreeMap<>();

    private Builder() {}

    /** Adds a program; throws {@code IllegalArgumentException} for a bad code or cost below 0. */
    public Builder add(int code, TaskProgram program) {
      Bounds.between(code, 0, MAX_CODE, "program");
      Bounds.atLeast(program.declaredTicks(), 0, "declared ticks of program " + code);
      if (programs.putIfAbsent(code, Objects.requireNonNull(program, "program")) != null) {
        throw new IllegalArgumentException("program " + code + " is taken");
      }
      return this;
    }

    /** Returns the table. */
    public ProgramTable build() {
      return new ProgramTable(new TreeMap<>(programs));
    }
  }
}
