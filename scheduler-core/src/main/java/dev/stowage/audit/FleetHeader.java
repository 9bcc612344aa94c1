package dev.stowage.audit;

/**
 * What holds for the fleet as a whole.
 *
 * @param tick the largest tick that any cycle has seen
 * @param newestWorkerAssignment the newest worker assignment, 0 before the first
 * @param newestPortalAssignment the newest portal assignment, 0 before the first
 * @param watermark the confirmation watermark, {@link FleetSnapshot#NONE} before the first
 * @param quorumPercent the percentage of a quorum policy, 0 to 100; {@link FleetSnapshot#NONE} for
 *     confirmation by each worker itself
 * @param gated whether the promotion and release gates are on
 * @param drainWindowTicks the drain window that is configured now
 */
public record FleetHeader(
    long tick,
    long newestWorkerAssignment,
    long newestPortalAssignment,
    long watermark,
    int quorumPercent,
    boolean gated,
    long drainWindowTicks) {}
