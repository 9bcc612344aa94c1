package dev.stowage.placement;

import dev.stowage.model.Eligibility;

/**
 * What a weight earned in one pool under one cap, and what its chunks reach.
 *
 * @param weight the weight
 * @param eligibility which workers may hold the chunks of the pool
 * @param eligibleWorkers active workers that may be given them
 * @param cap the most replicas that the weight could have earned them, at least 1; {@link
 *     WeightPolicy#UNCAPPED} for no cap
 * @param targetMillionths the factor, in millionths of a replica, never below a floor; whole unless
 *     factors are smooth
 * @param reached the least number of replicas that an established chunk of the weight has after the
 *     plan; the target if there is no such chunk
 */
public record PoolFactor(
    int weight,
    Eligibility eligibility,
    int eligibleWorkers,
    int cap,
    long targetMillionths,
    int reached) {
  /**
   * Whether the cap decided, not what the weight earned. Such a factor is none that a next plan
   * should know as the previous one: chunks of the same weight may earn more.
   */
  public boolean isCapped() {
    return targetMillionths >= (long) cap * PlacementConfig.ONE;
  }
}
