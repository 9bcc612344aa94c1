package dev.stowage.lifecycle;

import dev.stowage.placement.MovementBudget;
import dev.stowage.placement.PlanChanges.Cycles;
import java.time.Duration;
import java.util.Collection;

/**
 * Times copies by what a state tells of speed. They take the longer of two times: what is to be
 * copied over the rate that workers reported, and the cycles in which the movement budget lets go
 * what it keeps back, each as long as those were that added copies. While no cycles were seen, one
 * comes each tick, and chunks larger than the budget wait until it has made up for them.
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
    /** Returns the greatest amount of a target over the mean one, of all bytes. */
    private double unevenness() {
      long most = assigned.stream().mapToLong(it -> it).max().orElse(0);
      double sum = assigned.stream().mapToDouble(it -> it).sum();
      double excess = most * (double) assigned.size() - sum;
      return bytes == 0 ? 1 : 1 + excess / bytes;
    }
  }

  /** Returns the budget in bytes and copies, by the pressure of the fleet. */
  MovementBudget budget() {
    return budget;
  }

  Moved moved() {
    return moved;
  }

  /** Returns the rate of a stream by seconds; that of the whole if it has none of its own. */
  Moved.Rate rate(String name) {
    Moved.Rate own = moved.rateAt(name, now);
    Moved.Rate rate = Double.isNaN(own.least()) ? moved.rateAt(Moved.ALL, now) : own;
    return new Moved.Rate(rate.least() / tickSeconds, rate.most() / tickSeconds);
  }

  /** Returns the time of a rest by the rate of a stream; unknown without rate and budget. */
  CopyTime time(Rest rest, Moved.Rate rate) {
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
    double least = seconds(cycles.least(), 1 / plans.most());
    // The copies of the last cycle come after it.
    double most = seconds(cycles.most(), 1 / plans.least()) + seconds(1, 1 / plans.least());
    return isKnown
        ? new CopyTime(
            Math.max(rest.bytes / rate.most(), least),
            Math.max(rest.bytes * rest.unevenness() / rate.least(), cycles.most() == 0 ? 0 : most))
        : new CopyTime(least, most);
  }

  private double seconds(long cycles, double ticks) {
    return cycles == Long.MAX_VALUE
        ? Double.POSITIVE_INFINITY
        : cycles * tickSeconds * (Double.isNaN(ticks) ? 1 : ticks);
  }
}
