package dev.stowage.answer;

import dev.stowage.config.WeightPolicy;
import dev.stowage.shape.FlagField;
import dev.stowage.shape.NumberField;
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
    int maxReplication,
    boolean frozen,
    int workers,
    int suspect,
    int departed,
    int toLeave,
    long replicas,
    long usedBytes,
    long capacityBytes) {
  private static final Shape.Builder<FleetStanding> FIELDS = Shape.named("fleet_standing");

  private static final NumberField<FleetStanding> TICK = FIELDS.number("tick", FleetStanding::tick);
  private static final NumberField<FleetStanding> WORKER_ASSIGNMENT =
      FIELDS.number("worker_assignment", FleetStanding::workerAssignment);
  private static final NumberField<FleetStanding> PORTAL_ASSIGNMENT =
      FIELDS.number("portal_assignment", FleetStanding::portalAssignment);
  private static final NumberField<FleetStanding> CONFIG_VERSION =
      FIELDS.number("config_version", FleetStanding::configVersion);
  private static final NumberField<FleetStanding> MIN_REPLICATION =
      FIELDS.number("min_replication", FleetStanding::minReplication).narrow();
  private static final NumberField<FleetStanding> MAX_REPLICATION =
      FIELDS
          .number("max_replication", FleetStanding::maxReplication)
          .narrow()
          .word(WeightPolicy.UNCAPPED, "none")
          .orElse(WeightPolicy.AT_FLOOR, "floor");
  private static final FlagField<FleetStanding> FROZEN =
      FIELDS.flag("frozen", FleetStanding::frozen);
  private static final NumberField<FleetStanding> WORKERS =
      FIELDS.number("workers", FleetStanding::workers).narrow();
  private static final NumberField<FleetStanding> SUSPECT =
      FIELDS.number("suspect", FleetStanding::suspect).narrow();
  private static final NumberField<FleetStanding> DEPARTED =
      FIELDS.number("departed", FleetStanding::departed).narrow();
  private static final NumberField<FleetStanding> TO_LEAVE =
      FIELDS.number("to_leave", FleetStanding::toLeave).narrow();
  private static final NumberField<FleetStanding> REPLICAS =
      FIELDS.number("replicas", FleetStanding::replicas);
  private static final NumberField<FleetStanding> USED =
      FIELDS.number("used_bytes", FleetStanding::usedBytes);
  private static final NumberField<FleetStanding> CAPACITY =
      FIELDS.number("capacity_bytes", FleetStanding::capacityBytes);

  /** The fields of a standing. */
  static final Shape<FleetStanding> SHAPE =
      FIELDS.make(v ->
          new FleetStanding(
              TICK.of(v),
              WORKER_ASSIGNMENT.of(v),
              PORTAL_ASSIGNMENT.of(v),
              CONFIG_VERSION.of(v),
              MIN_REPLICATION.intOf(v),
              MAX_REPLICATION.intOf(v),
              FROZEN.of(v),
              WORKERS.intOf(v),
              SUSPECT.intOf(v),
              DEPARTED.intOf(v),
              TO_LEAVE.intOf(v),
              REPLICAS.of(v),
              USED.of(v),
              CAPACITY.of(v)));
}
