package dev.stowage.sim.tool.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stowage.sim.kit.reference.ReferenceModel;
import dev.stowage.sim.kit.scenario.Scenario;
import dev.stowage.sim.kit.scenario.ScenarioFailure;
import dev.stowage.sim.kit.scenario.ScenarioProblems;
import dev.stowage.sim.kit.scenario.Story;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code stowage scenario}: does this story of a fleet end as its author says? */
@Command(
    name = "scenario",
    header = "Run scenario files on a simulated fleet, and check what they expect.",
    description = {
      "",
      "A scenario is a text file, one step a line, that says what happens and what must be seen."
          + " It is replayed in a world without a network; after every step all invariants are"
          + " audited. Every file is run, and the first line of each that does not hold is named"
          + " as FILE:LINE with what was expected and what was found.",
      "",
      "A small one:",
      "",
      "  config floor=2 drain_window=3",
      "  worker a capacity=10MiB",
      "  worker b capacity=10MiB",
      "  ingest d/c 0-99 size=1MiB",
      "  schedule",
      "  fetch a",
      "  publish",
      "  expect visible d none   # one copy is not the floor",
      "  fetch b",
      "  publish",
      "  expect visible d c",
      ""
    },
    parameterListHeading = "Files:%n",
    optionListHeading = "%nOptions:%n",
    exitCodeListHeading = "%nExit codes, of several files the greatest:%n",
    exitCodeList = {
      " 0:everything was as expected",
      " 1:the command line is wrong: an unknown option, a bad value",
      " 2:a file is missing or a line cannot be read, or the backend cannot be reached",
      " 3:an expectation failed, a step was refused, an invariant was violated"
    })
final class ScenarioCommand implements Callable<Integer> {
  private static final List<String> BACKENDS = List.of("memory", "postgres", "both");

  private final Console console;
  private final ObjectNode document = LiveAnswer.object();
  private final ArrayNode scenarios = document.putArray("scenarios");

  @Spec private CommandSpec spec;

  @Parameters(arity = "1..*", paramLabel = "FILE", description = "Scenario files.")
  private List<Path> files = List.of();

  @Option(
      names = "--backend",
      paramLabel = "BACKEND",
      description =
          "memory, postgres or both (default: memory). With both, every step must give the same"
              + " result and the same state on the two. On PostgreSQL it makes schemas of its own"
              + " and drops them, on a server started for the run unless --jdbc-url names one.")
  private String backend = "memory";

  @Mixin private DatabaseOption database = new DatabaseOption();

  @Option(
      names = "--model",
      description =
          "Run every step on the naive reference model and on a second world in memory too: after"
              + " each step their answers and states must agree. Needs --backend memory or"
              + " postgres.")
  private boolean isModelAsked;

  @Option(
      names = "--record",
      paramLabel = "FILE",
      description =
          "Write every command and every decision to this file, for 'stowage replay'. Needs a"
              + " single FILE that does not restore the store. Default: nothing is recorded.")
  private @Nullable Path record;

  ScenarioCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws UnreadableException, OutputException {
    Words.require(spec, "--backend", backend, BACKENDS);
    if (record != null && files.size() != 1) {
      throw new ParameterException(
          spec.commandLine(),
          "Invalid value for option '--record': expected one scenario file to record, found "
              + files.size());
    }
    if (isModelAsked && backend.equals("both")) {
      throw new ParameterException(
          spec.commandLine(), "'--model' needs --backend memory or postgres");
    }
    if (backend.equals("memory")) {
      database.requireUnused("--backend postgres or both");
      return runAll(null);
    }
    try (PostgresWorlds postgres = PostgresWorlds.at(database.url())) {
      return runAll(postgres);
    }
  }

  private int runAll(@Nullable PostgresWorlds postgres)
      throws UnreadableException, OutputException {
    int code = ExitCode.OK;
    if (isModelAsked) {
      String settings =
          ReferenceModel.notJudged().entrySet().stream()
              .map(each -> each.getKey() + " (" + each.getValue() + ")")
              .collect(Collectors.joining(", "));
      console.text().println("the model does not judge " + settings);
    }
    try (ProgressListener progress = console.progress()) {
      for (int at = 0; at < files.size(); at++) {
        progress.at((double) at / files.size(), "scenarios");
        code = Math.max(code, run(files.get(at), postgres));
      }
    }
    console.document(document);
    console.text().flush();
    return code;
  }

  private int run(Path file, @Nullable PostgresWorlds postgres)
      throws UnreadableException, OutputException {
    try {
      Scenario scenario = Scenario.read(file);
      Optional<ScenarioFailure> failure =
          record == null ? run(scenario, postgres) : recorded(scenario, record, postgres);
      ObjectNode told =
          scenarios
              .addObject()
              .put("file", file.toString())
              .put("lines", scenario.length())
              .put("held", failure.isEmpty());
      failure.ifPresent(it -> told.put("failure", it.toString()));
      failure.ifPresent(console.err()::println);
      if (failure.isEmpty()) {
        console.text().println(file + ": ok, " + scenario.length() + " lines held");
      }
      return failure.isEmpty() ? ExitCode.OK : ExitCode.VIOLATION;
    } catch (ScenarioProblems unreadable) {
      scenarios.addObject().put("file", file.toString()).put("error", unreadable.getMessage());
      console.err().println(unreadable.getMessage());
      return ExitCode.INPUT;
    }
  }

  private Optional<ScenarioFailure> run(Scenario scenario, @Nullable PostgresWorlds postgres) {
    if (postgres == null) {
      return alone(scenario);
    }
    if (scenario.losesCommits()) {
      console
          .text()
          .println(
              scenario.name()
                  + ": run on memory alone, because it restores an earlier state of the store");
      return alone(scenario);
    }
    boolean isCompared = isModelAsked || backend.equals("both");
    return isCompared ? scenario.runBesideTheModel(postgres) : scenario.run(postgres);
  }

  private Optional<ScenarioFailure> alone(Scenario scenario) {
    return isModelAsked ? scenario.runBesideTheModel(Story.MEMORY) : scenario.run();
  }

  /** Runs a scenario and records it, up to the failing line if it fails. */
  private Optional<ScenarioFailure> recorded(
      Scenario scenario, Path place, @Nullable PostgresWorlds postgres)
      throws UnreadableException, OutputException {
    Optional<String> obstacle = scenario.obstacleToRecording();
    if (obstacle.isPresent()) {
      throw new UnreadableException(obstacle.get());
    }
    try (RecordingFile recording = RecordingFile.begun(place)) {
      Optional<ScenarioFailure> failure = run(scenario.recordedBy(recording.sink()), postgres);
      recording.keep();
      return failure;
    }
  }
}
