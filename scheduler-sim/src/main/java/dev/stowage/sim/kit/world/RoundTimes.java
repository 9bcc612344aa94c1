package dev.stowage.sim.kit.world;

/**
 * The durations of the parts of a round, in nanoseconds.
 *
 * @param scheduleNanos of all its scheduling cycles
 * @param publishNanos of all its visibility cycles
 * @param slowestNanos of its slowest cycle of either kind
 * @param auditNanos of the audits after them
 */
public record RoundTimes(
    long scheduleNanos, long publishNanos, long slowestNanos, long auditNanos) {}
