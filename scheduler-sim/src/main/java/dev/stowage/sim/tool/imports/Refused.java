package dev.stowage.sim.tool.imports;

import dev.stowage.sim.tool.csv.InputProblem;

/** A part of a source that cannot be used, or that contradicts another part. */
final class Refused extends Exception {
  private static final long serialVersionUID = 1L;

  private final transient InputProblem problem;

  Refused(InputProblem problem) {
    super(problem.toString());
    this.problem = problem;
  }

  InputProblem problem() {
    return problem;
  }
}
