package dev.stowage.answer;

import dev.stowage.config.WeightPolicy;
import dev.stowage.shape.Declare;
import dev.stowage.shape.Shape;

/**
 * Tells how a fleet stands. Reports count at once, settings once a leader has taken them in.
 *
 * @param tick the largest tick of any cycle
 * @param workerAssignment the newest worker assignment, 0 before the first
 * @param portalAssignment the newest portal assignment, 0 before the first
 * @param minReplication the replicas of a chunk whose rule names no floor
 * @param maxReplication the most replicas that weights earn such a chunk
 * @param frozen whether growth and moves are switched off
 * @param workers the workers known, departed ones included
 * @param suspect the workers that are suspect
 * @param departed the workers that have departed
 * @param toLeave the workers that are leaving
 * @param replicas the replicas on all workers, in any state
 * @param usedBytes the bytes of these, saturated
 * @param capacityBytes the capacity of the workers that have not departed, saturated
 */
public record FleetStanding(
    long tick,
    long workerAssignment,
    long portalAssignment,
    long configVersion,
    int minReplication,
    @Declare(
            at = {WeightPolicy.UNCAPPED, WeightPolicy.AT_FLOOR},
            word = {"none", "floor"},
            orElse = WeightPolicy.AT_FLOOR)
        int maxReplication,
    boolean frozen,
    int workers,
    int suspect,
    int departed,
    int toLeave,
    long replicas,
    long usedBytes,
    long capacityBytes) {
  /** The fields of a standing. */
  static final Shape<FleetStanding> SHAPE = Shape.derived("fleet_standing", FleetStanding.class);
}
