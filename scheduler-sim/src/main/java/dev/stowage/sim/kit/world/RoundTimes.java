package dev.stowage.sim.kit.world;

/**
 * The durations of the parts of a round.
 *
 * @param scheduleNanos nanoseconds of the scheduling cycle
 * @param publishNanos nanoseconds of the visibility cycle
 * @param auditNanos nanoseconds of the audits after both
 */
public record RoundTimes(long scheduleNanos, long publishNanos, long auditNanos) {}
