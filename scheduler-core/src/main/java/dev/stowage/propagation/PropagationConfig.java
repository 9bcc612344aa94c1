package dev.stowage.propagation;

import dev.stowage.shape.NumberField;
import dev.stowage.shape.Shape;

/**
 * The settings of a scheduler.
 *
 * @param budgetBytesPerSecond the bytes that a target may be sent in a second, also the burst
 * @param fanOut how many portals take the routes of the leader, and of each portal; 0 for no tree
 */
public record PropagationConfig(long budgetBytesPerSecond, int fanOut) {
  /** The greatest budget of a target, in bytes per second. */
  public static final long MOST_BYTES_PER_SECOND = 1_000_000_000_000L;

  private static final Shape.Builder<PropagationConfig> FIELDS = Shape.named("propagation_config");

  private static final NumberField<PropagationConfig> BUDGET =
      FIELDS
          .number("budget_bytes_per_second", PropagationConfig::budgetBytesPerSecond)
          .between(1, MOST_BYTES_PER_SECOND)
          .orElse(1_000_000);
  private static final NumberField<PropagationConfig> FAN_OUT =
      FIELDS
          .number("fan_out", PropagationConfig::fanOut)
          .narrow()
          .between(2, 1_000_000)
          .orElse(0, "none");

  /** The shape of the settings. */
  static final Shape<PropagationConfig> SHAPE =
      FIELDS.make(v -> new PropagationConfig(BUDGET.of(v), FAN_OUT.intOf(v)));

  /** The default settings. */
  public static final PropagationConfig DEFAULT = SHAPE.make(SHAPE.values());

  /** Throws {@link IllegalArgumentException} that names every violated bound. */
  public PropagationConfig(long budgetBytesPerSecond, int fanOut) {
    this.budgetBytesPerSecond = budgetBytesPerSecond;
    this.fanOut = fanOut;
    SHAPE.checked(this);
  }

  /** Returns these settings with another budget of every target, in bytes per second. */
  public PropagationConfig withBudget(long bytesPerSecond) {
    return SHAPE.with(this, BUDGET, bytesPerSecond);
  }

  /** Returns these settings with a relay tree of portals with this fan-out, at least 2. */
  public PropagationConfig withFanOut(int portals) {
    return SHAPE.with(this, FAN_OUT, portals);
  }
}
