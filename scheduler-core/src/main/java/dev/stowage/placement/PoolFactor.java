package dev.stowage.placement;

import dev.stowage.model.Eligibility;

/**
 * What a weight earned in one pool, and what its chunks reach.
 *
 * @param weight the weight
 * @param eligibility which workers may hold the chunks of the pool
 * @param eligibleWorkers active workers that may be given them
 * @param targetMillionths the factor, in millionths of a replica; whole unless factors are smooth
 * @param reached the least number of replicas that an established chunk of the weight has after the
 *     plan; the target if there is no such chunk
 */
public record PoolFactor(
    int weight, Eligibility eligibility, int eligibleWorkers, long targetMillionths, int reached) {}
