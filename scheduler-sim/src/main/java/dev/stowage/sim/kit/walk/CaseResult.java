package dev.stowage.sim.kit.walk;

import dev.stowage.sim.kit.scenario.oracles.Finding;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The result of one walk.
 *
 * @param model the model that drew it
 * @param seed its seed
 * @param lines the lines, the config line first
 * @param steps the number of lines before the heal
 * @param finding the violation; empty if there is none
 * @param counts the number of times that each thing was done, met or judged
 * @param trace a hash over every line, its answer and the state digest after it, in hexadecimal
 */
public record CaseResult(
    WalkModel model,
    long seed,
    List<String> lines,
    long steps,
    Optional<Finding> finding,
    SortedMap<String, Long> counts,
    String trace) {
  /** Copies the list and the map. */
  public CaseResult {
    lines = List.copyOf(lines);
    counts = new TreeMap<>(counts);
  }
}
