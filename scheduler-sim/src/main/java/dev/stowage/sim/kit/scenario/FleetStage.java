package dev.stowage.sim.kit.scenario;

import dev.stowage.command.Command;
import dev.stowage.model.Worker;
import dev.stowage.model.WorkerId;
import java.time.Duration;
import java.util.Map;
import java.util.function.UnaryOperator;

/** A simulated fleet on which lines of operators, hosts and ingesters are carried out. */
public interface FleetStage {
  /** Sends a command to the fleet. */
  StepOutcome command(Command<?> command);

  /** Returns the present tick. */
  long now();

  /** Returns the length of a tick. */
  Duration tickLength();

  /** Changes settings of the fleet; the values are readable. */
  StepOutcome configure(Map<String, String> values);

  /** Lets a worker join with an empty disk. */
  StepOutcome join(Worker worker);

  /** Describes a worker anew. */
  StepOutcome describe(WorkerId id, UnaryOperator<Worker> change);

  /** Lets a worker return with its disk. */
  StepOutcome comeBack(WorkerId id);

  /** Lets a worker return with an empty disk. */
  StepOutcome comeBackEmpty(WorkerId id);
}
