package dev.stowage.sim.kit.scenario;

import java.util.List;

/** A scenario file that is missing or has lines that cannot be read. */
public final class ScenarioProblems extends Exception {
  private static final long serialVersionUID = 1L;

  /** With one line of text for each problem: file, line, what was expected, what was found. */
  ScenarioProblems(List<String> problems) {
    super(String.join("\n", problems));
  }
}
