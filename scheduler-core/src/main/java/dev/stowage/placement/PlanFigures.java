package dev.stowage.placement;

import java.util.Map;

/**
 * The quality of a plan, as {@code summary.json} defines it (simulation design, section 4).
 *
 * @param bytesAdded bytes that the additions copy
 * @param bytesMinimum bytes that any plan has to copy that ends with as many replicas of each chunk
 *     and as even a fill; at most {@code bytesAdded}
 * @param bytesByCause bytes added by cause; causes that add nothing are left out
 * @param maxOverMeanFill fill of the fullest active worker over the mean fill of those that share
 *     its water level, in millionths: the greatest of any such group
 * @param minOverMeanFill fill of the emptiest active worker over the mean fill of those that share
 *     its water level, in millionths: the least of any such group
 * @param replicas wanted replicas after the plan
 * @param backpressure whether the floors of all chunks exceed the saturated capacity
 * @param debtBytes bytes moved beyond the budget, to be handed to the next input
 * @param debtReplicas replicas moved beyond the budget, likewise
 */
public record PlanFigures(
    long bytesAdded,
    long bytesMinimum,
    Map<Cause, Long> bytesByCause,
    long maxOverMeanFill,
    long minOverMeanFill,
    long replicas,
    boolean backpressure,
    long debtBytes,
    long debtReplicas) {

  /** A plan moves, or a worker holds, more bytes than a long can count: there are no figures. */
  public static final class TooLargeException extends ArithmeticException {
    private static final long serialVersionUID = 1;

    TooLargeException(String what) {
      super(what + " amount to more than " + Long.MAX_VALUE + " bytes, which is not a figure");
    }
  }
}
