package dev.stowage.placement;

import java.util.Map;

/**
 * The quality of a plan, as {@code summary.json} defines it (simulation design, section 4). Sums
 * that exceed a long saturate.
 *
 * @param bytesAdded bytes that the additions copy
 * @param bytesMinimum bytes that any plan would have to copy
 * @param bytesByCause bytes added by cause; causes that add nothing are left out
 * @param maxOverMeanFill fill of the fullest active worker over the mean fill, in millionths
 * @param minOverMeanFill fill of the emptiest active worker over the mean fill, in millionths
 * @param replicas wanted replicas after the plan
 * @param backpressure whether the floors of all chunks exceed the saturated capacity
 * @param budgetLeftOverBytes bytes of wanted moves and growth that the budget postponed
 * @param debtBytes bytes moved beyond the budget, to be handed to the next input
 * @param debtReplicas replicas moved beyond the budget, likewise
 */
public record PlanFigures(
    long bytesAdded,
    long bytesMinimum,
    Map<Cause, Long> bytesByCause,
    long maxOverMeanFill,
    long minOverMeanFill,
    long replicas,
    boolean backpressure,
    long budgetLeftOverBytes,
    long debtBytes,
    long debtReplicas) {}
