package dev.stowage.sim.kit.world;

/**
 * How long the parts of a round took.
 *
 * @param scheduleNanos the scheduling cycle
 * @param publishNanos the visibility cycle
 * @param auditNanos the audits after both
 */
public record RoundTimes(long scheduleNanos, long publishNanos, long auditNanos) {}
