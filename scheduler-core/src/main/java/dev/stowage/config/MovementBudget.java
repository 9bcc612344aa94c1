package dev.stowage.config;

import dev.stowage.shape.Declare;
import dev.stowage.shape.Means;
import dev.stowage.shape.NumberField;
import dev.stowage.shape.Shape;

/**
 * The bounds of a plan's growth and moves; floors and new chunks are only charged. Any bound of 0
 * stops all growth and moves.
 *
 * @param bytes fleet-wide bytes to copy
 * @param replicas fleet-wide replicas to copy
 * @param workerInBytes bytes into one worker
 * @param workerOutBytes bytes off one worker
 */
public record MovementBudget(
    @Declare(name = "movement_budget_bytes", least = 0, word = "unlimited", orElse = Long.MAX_VALUE)
        @Means("bytes that one plan may copy for growth and moves")
        long bytes,
    @Declare(
            name = "movement_budget_replicas",
            least = 0,
            word = "unlimited",
            orElse = Long.MAX_VALUE)
        @Means("replicas that one plan may copy for them")
        long replicas,
    @Declare(least = 0, word = "unlimited", orElse = Long.MAX_VALUE)
        @Means("bytes that one plan may copy to one worker for them")
        long workerInBytes,
    @Declare(least = 0, word = "unlimited", orElse = Long.MAX_VALUE)
        @Means("bytes that one plan may move off one worker")
        long workerOutBytes) {
  /** The four bounds. */
  static final Shape<MovementBudget> SHAPE = Shape.derived("budget", MovementBudget.class);

  private static final NumberField<MovementBudget> BYTES = SHAPE.number("movement_budget_bytes");

  /** No limit. */
  public static final MovementBudget UNLIMITED = SHAPE.make(SHAPE.values());

  /** Throws {@link IllegalArgumentException} if a bound is negative. */
  public MovementBudget(long bytes, long replicas, long workerInBytes, long workerOutBytes) {
    this.bytes = bytes;
    this.replicas = replicas;
    this.workerInBytes = workerInBytes;
    this.workerOutBytes = workerOutBytes;
    SHAPE.checked(this);
  }

  /** Returns a budget with only a fleet-wide bound in bytes. */
  public static MovementBudget ofBytes(long bytes) {
    return SHAPE.with(UNLIMITED, BYTES, bytes);
  }

  /**
   * Returns this budget with each bound cut to {@code millionths}, 0 to 1,000,000, rounded up, so
   * that a bound of one replica is not held back for ever; an unlimited bound stays so unless the
   * share is 0.
   */
  public MovementBudget share(int millionths) {
    return millionths == PlacementConfig.ONE
        ? this
        : new MovementBudget(
            share(bytes, millionths),
            share(replicas, millionths),
            share(workerInBytes, millionths),
            share(workerOutBytes, millionths));
  }

  /** Returns this budget with another fleet-wide bound in bytes. */
  public MovementBudget withBytes(long bound) {
    return bound == bytes ? this : SHAPE.with(this, BYTES, bound);
  }

  private static long share(long bound, int millionths) {
    if (bound == Long.MAX_VALUE) {
      return millionths == 0 ? 0 : bound;
    }
    long whole = bound / PlacementConfig.ONE * millionths;
    long rest = bound % PlacementConfig.ONE * millionths;
    return whole + (rest + PlacementConfig.ONE - 1) / PlacementConfig.ONE;
  }

  /** Reports whether nothing is bounded. */
  public boolean isUnlimited() {
    return equals(UNLIMITED);
  }
}
