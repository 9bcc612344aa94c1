package dev.stowage.sim.kit.world;

import dev.stowage.shape.NumberField;
import dev.stowage.shape.Shape;
import java.util.List;
import java.util.function.ToLongFunction;

/** Declares what goes wrong in a world, in percent; {@link #SHAPE} describes each fault. */
public record WorldFaults(
    int loss, int delay, int repeat, int damage, int lie, int full, int diskLoss, int portalLoss) {
  private static final Shape.Builder<WorldFaults> FIELDS = Shape.named("faults");

  private static final NumberField<WorldFaults> LOSS =
      percent("loss", WorldFaults::loss, 100)
          .means("lost messages, as the key `loss`; those of workers at most 30 % of the time");
  private static final NumberField<WorldFaults> DELAY =
      percent("delay", WorldFaults::delay, 90)
          .means("turns of clients after which a message waits on the wire, to be overtaken");
  private static final NumberField<WorldFaults> REPEAT =
      percent("repeat", WorldFaults::repeat, 90).means("messages that arrive twice");
  private static final NumberField<WorldFaults> DAMAGE =
      percent("damage", WorldFaults::damage, 90)
          .means("messages that arrive with another bit, or without their end");
  private static final NumberField<WorldFaults> LIE =
      percent("lie", WorldFaults::lie, 100)
          .means("steps of a worker in which it loses a chunk, and denies it until the next step");
  private static final NumberField<WorldFaults> FULL =
      percent("full", WorldFaults::full, 90).means("steps of a worker in which its disk is full");
  private static final NumberField<WorldFaults> DISK_LOSS =
      percent("disk_loss", WorldFaults::diskLoss, 100)
          .means("steps of a worker in which it restarts with an empty disk");
  private static final NumberField<WorldFaults> PORTAL_LOSS =
      percent("portal_loss", WorldFaults::portalLoss, 90)
          .means("steps of a portal in which it dies; it is back after two, without routes");

  /** The shape. */
  public static final Shape<WorldFaults> SHAPE =
      FIELDS.make(v ->
          new WorldFaults(
              LOSS.intOf(v),
              DELAY.intOf(v),
              REPEAT.intOf(v),
              DAMAGE.intOf(v),
              LIE.intOf(v),
              FULL.intOf(v),
              DISK_LOSS.intOf(v),
              PORTAL_LOSS.intOf(v)));

  /** Nothing goes wrong. */
  public static final WorldFaults NONE = SHAPE.make(SHAPE.values());

  /** Throws {@link IllegalArgumentException} that names every violated bound. */
  public WorldFaults(
      int loss,
      int delay,
      int repeat,
      int damage,
      int lie,
      int full,
      int diskLoss,
      int portalLoss) {
    this.loss = loss;
    this.delay = delay;
    this.repeat = repeat;
    this.damage = damage;
    this.lie = lie;
    this.full = full;
    this.diskLoss = diskLoss;
    this.portalLoss = portalLoss;
    SHAPE.checked(this);
  }

  private static NumberField<WorldFaults> percent(
      String name, ToLongFunction<WorldFaults> get, int most) {
    return FIELDS.number(name, get).narrow().between(0, most).orElse(0);
  }

  /** Returns the percentages, in order. */
  public static List<NumberField<WorldFaults>> all() {
    return List.of(LOSS, DELAY, REPEAT, DAMAGE, LIE, FULL, DISK_LOSS, PORTAL_LOSS);
  }

  /** Returns the faults of a wire that loses a share of the messages, and misuses others. */
  public static WorldFaults ofLoss(int percent) {
    return percent == 0 ? NONE : new WorldFaults(percent, 10, 6, 5, 0, 0, 0, 0);
  }

  /** Returns these faults without lost messages above a share. */
  WorldFaults losingAtMost(int percent) {
    return SHAPE.with(this, LOSS, Math.min(loss, percent));
  }

  boolean isOfWires() {
    return loss + delay + repeat + damage > 0;
  }

  /** Reports whether bytes vanish from disks without any deletion. */
  public boolean isOfBytes() {
    return lie + diskLoss > 0;
  }
}
