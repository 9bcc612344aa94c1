package dev.stowage.sim.kit.scenario;

import dev.stowage.sim.kit.world.StepFailure;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A run of a scenario up to the first failing line. Not thread-safe. */
final class ScenarioRun {
  private final Scenario scenario;
  private final List<ScenarioStep> done = new ArrayList<>();

  ScenarioRun(Scenario scenario) {
    this.scenario = scenario;
  }

  Optional<ScenarioFailure> tell(Story begun) {
    try (Story story = begun) {
      List<Scenario.Line> lines = scenario.lines();
      for (int at = 0; at < lines.size(); at++) {
        Scenario.Line line = lines.get(at);
        boolean isRefusalAwaited = at + 1 < lines.size() && saysHow(lines.get(at + 1).text());
        Optional<Mismatch> mismatch = follow(story, line, isRefusalAwaited);
        if (mismatch.isPresent()) {
          return mismatch.map(
              it -> new ScenarioFailure(scenario.name(), line.number(), it.expected(), it.found()));
        }
      }
    }
    return Optional.empty();
  }

  private static boolean saysHow(String line) {
    return line.matches("expect\\s+(rejected|fenced|answers)\\b.*");
  }

  private Optional<Mismatch> follow(Story story, Scenario.Line line, boolean isRefusalAwaited) {
    if (line.expectation().isPresent()) {
      return judge(line.expectation().get(), story);
    }
    LineResult telling = story.tell(line.text());
    line.step().ifPresent(done::add);
    if (telling instanceof LineResult.Broken broken) {
      return Optional.of(new Mismatch("every invariant to hold", broken.finding().toString()));
    }
    if (telling instanceof LineResult.Senseless senseless) {
      return Optional.of(senseless.why());
    }
    boolean isFine = telling instanceof LineResult.Happened || isRefusalAwaited;
    return isFine ? Optional.empty() : Optional.of(new Mismatch("ok", story.outcome().inWords()));
  }

  private Optional<Mismatch> judge(ExpectedEvent expectation, Story story) {
    try {
      return expectation.judge(story.witness(this::copy));
    } catch (StepFailure impossible) {
      return Optional.of(Mismatch.of(impossible));
    } catch (RuntimeException ours) {
      story.rethrowIfLost(ours);
      // A bug of ours: other files are to be run all the same, and this line is the way to it.
      return Optional.of(new Mismatch("an answer of the fleet", "a bug in Stowage, " + ours));
    }
  }

  private ScenarioWorld copy() {
    ScenarioWorld copy = ScenarioWorld.unaudited(scenario.settings());
    done.forEach(step -> step.run(copy));
    return copy;
  }
}
