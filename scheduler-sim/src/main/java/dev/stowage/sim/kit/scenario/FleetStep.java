package dev.stowage.sim.kit.scenario;

import dev.stowage.sim.kit.scenario.words.UnreadableWord;
import java.util.List;

/** A step that needs nothing of a scenario but its fleet. */
public interface FleetStep extends ScenarioStep {
  /** Lets it happen. */
  StepOutcome on(FleetStage stage);

  @Override
  default StepOutcome run(ScenarioWorld world) {
    return on(world);
  }

  /** Returns the words with which a line may begin, and others of scenarios. */
  static List<String> words() {
    return StepReader.names();
  }

  /**
   * Reads a line, such as {@code drain w3}.
   *
   * @throws UnreadableWord if it is none, or needs more of a scenario than its fleet
   */
  static FleetStep read(String line) throws UnreadableWord {
    ScenarioStep step = StepReader.read(line, StepReader.COMMAND);
    if (step instanceof FleetStep onFleet) {
      return onFleet;
    }
    throw UnreadableWord.found(line, "a command to a fleet, such as drain or set");
  }
}
