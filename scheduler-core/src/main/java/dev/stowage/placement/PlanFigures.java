package dev.stowage.placement;

import java.util.List;
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
 * @param groups the active workers by the water level that they share, the highest level first
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
    List<Group> groups,
    long replicas,
    boolean backpressure,
    long debtBytes,
    long debtReplicas) {

  /**
   * Active workers that share a water level: the fill that each has in the most even distribution
   * that spreading, eligibility and capacities permit (placement design, section 3).
   *
   * @param level that fill, in millionths of the capacity
   * @param workers how many they are, at least 1
   * @param maxOverMeanFill fill of the fullest of them over their mean fill, in millionths; 0 if
   *     nothing is on them
   * @param minOverMeanFill fill of the emptiest of them over their mean fill, likewise
   */
  public record Group(long level, int workers, long maxOverMeanFill, long minOverMeanFill) {}

  /** A plan moves, or a worker holds, more bytes than a long can count: there are no figures. */
  public static final class TooLargeException extends ArithmeticException {
    private static final long serialVersionUID = 1;

    TooLargeException(String what) {
      super(what + " amount to more than " + Long.MAX_VALUE + " bytes, which is not a figure");
    }
  }
}
