package dev.stowage.placement;

import dev.stowage.config.PlacementConfig;
import dev.stowage.config.WeightPolicy;
import dev.stowage.model.Eligibility;

/**
 * The factor of a weight in one pool under one cap.
 *
 * @param pool the pool
 * @param eligibleWorkers active workers that may take the chunks
 * @param cap the most replicas that weight could earn, at least 1, or {@link WeightPolicy#UNCAPPED}
 * @param targetMillionths the factor in millionths, at least the floor, whole unless smooth
 * @param reached the fewest replicas of an established chunk after the plan; the target if none
 */
public record PoolFactor(
    int weight, PoolKey pool, int eligibleWorkers, int cap, long targetMillionths, int reached) {
  /** Returns the constraint of the pool. */
  public Eligibility eligibility() {
    return pool.eligibility();
  }

  /** Reports whether the cap bounds the factor, which then must not be a previous factor. */
  public boolean isCapped() {
    return targetMillionths >= (long) cap * PlacementConfig.ONE;
  }
}
