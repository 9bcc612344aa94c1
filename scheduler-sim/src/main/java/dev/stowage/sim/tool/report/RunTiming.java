package dev.stowage.sim.tool.report;

/**
 * The durations of a run, which a seed does not determine.
 *
 * @param seconds from the first command to the last audit
 * @param scheduleMillis mean milliseconds of a scheduling cycle
 * @param publishMillis mean milliseconds of a visibility cycle
 * @param auditMillis mean milliseconds of the audit after a cycle
 * @param slowestCycleMillis milliseconds of both cycles of the slowest round
 */
public record RunTiming(
    double seconds,
    double scheduleMillis,
    double publishMillis,
    double auditMillis,
    double slowestCycleMillis) {}
