package dev.stowage.benchmarks.peers;

import dev.stowage.config.PlacementConfig;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * One placement to compute: the same numbers for every planner. Immutable by convention: nobody
 * writes to the arrays.
 *
 * @param event what happened
 * @param chunks the chunks to hold
 * @param fleet by whom
 * @param targets how often
 * @param rules the rules of the fleet, which only planners of this library know
 * @param past what is held and was aimed at before; null if nothing is held
 */
public record PlacementProblem(
    PeerEvent event,
    ProblemChunks chunks,
    ProblemFleet fleet,
    ProblemTargets targets,
    UnaryOperator<PlacementConfig.Builder> rules,
    @Nullable Past past) {
  /** Returns the configuration of a planner of this library, on one thread. */
  PlacementConfig config() {
    return rules
        .apply(PlacementConfig.builder().saturation(targets.saturationMillionths() / 1e6))
        .build();
  }

  /** Returns the wanted number of replicas of a chunk. */
  public int replicas(int chunk) {
    return targets.replicas(chunks.weight()[chunk]);
  }

  /** Returns the problem after an event on top of this problem's solution. */
  public PlacementProblem after(
      PeerEvent what, ProblemChunks catalogue, ProblemFleet left, Assignment placed) {
    Map<String, Integer> positions = left.positions();
    ProblemTargets aims = targets;
    if (!targets.byWeight().isEmpty()) {
      aims =
          ProblemTargets.published(
              targets.floor(), targets.saturationMillionths(), catalogue, left);
    }
    Assignment.Pairs held = Assignment.pairs(placed.chunks());
    for (int chunk = 0; chunk < placed.chunks(); chunk++) {
      for (int i = placed.start()[chunk]; i < placed.start()[chunk + 1]; i++) {
        Integer worker = positions.get(fleet.name(placed.worker()[i]));
        if (worker != null) {
          held.add(chunk, worker);
        }
      }
    }
    Past before = new Past(this, placed, held.assignment());
    return new PlacementProblem(what, catalogue, left, aims, rules, before);
  }

  /**
   * The state before an event.
   *
   * @param problem the problem before the event
   * @param placed its solution, by positions in its fleet
   * @param held the remains of the solution, by positions in the fleet after the event
   */
  public record Past(PlacementProblem problem, Assignment placed, Assignment held) {}
}
