package dev.stowage.answer;

import dev.stowage.model.WorkerId;
import dev.stowage.model.WorkerStatus;
import dev.stowage.pressure.PressureSnapshot.PressureBand;
import dev.stowage.shape.FlagField;
import dev.stowage.shape.Form;
import dev.stowage.shape.Forms;
import dev.stowage.shape.NumberField;
import dev.stowage.shape.Shape;
import dev.stowage.shape.ValueField;
import java.util.OptionalLong;

/**
 * Tells how one worker stands. Reports count at once.
 *
 * @param status its status; an absence hides what its host told it
 * @param toLeave whether its host told it to leave
 * @param owesInventory whether its inventory is missing, so that it takes nothing
 * @param replicas the replicas on it, in any state
 * @param usedBytes the bytes of these, saturated
 * @param levelMillionths its water level, the fill to which plans level it; empty for one that
 *     takes no copies, and before a plan
 * @param silentTicks the ticks since the cycle that consumed its last sign of life, 0 if one waits
 * @param awayTicks the ticks until an announced absence is over; 0 for none
 * @param leastCopies the copies that each of its chunks keeps elsewhere meanwhile; 0 for none
 * @param pressure the band of its newest sample; {@code NORMAL} without one
 */
public record WorkerStanding(
    WorkerId worker,
    WorkerStatus status,
    boolean toLeave,
    boolean owesInventory,
    String zone,
    int replicas,
    long usedBytes,
    long capacityBytes,
    OptionalLong levelMillionths,
    long silentTicks,
    long awayTicks,
    int leastCopies,
    PressureBand pressure) {
  private static final Shape.Builder<WorkerStanding> FIELDS = Shape.named("worker_standing");

  private static final ValueField<WorkerStanding, WorkerId> WORKER =
      FIELDS.value("worker", WorkerStanding::worker, Form.of(WorkerId.class));
  private static final ValueField<WorkerStanding, WorkerStatus> STATUS =
      FIELDS.oneOf("status", WorkerStatus.class, WorkerStanding::status);
  private static final FlagField<WorkerStanding> TO_LEAVE =
      FIELDS.flag("to_leave", WorkerStanding::toLeave).means("its host told it to leave");
  private static final FlagField<WorkerStanding> OWES_INVENTORY =
      FIELDS
          .flag("owes_inventory", WorkerStanding::owesInventory)
          .means("it takes nothing until then");
  private static final ValueField<WorkerStanding, String> ZONE =
      FIELDS.text("zone", WorkerStanding::zone).means("its failure domain, its id if it has none");
  private static final NumberField<WorkerStanding> REPLICAS =
      FIELDS.number("replicas", WorkerStanding::replicas).narrow().atLeast(0);
  private static final NumberField<WorkerStanding> USED =
      FIELDS.number("used_bytes", WorkerStanding::usedBytes).atLeast(0);
  private static final NumberField<WorkerStanding> CAPACITY =
      FIELDS.number("capacity_bytes", WorkerStanding::capacityBytes).atLeast(0);

  static {
    FIELDS.number("fill_millionths", WorkerStanding::fillMillionths);
  }

  private static final ValueField<WorkerStanding, OptionalLong> LEVEL =
      FIELDS
          .value("level_millionths", WorkerStanding::levelMillionths, Forms.OPTIONAL_LONG)
          .means("the fill to which plans level it");

  static {
    FIELDS
        .value("deviation_millionths", WorkerStanding::deviationMillionths, Forms.OPTIONAL_LONG)
        .means("its fill less its level");
  }

  private static final NumberField<WorkerStanding> SILENT =
      FIELDS.number("silent_ticks", WorkerStanding::silentTicks).atLeast(0);
  private static final NumberField<WorkerStanding> AWAY =
      FIELDS
          .number("away_ticks", WorkerStanding::awayTicks)
          .atLeast(0)
          .means("until an announced absence is over");
  private static final NumberField<WorkerStanding> LEAST_COPIES =
      FIELDS.number("least_copies", WorkerStanding::leastCopies).narrow().atLeast(0);
  private static final ValueField<WorkerStanding, PressureBand> PRESSURE =
      FIELDS.oneOf("pressure", PressureBand.class, WorkerStanding::pressure);

  /** The fields of a standing; fill and deviation follow from others. */
  static final Shape<WorkerStanding> SHAPE =
      FIELDS.make(v ->
          new WorkerStanding(
              WORKER.of(v),
              STATUS.of(v),
              TO_LEAVE.of(v),
              OWES_INVENTORY.of(v),
              ZONE.of(v),
              REPLICAS.intOf(v),
              USED.of(v),
              CAPACITY.of(v),
              LEVEL.of(v),
              SILENT.of(v),
              AWAY.of(v),
              LEAST_COPIES.intOf(v),
              PRESSURE.of(v)));

  /** Returns the used share of the capacity; 0 without capacity. */
  public double fill() {
    return capacityBytes == 0 ? 0 : (double) usedBytes / capacityBytes;
  }

  private long fillMillionths() {
    return Math.round(fill() * 1_000_000);
  }

  /**
   * Returns the fill less the level, in millionths; empty without one. Replicas that drain count
   * for the fill and not for the level.
   */
  public OptionalLong deviationMillionths() {
    return levelMillionths.isEmpty()
        ? levelMillionths
        : OptionalLong.of(fillMillionths() - levelMillionths.getAsLong());
  }
}
