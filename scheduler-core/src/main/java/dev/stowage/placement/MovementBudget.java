package dev.stowage.placement;

/**
 * How much may move in one plan. It holds back growth and moves; floors and new chunks are never
 * held back, but what they used is subtracted first. A bound of 0, any of the four, lets nothing
 * go.
 *
 * @param bytes fleet-wide bytes to be copied, at least 0
 * @param replicas fleet-wide replicas to be copied, at least 0
 * @param workerInBytes bytes into any one worker, at least 0
 * @param workerOutBytes bytes off any one worker, at least 0
 */
public record MovementBudget(long bytes, long replicas, long workerInBytes, long workerOutBytes) {
  /** No limit. */
  public static final MovementBudget UNLIMITED =
      new MovementBudget(Long.MAX_VALUE, Long.MAX_VALUE, Long.MAX_VALUE, Long.MAX_VALUE);

  /** Refuses a negative bound with {@link IllegalArgumentException}. */
  public MovementBudget {
    atLeastZero(bytes, "movement budget in bytes");
    atLeastZero(replicas, "movement budget in replicas");
    atLeastZero(workerInBytes, "bytes into one worker");
    atLeastZero(workerOutBytes, "bytes off one worker");
  }

  /** A fleet-wide bound in bytes, and no other. */
  public static MovementBudget ofBytes(long bytes) {
    return new MovementBudget(bytes, Long.MAX_VALUE, Long.MAX_VALUE, Long.MAX_VALUE);
  }

  /** Whether nothing is bounded. */
  public boolean isUnlimited() {
    return equals(UNLIMITED);
  }

  private static void atLeastZero(long value, String what) {
    if (value < 0) {
      throw new IllegalArgumentException(what + " is " + value + "; at least 0 is accepted");
    }
  }
}
