package dev.stowage.sim.tool.report;

/**
 * The figures of a whole run.
 *
 * @param chunks live chunks at the end
 * @param replicas replicas at the end
 * @param corrections corrections that the input names
 * @param correctionsFired those whose new side became visible
 * @param deferred new chunks without a place at the end
 * @param shortfalls replicas that established chunks lack to their floor at the end
 * @param backpressure whether the last plan asked for less input
 * @param maxOverMeanFill fullest active worker over the mean, bytes over capacity; 1 if all is
 *     empty
 * @param minOverMeanFill emptiest active worker over the mean
 */
public record RunTotals(
    long chunks,
    long replicas,
    long corrections,
    long correctionsFired,
    long deferred,
    long shortfalls,
    boolean backpressure,
    double maxOverMeanFill,
    double minOverMeanFill) {}
