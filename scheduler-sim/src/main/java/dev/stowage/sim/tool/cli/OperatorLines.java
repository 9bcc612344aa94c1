package dev.stowage.sim.tool.cli;

import dev.stowage.command.Command;
import dev.stowage.command.Result;
import dev.stowage.command.ResultCode;
import dev.stowage.config.LifecycleConfig;
import dev.stowage.lifecycle.LifecycleView;
import dev.stowage.model.DatasetId;
import dev.stowage.model.Worker;
import dev.stowage.model.WorkerId;
import dev.stowage.model.WorkerStatus;
import dev.stowage.sim.kit.scenario.FleetStage;
import dev.stowage.sim.kit.scenario.FleetStep;
import dev.stowage.sim.kit.scenario.StepOutcome;
import dev.stowage.sim.kit.scenario.words.SettingKeys;
import dev.stowage.sim.kit.scenario.words.Settings;
import dev.stowage.sim.kit.scenario.words.UnreadableWord;
import dev.stowage.sim.tool.csv.BadInputException;
import dev.stowage.sim.tool.csv.FileText;
import dev.stowage.sim.tool.csv.InputProblem;
import dev.stowage.sim.tool.csv.ProblemList;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;

/** Lines of an operator, such as {@code drain w3}, as commands to a live fleet. */
final class OperatorLines implements FleetStage {
  private static final String SIMULATED = "a line that needs no simulation";

  /** The first words of lines for which there is no command of its own. */
  static final List<String> ALONE =
      List.of("ban", "cordon", "freeze", "hold", "pin", "unban", "uncordon", "unfreeze", "unpin");

  private static final String ZONE = "zone=";

  /** The verbs that take several workers. */
  private static final List<String> OF_WORKERS =
      List.of("drain", "uncordon", "cordon", "away", "back");

  private final LifecycleView fleet;
  private final LiveTime time;
  private final boolean isWhatIf;
  private final List<Command<?>> commands = new ArrayList<>();
  private final List<Long> lines = new ArrayList<>();
  private final Map<WorkerId, Worker> described = new HashMap<>();
  private LifecycleConfig config;
  private List<String> datasets = List.of();
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
   * Reads a file, or {@code in} for {@code -}.
   *
   * @param isWhatIf true if a worker that joins is to count at once, as if it had registered
   * @throws BadInputException if a line cannot be read; it tells up to ten
   */
  static Commands read(
      Path file, InputStream in, LifecycleView fleet, LiveTime time, boolean isWhatIf)
      throws BadInputException {
    ProblemList problems = new ProblemList();
    Optional<String> text =
        file.toString().equals("-")
            ? Optional.of(new String(bytes(in), StandardCharsets.UTF_8))
            : FileText.read(file, problems);
    problems.refuseIfAny();
    return read(file.toString(), text.orElse("").lines().toList(), fleet, time, isWhatIf);
  }

  private static byte[] bytes(InputStream in) {
    try {
      return in.readAllBytes();
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
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
        for (String each : all.single(bare.replaceFirst("^undrain ", "uncordon "))) {
          StepOutcome outcome = FleetStep.read(each).on(all);
          UnreadableWord.unless(outcome.isDone(), bare, SIMULATED);
          all.requireKnown();
        }
      } catch (UnreadableWord unreadable) {
        problems.add(InputProblem.of(name, all.line, bare.split(" ", 2)[0], unreadable));
      }
    }
    problems.refuseIfAny();
    return new Commands(List.copyOf(all.commands), List.copyOf(all.lines));
  }

  /** Returns a line for each worker that a line about several names. */
  private List<String> single(String line) throws UnreadableWord {
    List<String> words = new ArrayList<>(List.of(line.split("\\s+")));
    String verb = words.remove(0);
    if (!OF_WORKERS.contains(verb) || words.isEmpty()) {
      return List.of(line);
    }
    Set<String> workers = new LinkedHashSet<>();
    while (!words.isEmpty() && (words.get(0).startsWith(ZONE) || !words.get(0).contains("="))) {
      String word = words.remove(0);
      if (word.startsWith(ZONE)) {
        workers.addAll(inZone(word.substring(ZONE.length())));
      } else {
        workers.add(word);
      }
    }
    String rest = words.isEmpty() ? "" : " " + String.join(" ", words);
    return workers.isEmpty()
        ? List.of(line)
        : workers.stream().map(worker -> verb + " " + worker + rest).toList();
  }

  private List<String> inZone(String zone) throws UnreadableWord {
    List<String> inside = new ArrayList<>();
    Set<String> zones = new TreeSet<>();
    fleet.forEachWorker(position -> {
      Worker worker = fleet.worker(position);
      String path = worker.zone();
      for (int end = path.length(); end > 0; end = path.lastIndexOf('/', end - 1)) {
        zones.add(path.substring(0, end));
      }
      if (worker.status() != WorkerStatus.DEPARTED && (path + "/").startsWith(zone + "/")) {
        inside.add(worker.id().value());
      }
    });
    if (inside.isEmpty()) {
      throw UnreadableWord.unknown(zone, zones, "a zone of the fleet");
    }
    return inside;
  }

  /**
   * Refuses a last command about a dataset that is not in the fleet, or about a worker that is
   * neither there nor described above.
   */
  private void requireKnown() throws UnreadableWord {
    List<String> there = fleet.datasets().stream().map(DatasetId::value).toList();
    for (String dataset : datasets) {
      if (!there.contains(dataset)) {
        throw UnreadableWord.unknown(dataset, there, "a dataset of the fleet");
      }
    }
    datasets = List.of();
    Command<?> last = commands.get(commands.size() - 1);
    List<WorkerId> named = new ArrayList<>();
    if (last instanceof Command.SetStatus it) {
      named.add(it.worker());
    } else if (last instanceof Command.Away it) {
      named.add(it.worker());
    } else if (last instanceof Command.Replace it) {
      named.addAll(List.of(it.worker(), it.by()));
    }
    for (WorkerId id : named) {
      if (fleet.workerPosition(id) < 0 && !described.containsKey(id)) {
        List<String> known = new ArrayList<>();
        fleet.forEachWorker(position -> known.add(fleet.worker(position).id().value()));
        throw UnreadableWord.unknown(id.value(), known, "a worker of the fleet");
      }
    }
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
      datasets = SettingKeys.datasets(values);
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
