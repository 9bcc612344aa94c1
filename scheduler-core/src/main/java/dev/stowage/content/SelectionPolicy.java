package dev.stowage.content;

import dev.stowage.pressure.PressureBand;
import dev.stowage.pressure.PressurePolicy;
import java.util.SortedMap;

/**
 * The ranking of items, replaceable by the host. A policy must be pure: it ranks an item once, when
 * the item is queued, and classes and bands once, when the scheduler is created. An item for which
 * it throws or returns NaN is refused. Evidence headers hold its name and parameters.
 *
 * <p>The order within a class and flow is: greater merit, smaller tie-break, greater efficiency,
 * older, smaller id.
 */
public interface SelectionPolicy {
  /** The least merit that no size outweighs, 2^100: such items rank by merit in every band. */
  double URGENT_MERIT = 0x1p100;

  /** Returns the policy that ranks by utility per cost. */
  static StandardPolicy efficiency() {
    return StandardPolicy.of(StandardPolicy.Ranking.EFFICIENCY);
  }

  /** Returns the policy that ranks pieces of an object in ascending order. */
  static StandardPolicy prefixFirst() {
    return StandardPolicy.of(StandardPolicy.Ranking.PREFIX_FIRST);
  }

  /** Returns the policy that ranks by earliest deadline, however distant, then by efficiency. */
  static StandardPolicy deadlineFirst() {
    return StandardPolicy.of(StandardPolicy.Ranking.DEADLINE_FIRST);
  }

  /** Returns the name recorded in evidence. */
  String name();

  /** Returns the parameters as recorded in evidence. */
  SortedMap<String, String> parameters();

  /** Returns the merit within class and flow, greater first; NaN refuses the item. */
  double merit(ContentItem item);

  /** Returns the order among items of equal merit, smaller first. */
  default long tieBreak(ContentItem item) {
    return 0;
  }

  /** Returns the order of a class, greater first; classes of equal weight order by rank. */
  default int weight(PriorityClass priorityClass) {
    return priorityClass.rank();
  }

  /** Reports whether a band holds a class back. */
  default boolean holds(PressureBand band, PriorityClass priorityClass) {
    return switch (band) {
      case NORMAL -> false;
      case ELEVATED ->
          priorityClass == PriorityClass.PREFETCH || priorityClass == PriorityClass.TELEMETRY;
      case HIGH -> priorityClass.rank() < PriorityClass.PROOF.rank();
      case CRITICAL ->
          priorityClass != PriorityClass.CONTROL && priorityClass != PriorityClass.ACK_BITMAP;
    };
  }

  /** Reports whether smaller items go first, behind finite merits from {@link #URGENT_MERIT}. */
  default boolean prefersSmall(PressureBand band) {
    return band == PressureBand.ELEVATED;
  }

  /** Returns the bounds of the pressure bands. */
  default PressurePolicy pressure() {
    return PressurePolicy.DEFAULT;
  }

  /** Returns the sharing among flows. */
  default Fairness fairness() {
    return Fairness.DEFICIT_ROUND_ROBIN;
  }

  /** Returns the deadline horizon in nanoseconds; {@code configured} is that of the scheduler. */
  default long deadlineHorizonNanos(long configured) {
    return configured;
  }

  /** The sharing of a class among flows. */
  public enum Fairness {
    /** Deficit round robin: flows take turns by bytes. */
    DEFICIT_ROUND_ROBIN,
    /** The best item goes first, whatever its flow. */
    OFF
  }
}
