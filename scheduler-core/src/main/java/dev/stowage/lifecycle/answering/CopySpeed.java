package dev.stowage.lifecycle.answering;

import dev.stowage.answer.Progress.BudgetRate;
import dev.stowage.answer.Progress.CopyTime;
import dev.stowage.columns.SaturatedSum;
import dev.stowage.config.LifecycleConfig;
import dev.stowage.config.MovementBudget;
import dev.stowage.lifecycle.KeptValue;
import dev.stowage.lifecycle.LifecycleView;
import dev.stowage.lifecycle.Moved;
import dev.stowage.lifecycle.planning.PlannedRows;
import dev.stowage.lifecycle.state.InFlight;
import dev.stowage.placement.PlanChanges;
import dev.stowage.placement.PlanChanges.Cycles;
import java.time.Duration;
import java.util.Collection;
import java.util.List;

/**
 * Times copies by what a state tells of speed. They take the longer of two times: what is to be
 * copied over the rate that workers reported, and the cycles in which the movement budget lets go
 * what it keeps back, each as long as those were that added copies. While no cycles were seen, one
 * comes each tick, and chunks larger than the budget wait until it has made up for them. A rate of
 * few copies is doubted by the root of their number, and is shared by the workers that had copies
 * to get while it was measured, so that the last of them is not timed by the rate of all.
 */
public final class CopySpeed {
  private static final double NANOS_PER_SECOND = 1e9;
  private static final double MOST_RATIO = 3;

  /** The time while neither a rate nor a budget is known. */
  private static final CopyTime UNKNOWN = new CopyTime(Double.NaN, Double.NaN);

  private final double tickSeconds;
  private final Moved moved;
  private final long now;
  private final MovementBudget budget;

  /**
   * Reads the speed of a state.
   *
   * @param tickLength the length of a tick, above zero
   */
  public CopySpeed(LifecycleView state, Duration tickLength) {
    tickSeconds = tickLength.toNanos() / NANOS_PER_SECOND;
    moved = state.kept(KeptValue.MOVED);
    now = state.largestTick().value();
    LifecycleConfig config = state.config();
    int share = config.feedback().millionths(state.pressureAt(now));
    budget = config.placement().budget().share(share);
  }

  /** Returns the time of a plan's copies, behind those that are under way. */
  public static CopyTime ofPlan(LifecycleView state, PlanChanges changes, Duration tickLength) {
    List<Long> byTarget =
        changes.workers().stream().map(PlanChanges.Share::inBytes).filter(it -> it > 0).toList();
    if (byTarget.isEmpty() && changes.laterBytes() == 0) {
      return CopyTime.NONE;
    }
    long bytes = InFlight.bytes(state.tables());
    for (long each : byTarget) {
      bytes = SaturatedSum.of(bytes, each);
    }
    CopySpeed speed = new CopySpeed(state, tickLength);
    bytes = SaturatedSum.of(bytes, changes.laterBytes());
    Cycles later = Cycles.under(speed.budget(), changes.laterBytes(), 0, 0, 0);
    return speed.time(new Rest(bytes, byTarget, changes.cycles().orElse(later)), Moved.ALL);
  }

  /**
   * Returns the time of the next plan's copies, of which the changes lack what it leaves of raises.
   */
  public static CopyTime ofNextPlan(LifecycleView state, PlanChanges changes, Duration tickLength) {
    long now = state.largestTick().value();
    return ofPlan(state, PlannedRows.withRaises(state.tables(), now, changes), tickLength);
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

  /** Returns the budget of the next plan, and what it was a second; NaN if unknown. */
  public BudgetRate budgetRate() {
    double plansPerSecond = moved.rateAt(Moved.PLANS, now).least() / tickSeconds;
    return new BudgetRate(
        budget.bytes(), budget.bytes() * plansPerSecond, Moved.PLANS_TICKS * tickSeconds);
  }

  Moved moved() {
    return moved;
  }

  /** Returns the rate of a stream by seconds, or without one of its own the rate of all. */
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
            : Cycles.under(budget, rest.bytes, 0, 0, 0);
    if (!isKnown && cycles.equals(Cycles.NONE)) {
      return UNKNOWN;
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
      return narrowed(least, Math.max(worst + report, most));
    }
    double doubt = moved.doubt(known(stream));
    double even = Math.max(rest.bytes / rate.most(), worst / 2);
    return narrowed(even * (1 - doubt), worst * (1 + doubt) + report);
  }

  /** Returns a range without its lower part, if it is so wide that it says nothing. */
  private static CopyTime narrowed(double least, double most) {
    return new CopyTime(Double.isInfinite(most) ? least : Math.max(least, most / MOST_RATIO), most);
  }

  private double seconds(long cycles, double perTick, double orElse) {
    double known = Double.isNaN(perTick) ? orElse : perTick;
    double each = tickSeconds / (Double.isNaN(known) ? 1 : known);
    return cycles == Long.MAX_VALUE ? Double.POSITIVE_INFINITY : cycles == 0 ? 0 : cycles * each;
  }
}
