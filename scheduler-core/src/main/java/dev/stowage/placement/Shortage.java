package dev.stowage.placement;

import dev.stowage.config.Reason;

/**
 * An incomplete floor: a deferral (new chunk left out) or a shortfall (established chunk).
 *
 * @param chunk the chunk's position, or slot in a plan of a {@link WarmPlanner}
 * @param missing replicas missing of the floor, at least 1
 * @param reason the rule that refused
 * @param eligibleWorkers placeable workers that may hold it
 * @param largestRoomBytes the most room on one of them without a replica, 0 if none
 * @param isRaise whether the chunk has its former floor ({@link ChunkBits#RAISING})
 */
public record Shortage(
    int chunk,
    int missing,
    Reason reason,
    int eligibleWorkers,
    long largestRoomBytes,
    boolean isRaise) {}
