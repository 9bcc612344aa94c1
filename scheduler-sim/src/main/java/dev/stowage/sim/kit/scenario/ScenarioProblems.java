package dev.stowage.sim.kit.scenario;

import java.util.List;

/** A scenario file that is missing or has lines that cannot be read. */
public final class ScenarioProblems extends Exception {
  private static final long serialVersionUID = 1L;

  ScenarioProblems(List<String> problems) {
    super(String.join("\n", problems));
  }
}
