package dev.stowage.sim.tool.simulate;

import dev.stowage.lifecycle.LifecycleSnapshot;
import dev.stowage.sim.tool.report.CycleRecord;
import dev.stowage.sim.tool.report.EventRecord;
import dev.stowage.sim.tool.report.RunRecord;
import dev.stowage.sim.tool.report.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;

/**
 * The outcome of a simulation.
 *
 * @param profile the profile of the run
 * @param name the name of the run among others
 * @param run everything that was recorded, the first fill included
 * @param filledAt the number of rounds of the first fill
 * @param steps the number of steps that ran; fewer than the profile's if it was over
 * @param gains by worker, the bytes assigned at the end less those after the first fill
 * @param isPartial whether the run was interrupted
 * @param failed the expectations that did not hold, with what was found
 * @param stepSeconds seconds that the slowest step took, and all of them
 * @param fleet the fleet at the end
 */
public record Simulated(
    Profile profile,
    String name,
    RunRecord run,
    int filledAt,
    int steps,
    boolean isPartial,
    SortedMap<String, Long> gains,
    List<String> failed,
    Seconds stepSeconds,
    LifecycleSnapshot fleet) {
  /**
   * The durations of the parts of a run.
   *
   * @param fill seconds of the first fill
   * @param slowest seconds of the slowest step
   * @param all seconds of all steps
   */
  public record Seconds(double fill, double slowest, double all) {}

  /** Keeps a copy. */
  public Simulated {
    failed = List.copyOf(failed);
  }

  /** Returns the outcome with the expectations that it does not meet. */
  Simulated judged() {
    List<String> unmet = new ArrayList<>();
    for (Expectation each : profile.expectations()) {
      int step = each.step() == 0 ? steps : each.step();
      if (step > steps) {
        unmet.add(each.text() + ": the run ended after step " + steps);
        continue;
      }
      double value = each.figure().of(part(step));
      if (!each.holds(value)) {
        unmet.add(each.text() + ": found " + SimulationText.number(value));
      }
    }
    return new Simulated(
        profile, name, run, filledAt, steps, isPartial, gains, unmet, stepSeconds, fleet);
  }

  /** Returns the value of a figure at the end. */
  public double at(RunFigure figure) {
    return figure.of(part(steps));
  }

  /** Returns the first {@code count} steps, and the events that ended by then. */
  public RunFigure.Part part(int count) {
    return part(run.cycles(), run.events(), filledAt, count, profile.stepTicks());
  }

  static RunFigure.Part part(
      List<CycleRecord> cycles, List<EventRecord> events, int filledAt, int count, int stepTicks) {
    List<EventRecord> ended =
        events.stream()
            .filter(each -> each.firstCycle() > filledAt && each.lastCycle() <= filledAt + count)
            .toList();
    int begun = Verdict.firstEvent(events, filledAt) - 1 - filledAt;
    return new RunFigure.Part(cycles.subList(filledAt, filledAt + count), ended, begun, stepTicks);
  }
}
