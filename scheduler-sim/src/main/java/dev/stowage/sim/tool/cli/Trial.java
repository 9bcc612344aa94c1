package dev.stowage.sim.tool.cli;

import dev.stowage.command.Command;
import dev.stowage.command.Result;
import dev.stowage.command.own.LeaderCommand;
import dev.stowage.config.HoldUntil;
import dev.stowage.lifecycle.CyclePlan;
import dev.stowage.lifecycle.Lifecycle;
import dev.stowage.lifecycle.LifecycleState;
import dev.stowage.lifecycle.answering.Reading;
import dev.stowage.lifecycle.questions.Questions;
import dev.stowage.placement.PlacementPlanner;
import dev.stowage.placement.PlanReport;
import dev.stowage.sim.kit.scenario.StepOutcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The end of commands on a loaded fleet, which nobody else reads.
 *
 * @param refusal the line of the first command that is refused, and why; the rest is not tried
 * @param notes what changes nothing, and why
 * @param warnings the settings that are hardly meant
 */
record Trial(Optional<String> refusal, List<String> notes, List<String> warnings) {
  /** Carries commands out on a state. */
  static Trial on(LifecycleState state, OperatorLines.Commands commands) {
    Lifecycle lifecycle = new Lifecycle(PlacementPlanner.sticky());
    List<String> notes = new ArrayList<>();
    List<String> warnings = new ArrayList<>();
    for (int at = 0; at < commands.commands().size(); at++) {
      Command<?> command = commands.commands().get(at);
      long before = state.digest();
      boolean isSame =
          command instanceof Command.Configure it && it.config().equals(state.config());
      Result result = lifecycle.execute(state, command, state.largestTick()).result();
      if (!result.isAccepted()) {
        String why = ": refused with " + result.code() + StepOutcome.of(result).because();
        return new Trial(Optional.of(commands.lines().get(at) + why), notes, warnings);
      }
      result.reasons().forEach(it -> warnings.add("Warning: " + it));
      if (isSame || state.digest() == before) {
        notes.add("Nothing changed: " + reason(command));
      } else if (command instanceof Command.Configure it
          && !it.config().holdUntil().equals(HoldUntil.NONE)
          && state.held().isEmpty()) {
        notes.add(
            "Nothing waits: hold_until=" + it.config().holdUntil() + " is met, or was met once");
      }
    }
    return new Trial(Optional.empty(), List.copyOf(notes), warnings);
  }

  /** Returns what the next plan changes and costs. */
  static List<String> nextPlan(LifecycleState state) {
    Lifecycle lifecycle = new Lifecycle(PlacementPlanner.sticky());
    CyclePlan next = lifecycle.foresee(state, new LeaderCommand.Schedule(), state.largestTick());
    List<String> all = PlanReport.of(next.plan(), it -> next.chunk(it).path()).lines();
    List<String> lines = new ArrayList<>(List.of("The next plan then:"));
    all.stream().takeWhile(it -> !it.startsWith("Afterwards")).forEach(lines::add);
    lines.add("  " + Reading.of(state).answer(Questions.budget()).line());
    return lines;
  }

  private static String reason(Command<?> command) {
    if (command instanceof Command.Away away) {
      return away.worker() + " is not away";
    }
    if (command instanceof Command.SetStatus set) {
      return set.worker() + " is " + set.status().name().toLowerCase(Locale.ROOT) + " already";
    }
    String what = command instanceof Command.Configure ? "the settings are" : "the fleet is";
    return what + " so already";
  }
}
