package dev.stowage.content;

import dev.stowage.pressure.PressureBand;
import dev.stowage.pressure.PressurePolicy;
import java.util.SortedMap;

/**
 * How items rank: the part of the rules that a host may replace.
 *
 * <p>A policy must be pure: equal arguments, equal answers, nothing else read or changed. What it
 * says about an item is asked once, when the item is queued, and kept; what it says about classes
 * and bands is asked once, when the scheduler is made. So whatever it answers later, the order of
 * the queue stays an order. An item for which it throws, or which it gives no number, is refused
 * and the queue is unharmed. Name and parameters stand in the header of the evidence.
 *
 * <p>Within a class (and flow) the order is: merit, greater first; tie-break, smaller first;
 * efficiency, greater first; the older; the smaller id.
 */
public interface SelectionPolicy {
  /** The least merit that no size outweighs, 2^100: what has it goes by merit in every band. */
  double URGENT_MERIT = 0x1p100;

  /** Most useful per cost first. */
  static SelectionPolicy efficiency() {
    return StandardPolicy.EFFICIENCY;
  }

  /**
   * Pieces of an object in ascending order, so that what is readable from the start comes early.
   */
  static SelectionPolicy prefixFirst() {
    return StandardPolicy.PREFIX_FIRST;
  }

  /**
   * Efficiency times {@code 1 + k / (1 + copies)}, so that what few peers hold goes first; equal
   * ones by piece.
   *
   * @param k how much rarity weighs, finite and at least 0
   */
  static SelectionPolicy rarestFirst(double k) {
    return new RarestFirstPolicy(k);
  }

  /** Whatever has a deadline, the earliest first, however far off it is; then by efficiency. */
  static SelectionPolicy deadlineFirst() {
    return StandardPolicy.DEADLINE_FIRST;
  }

  /** The name under which evidence knows the policy. */
  String name();

  /** The parameters, in the form in which evidence shows them. */
  SortedMap<String, String> parameters();

  /** How an item ranks within its class and flow, greater first; NaN refuses the item. */
  double merit(ContentItem item);

  /** What tells items of equal merit apart, smaller first. */
  default long tieBreak(ContentItem item) {
    return 0;
  }

  /**
   * How a class ranks among the classes, greater first; of equal ones the higher rank goes first.
   */
  default int weight(PriorityClass priorityClass) {
    return priorityClass.rank();
  }

  /** Whether a band holds a class back. */
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

  /**
   * Reports whether smaller items go first in a band, behind those of a finite merit of at least
   * {@link #URGENT_MERIT}.
   */
  default boolean prefersSmall(PressureBand band) {
    return band == PressureBand.ELEVATED;
  }

  /** How pressure becomes a band. */
  default PressurePolicy pressure() {
    return PressurePolicy.DEFAULT;
  }

  /** Whether flows share. */
  default Fairness fairness() {
    return Fairness.DEFICIT_ROUND_ROBIN;
  }

  /** How near a deadline must be to count; {@code configured} is what the scheduler was given. */
  default long deadlineHorizonNanos(long configured) {
    return configured;
  }

  /** This policy with another fairness. */
  default SelectionPolicy withFairness(Fairness fairness) {
    return new TunedPolicy(this, fairness, pressure());
  }

  /** This policy with another way from pressure to bands. */
  default SelectionPolicy withPressure(PressurePolicy pressure) {
    return new TunedPolicy(this, fairness(), pressure);
  }

  /** Whether flows share a class. */
  public enum Fairness {
    /** Flows take turns, by bytes: deficit round robin. */
    DEFICIT_ROUND_ROBIN,
    /** The best item goes first, whoever's it is. */
    OFF
  }
}
