package dev.stowage.lifecycle;

import dev.stowage.columns.SaturatedSum;
import dev.stowage.lifecycle.planning.PlannedRows;
import dev.stowage.lifecycle.state.InFlight;
import dev.stowage.placement.PlanChanges;
import dev.stowage.placement.PlanChanges.Cycles;
import dev.stowage.shape.Unit;
import java.time.Duration;
import java.util.List;

/**
 * A range of the time that copies take, at least and at most, in seconds ({@link Progress}). NaN
 * while neither a rate nor a budget is known, infinite while they are 0.
 */
public record CopyTime(double leastSeconds, double mostSeconds) {
  /** No copies take no time. */
  public static final CopyTime NONE = new CopyTime(0, 0);

  /** The time while neither a rate nor a budget is known. */
  static final CopyTime UNKNOWN = new CopyTime(Double.NaN, Double.NaN);

  private static final double MOST_RATIO = 3;

  /** Returns the time of a plan's copies, behind those that are under way. */
  public static CopyTime ofPlan(LifecycleView state, PlanChanges changes, Duration tickLength) {
    List<Long> byTarget =
        changes.workers().stream().map(PlanChanges.Share::inBytes).filter(it -> it > 0).toList();
    if (byTarget.isEmpty() && changes.laterBytes() == 0) {
      return NONE;
    }
    long bytes = InFlight.bytes(state.tables());
    for (long each : byTarget) {
      bytes = SaturatedSum.of(bytes, each);
    }
    CopySpeed speed = new CopySpeed(state, tickLength);
    bytes = SaturatedSum.of(bytes, changes.laterBytes());
    Cycles later = speed.budget().cycles(changes.laterBytes(), 0, 0, 0);
    return speed.time(
        new CopySpeed.Rest(bytes, byTarget, changes.cycles().orElse(later)), Moved.ALL);
  }

  /**
   * Returns the time of the next plan's copies, of which the changes lack what it leaves of raises.
   */
  public static CopyTime ofNextPlan(LifecycleView state, PlanChanges changes, Duration tickLength) {
    long now = state.largestTick().value();
    return ofPlan(state, PlannedRows.withRaises(state.tables(), now, changes), tickLength);
  }

  /** Returns this range without its lower part, if it is so wide that it says nothing. */
  CopyTime narrowed() {
    return Double.isInfinite(mostSeconds)
        ? this
        : new CopyTime(Math.max(leastSeconds, mostSeconds / MOST_RATIO), mostSeconds);
  }

  /** Reports whether a rate or a budget is known. */
  public boolean isKnown() {
    return !Double.isNaN(leastSeconds);
  }

  /** Returns the range in words, such as {@code 25 s to 2 min}, or the reason why it is unknown. */
  public String inWords() {
    if (!isKnown()) {
      return "unknown: no budget bounds moves, and no rate of copies was reported in the last "
          + Moved.WINDOW_TICKS
          + " ticks";
    }
    if (mostSeconds == 0) {
      return Unit.SECONDS.print(0);
    }
    String least = inWords(leastSeconds);
    String most = inWords(mostSeconds);
    return least.equals(most) ? least : least + " to " + most;
  }

  // What is still to go takes a second at least.
  private static String inWords(double seconds) {
    return Double.isInfinite(seconds)
        ? "no end"
        : Unit.SECONDS.print(Math.max(1, Math.rint(seconds)));
  }
}
