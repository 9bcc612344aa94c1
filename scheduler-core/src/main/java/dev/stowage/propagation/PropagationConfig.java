package dev.stowage.propagation;

import dev.stowage.shape.Declare;
import dev.stowage.shape.Shape;

/**
 * The settings of a scheduler.
 *
 * @param budgetBytesPerSecond the bytes that a target may be sent in a second, also the burst
 * @param fanOut how many portals take the routes of the leader, and of each portal; 0 for no tree
 */
public record PropagationConfig(
    @Declare(least = 1, most = MOST_BYTES_PER_SECOND, orElse = 1_000_000) long budgetBytesPerSecond,
    @Declare(least = 2, most = 1_000_000, word = "none", orElse = 0) int fanOut) {
  /** The greatest budget of a target, in bytes per second. */
  public static final long MOST_BYTES_PER_SECOND = 1_000_000_000_000L;

  /** The shape of the settings. */
  static final Shape<PropagationConfig> SHAPE =
      Shape.derived("propagation_config", PropagationConfig.class);

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
    return SHAPE.with(this, "budget_bytes_per_second", bytesPerSecond);
  }

  /** Returns these settings with a relay tree of portals with this fan-out, at least 2. */
  public PropagationConfig withFanOut(int portals) {
    return SHAPE.with(this, "fan_out", portals);
  }
}
