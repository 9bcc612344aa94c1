package dev.stowage.placement;

/**
 * A floor that stays incomplete: a deferral (a new chunk left out) or a shortfall (an established
 * chunk below its floor), with the numbers behind it.
 *
 * @param chunk the chunk's position; its slot, in a plan of a {@link WarmPlanner}
 * @param missing replicas missing of its floor, at least 1
 * @param reason the rule that refused
 * @param eligibleWorkers placeable workers that may hold it
 * @param largestRoomBytes the most room found on one of them that does not hold it yet, 0 if none
 */
public record Shortage(
    int chunk, int missing, Refusal reason, int eligibleWorkers, long largestRoomBytes) {}
