package dev.stowage.sim.tool.cli;

import dev.stowage.lifecycle.Command;
import dev.stowage.lifecycle.LifecycleConfig;
import dev.stowage.lifecycle.LifecycleView;
import dev.stowage.lifecycle.Result;
import dev.stowage.lifecycle.ResultCode;
import dev.stowage.model.Worker;
import dev.stowage.model.WorkerId;
import dev.stowage.sim.kit.scenario.FleetStage;
import dev.stowage.sim.kit.scenario.FleetStep;
import dev.stowage.sim.kit.scenario.StepOutcome;
import dev.stowage.sim.kit.scenario.words.SettingKeys;
import dev.stowage.sim.kit.scenario.words.Settings;
import dev.stowage.sim.kit.scenario.words.UnreadableWord;
import dev.stowage.sim.tool.csv.BadInputException;
import dev.stowage.sim.tool.csv.InputProblem;
import dev.stowage.sim.tool.csv.ProblemList;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/** Lines of an operator, such as {@code drain w3}, as commands to a live fleet. */
final class OperatorLines implements FleetStage {
  private static final String SIMULATED = "a line that needs no simulation";

  private final LifecycleView fleet;
  private final LiveTime time;
  private final boolean isWhatIf;
  private final List<Command<?>> commands = new ArrayList<>();
  private final List<Long> lines = new ArrayList<>();
  private final Map<WorkerId, Worker> described = new HashMap<>();
  private LifecycleConfig config;
  private long line;

  /** The commands, and the line of each. */
  record Commands(List<Command<?>> commands, List<Long> lines) {}

  private OperatorLines(LifecycleView fleet, LiveTime time, boolean isWhatIf) {
    this.fleet = fleet;
    this.time = time;
    this.isWhatIf = isWhatIf;
    config = fleet.config();
  }

  /**
   * Reads a file.
   *
   * @param isWhatIf true if a worker that joins is to count at once, as if it had registered
   * @throws BadInputException if a line cannot be read; it tells up to ten
   */
  static Commands read(Path file, LifecycleView fleet, LiveTime time, boolean isWhatIf)
      throws BadInputException {
    try {
      return read(file.toString(), Files.readAllLines(file), fleet, time, isWhatIf);
    } catch (CharacterCodingException e) {
      throw unreadable(file, "text in UTF-8", "other bytes");
    } catch (IOException e) {
      throw unreadable(
          file, "a file with lines such as drain w3", Files.exists(file) ? "none" : "nothing");
    }
  }

  private static BadInputException unreadable(Path file, String expected, String found) {
    ProblemList problems = new ProblemList();
    problems.add(InputProblem.ofFile(file.toString(), expected, found));
    return new BadInputException(problems);
  }

  static Commands read(
      String name, List<String> texts, LifecycleView fleet, LiveTime time, boolean isWhatIf)
      throws BadInputException {
    OperatorLines all = new OperatorLines(fleet, time, isWhatIf);
    ProblemList problems = new ProblemList();
    for (String text : texts) {
      all.line++;
      String bare = text.replaceFirst("#.*", "").strip();
      if (bare.isEmpty()) {
        continue;
      }
      try {
        StepOutcome outcome = FleetStep.read(bare.replaceFirst("^undrain ", "uncordon ")).on(all);
        UnreadableWord.unless(outcome.isDone(), bare, SIMULATED);
      } catch (UnreadableWord unreadable) {
        problems.add(InputProblem.of(name, all.line, bare.split(" ", 2)[0], unreadable));
      }
    }
    problems.refuseIfAny();
    return new Commands(List.copyOf(all.commands), List.copyOf(all.lines));
  }

  @Override
  public StepOutcome command(Command<?> command) {
    commands.add(command);
    lines.add(line);
    return StepOutcome.of(Result.Answer.of(ResultCode.ACCEPTED));
  }

  @Override
  public long now() {
    return time.now().value();
  }

  @Override
  public Duration tickLength() {
    return time.tickLength();
  }

  @Override
  public StepOutcome configure(Map<String, String> values) {
    Settings settings = Settings.from(config);
    settings.tickLength = tickLength();
    try {
      SettingKeys.apply(settings, values);
    } catch (UnreadableWord unreadable) {
      return StepOutcome.refused(ResultCode.INVALID);
    }
    if (settings.pins.isPresent() || settings.bans.isPresent()) {
      return StepOutcome.refused(ResultCode.INVALID);
    }
    config = settings.unchecked();
    return command(new Command.Configure(Command.ANY_VERSION, config));
  }

  @Override
  public StepOutcome join(Worker worker) {
    described.put(worker.id(), worker);
    StepOutcome outcome = command(Command.Describe.of(worker));
    return isWhatIf
        ? command(new Command.Register(worker.id(), "what if " + worker.id()))
        : outcome;
  }

  @Override
  public StepOutcome describe(WorkerId id, UnaryOperator<Worker> change) {
    int position = fleet.workerPosition(id);
    Worker known = described.get(id);
    if (known == null) {
      known = position < 0 ? Worker.of(id, 0) : fleet.worker(position);
    }
    Worker changed = change.apply(known);
    described.put(id, changed);
    return command(Command.Describe.of(changed));
  }

  @Override
  public StepOutcome comeBack(WorkerId id) {
    return StepOutcome.refused(ResultCode.INVALID);
  }

  @Override
  public StepOutcome comeBackEmpty(WorkerId id) {
    return StepOutcome.refused(ResultCode.INVALID);
  }
}
