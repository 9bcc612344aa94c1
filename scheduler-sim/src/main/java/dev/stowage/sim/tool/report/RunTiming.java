package dev.stowage.sim.tool.report;

/**
 * The durations of a run, which a seed does not determine.
 *
 * @param seconds from the first command to the last audit
 * @param scheduleMillis mean milliseconds of the scheduling cycles of a round
 * @param publishMillis mean milliseconds of the visibility cycles of a round
 * @param auditMillis mean milliseconds of the audits of a round
 * @param slowestCycleMillis milliseconds of the slowest cycle of either kind
 */
public record RunTiming(
    double seconds,
    double scheduleMillis,
    double publishMillis,
    double auditMillis,
    double slowestCycleMillis) {}
