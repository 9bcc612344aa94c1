package dev.stowage.placement;

import dev.stowage.answer.Cause;
import dev.stowage.model.WorkerId;
import java.util.List;
import java.util.Map;

/**
 * The quality of a plan, as in {@code summary.json} (simulation design, section 4).
 *
 * @param bytesAdded bytes that additions copy
 * @param bytesMinimum bytes any plan with equal replica counts and an even fill must copy; at most
 *     {@code bytesAdded}
 * @param bytesByCause bytes added by cause, without zeros
 * @param maxOverMeanFill the largest of the groups, in millionths
 * @param minOverMeanFill the least of the groups, in millionths
 * @param groups the active workers by water level, highest first
 * @param replicas wanted replicas after the plan
 */
public record PlanFigures(
    long bytesAdded,
    long bytesMinimum,
    Map<Cause, Long> bytesByCause,
    long maxOverMeanFill,
    long minOverMeanFill,
    List<Group> groups,
    long replicas) {

  /**
   * Active workers with one water level, their fill in the most even distribution that spread,
   * eligibility and capacities permit (placement design, section 3).
   *
   * @param level that fill, in millionths of the capacity
   * @param members the workers, at least 1
   * @param maxOverMeanFill fill of the fullest over their mean fill, in millionths; 0 if empty
   * @param minOverMeanFill fill of the emptiest over their mean fill, in millionths; 0 if empty
   */
  public record Group(
      long level, List<WorkerId> members, long maxOverMeanFill, long minOverMeanFill) {
    /** Copies {@code members}. */
    public Group {
      members = List.copyOf(members);
    }

    /** Returns the number of workers. */
    public int workers() {
      return members.size();
    }
  }

  /** Thrown if a plan moves, or a worker holds, more bytes than a long can count. */
  public static final class TooLargeException extends ArithmeticException {
    private static final long serialVersionUID = 1;

    TooLargeException(String what) {
      super(what + " add up to more than " + Long.MAX_VALUE + " bytes, the most that is counted");
    }
  }
}
