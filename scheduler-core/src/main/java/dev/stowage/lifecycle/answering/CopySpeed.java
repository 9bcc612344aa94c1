package dev.stowage.lifecycle;

import dev.stowage.columns.SaturatedSum;
import dev.stowage.placement.MovementBudget;
import dev.stowage.placement.PlanChanges.Cycles;
import java.time.Duration;
import java.util.Collection;

/**
 * Times copies by what a state tells of speed. They take the longer of two times: what is to be
 * copied over the rate that workers reported, and the cycles in which the movement budget lets go
 * what it keeps back, each as long as those were that added copies. While no cycles were seen, one
 * comes each tick, and chunks larger than the budget wait until it has made up for them. A rate of
 * few copies is doubted by the root of their number, and is shared by the workers that had copies
 * to get while it was measured, so that the last of them is not timed by the rate of all.
 */
final class CopySpeed {
  private static final double NANOS_PER_SECOND = 1e9;

  private final double tickSeconds;
  private final Moved moved;
  private final long now;
  private final MovementBudget budget;

  CopySpeed(LifecycleView state, Duration tickLength) {
    tickSeconds = tickLength.toNanos() / NANOS_PER_SECOND;
    moved = KeptValue.MOVED.of(state);
    now = state.largestTick().value();
    LifecycleConfig config = state.config();
    int share = config.feedback().millionths(state.pressureAt(now));
    budget = config.placement().budget().share(share);
  }

  /**
   * Copies that are to go.
   *
   * @param bytes all bytes, saturated
   * @param assigned the bytes by target of those that plans let go
   * @param cycles the cycles in which budgets let the others go
   */
  record Rest(long bytes, Collection<Long> assigned, Cycles cycles) {
    /** Returns all bytes, or those of the target with most times that many targets, if greater. */
    private double worst(double targets) {
      double worst = assigned.stream().mapToLong(it -> it).max().orElse(0);
      return Math.max((double) bytes, worst * Math.max(targets, assigned.size()));
    }
  }

  /** Returns the budget in bytes and copies, by the pressure of the fleet. */
  MovementBudget budget() {
    return budget;
  }

  /** Returns the plans a second that added copies, at least; NaN if unknown. */
  double plansPerSecond() {
    return moved.rateAt(Moved.PLANS, now).least() / tickSeconds;
  }

  Moved moved() {
    return moved;
  }

  /** Returns the rate of a stream by seconds; that of the whole if it has none of its own. */
  Moved.Rate rate(String name) {
    Moved.Rate rate = moved.rateAt(known(name), now);
    return new Moved.Rate(rate.least() / tickSeconds, rate.most() / tickSeconds);
  }

  private String known(String name) {
    return Double.isNaN(moved.rateAt(name, now).least()) ? Moved.ALL : name;
  }

  /** Returns the time of a rest by the rate of a stream; unknown without rate and budget. */
  CopyTime time(Rest rest, String stream) {
    Moved.Rate rate = rate(stream);
    boolean isKnown = !Double.isNaN(rate.least());
    // Copies that were let go are about those of a cycle.
    Cycles cycles =
        isKnown || !rest.cycles.equals(Cycles.NONE)
            ? rest.cycles
            : budget.cycles(rest.bytes, 0, 0, 0);
    if (!isKnown && cycles.equals(Cycles.NONE)) {
      return CopyTime.UNKNOWN;
    }
    Moved.Rate plans = moved.rateAt(Moved.PLANS, now);
    Moved.Rate turns = moved.rateAt(Moved.TURNS, now);
    double least = seconds(cycles.least(), plans.most(), turns.most());
    // The copies of the last cycle come after it.
    long last = SaturatedSum.of(cycles.most(), 1);
    double most = seconds(last, plans.least(), turns.least());
    if (!isKnown) {
      return new CopyTime(least, most);
    }
    double targets = moved.rateAt(Moved.TARGETS, now).most() / turns.most();
    double worst = rest.worst(targets) / rate.least();
    // A cycle asks for the last copies, and another one takes in their reports.
    double report = seconds(2, turns.least(), 1);
    if (cycles.most() > 0) {
      return new CopyTime(least, Math.max(worst + report, most)).narrowed();
    }
    double doubt = moved.doubt(known(stream));
    double even = Math.max(rest.bytes / rate.most(), worst / 2);
    return new CopyTime(even * (1 - doubt), worst * (1 + doubt) + report).narrowed();
  }

  private double seconds(long cycles, double perTick, double orElse) {
    double known = Double.isNaN(perTick) ? orElse : perTick;
    double each = tickSeconds / (Double.isNaN(known) ? 1 : known);
    return cycles == Long.MAX_VALUE ? Double.POSITIVE_INFINITY : cycles == 0 ? 0 : cycles * each;
  }
}
