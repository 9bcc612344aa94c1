package dev.stowage.sim.tool.plan;

import dev.stowage.config.WeightPolicy;
import dev.stowage.model.ChunkKey;
import dev.stowage.placement.PlacementInput;
import dev.stowage.placement.PlacementPlan;
import dev.stowage.placement.PlacementPlanner;
import java.util.List;

/**
 * The contents of the files: an input, and the planner for it. Immutable.
 *
 * @param input the input
 * @param planner the planner that the configuration names
 * @param keys the chunks' keys by position
 * @param largestLine the line in which the file of chunks lists the largest one; 0 if it has none
 * @param warnings the settings that are hardly meant ({@link WeightPolicy#warnings})
 */
public record PlanCase(
    PlacementInput input,
    PlacementPlanner planner,
    List<ChunkKey> keys,
    long largestLine,
    List<String> warnings) {
  /** Keeps copies. */
  public PlanCase {
    keys = List.copyOf(keys);
    warnings = List.copyOf(warnings);
  }

  /** Plans. */
  public PlacementPlan plan() {
    return planner.plan(input);
  }

  /** Returns the name of the chunk at a position: {@code dataset/chunk_id}. */
  public String name(int chunk) {
    return keys.get(chunk).toString();
  }
}
