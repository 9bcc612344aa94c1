package dev.stowage.sim.tool.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stowage.evidence.files.WholeFile;
import dev.stowage.sim.kit.walk.FoundWalk;
import dev.stowage.sim.kit.walk.WalkBackend;
import dev.stowage.sim.kit.walk.WalkModel;
import dev.stowage.sim.kit.walk.WalkPlan;
import dev.stowage.sim.kit.walk.WalkText;
import dev.stowage.sim.kit.walk.WalkTotals;
import dev.stowage.sim.kit.walk.Walks;
import dev.stowage.sim.kit.world.Chance;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code stowage walk}: does the library keep its promises in a hostile world? */
@Command(
    name = "walk",
    header = "Walk through a hostile world at random, and audit every step.",
    description = {
      "",
      "A model draws what happens next to a small fleet: chunks come, are exchanged and removed,"
          + " workers leave and come back, messages are late or lost, stores and schedulers fail."
          + " Every command is audited; then the faults stop, and the fleet must reach its goal."
          + " The first walk that finds a violation is shortened and written as a scenario file,"
          + " which 'stowage scenario' replays. A model that meets its hard cases too rarely fails"
          + " too: it would prove nothing.",
      "",
      "Models: guided, churn, flood, zero-quorum, per-worker, crash, swarm; all runs each in turn.",
      "",
      "  stowage walk --model churn --cases 500",
      "  stowage walk --model all --minutes 20",
      ""
    },
    exitCodeList = {
      " 0:nothing was found, and all required cases were met",
      " 1:the command line is wrong: an unknown option, a bad value",
      " 2:the backend cannot be reached, or a file cannot be written",
      " 3:a walk found a violation, or a required case was met too rarely"
    })
final class WalkCommand implements Callable<Integer> {
  private static final List<String> BACKENDS = List.of("memory", "postgres", "both");
  private static final long DEFAULT_CASES = 100;
  static final long NANOS_PER_MINUTE = 60_000_000_000L;
  static final int MOST_STEPS = 100_000;

  private final Console console;

  @Spec private CommandSpec spec;

  @Option(
      names = "--model",
      paramLabel = "NAME",
      description = "The name of a model, or all (default: all).")
  private String model = "all";

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
      names = "--cases",
      paramLabel = "N",
      converter = WholeNumber.Cases.class,
      description = "Walks of each model (default: 100; no limit with --minutes).")
  private @Nullable Long cases;

  @Option(
      names = "--steps",
      paramLabel = "N",
      converter = WholeNumber.Steps.class,
      description = "Steps of each walk before the faults stop (default: ${DEFAULT-VALUE}).",
      defaultValue = "" + WalkPlan.DEFAULT_STEPS)
  private int steps;

  @Option(
      names = "--seed",
      paramLabel = "N",
      converter = WholeNumber.Seed.class,
      description =
          "Seed of the first walk of each model; each further walk adds 1 (default: a fresh one,"
              + " which is printed).")
  private @Nullable Long seed;

  @Option(
      names = "--minutes",
      paramLabel = "N",
      converter = WholeNumber.Minutes.class,
      description = "Minutes after which no further walk begins (default: no limit).")
  private @Nullable Long minutes;

  @Option(
      names = "--record",
      paramLabel = "FILE",
      description =
          "Write every command and every decision to this file, for 'stowage replay'. Needs a"
              + " single walk (--cases 1 and one --model) that loses no commits. Default: nothing"
              + " is recorded.")
  private @Nullable Path record;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "The folder for the scenario file of a finding (default: the current folder).")
  private Path out = Path.of("");

  WalkCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws UnreadableException, OutputException {
    Words.require(spec, "--backend", backend, BACKENDS);
    WalkPlan plan = plan();
    if (record != null && (plan.cases() != 1 || plan.models().size() != 1)) {
      throw new ParameterException(
          spec.commandLine(),
          "'--record' is for one walk: give '--cases 1' and one '--model' with it");
    }
    if (backend.equals("memory")) {
      database.requireUnused("--backend postgres or both");
      return recorded(plan, WalkBackend.memory());
    }
    try (PostgresWorlds postgres = PostgresWorlds.at(database.url())) {
      WalkBackend worlds =
          backend.equals("both") ? WalkBackend.memoryAnd(postgres) : WalkBackend.alone(postgres);
      return recorded(plan, postgres.isOurs() ? worlds.killable() : worlds);
    }
  }

  private int recorded(WalkPlan plan, WalkBackend worlds)
      throws UnreadableException, OutputException {
    if (record == null) {
      return walked(new Walks(plan, worlds, console.nanos()), plan);
    }
    try (RecordingFile recording = RecordingFile.begun(record)) {
      Walks walks = new Walks(plan, worlds.recordedBy(recording.sink()), console.nanos());
      int code = walked(walks, plan);
      if (walks.totals().get(0).sums().containsKey("restore")) {
        throw new UnreadableException(
            "stowage: nothing was recorded: expected a walk that loses no commits, found one that"
                + " restores the store");
      }
      recording.keep();
      return code;
    }
  }

  private WalkPlan plan() {
    Optional<WalkModel> one = WalkModel.of(model);
    if (one.isEmpty()) {
      Words.require(
          spec,
          "--model",
          model,
          Stream.concat(Stream.of("all"), WalkModel.titles().stream()).toList());
    }
    long walks = cases != null ? cases : minutes == null ? DEFAULT_CASES : Integer.MAX_VALUE;
    long first = seed != null ? seed : Chance.ofSeed(console.nanos().getAsLong()).next() >>> 1;
    List<WalkModel> models = one.map(List::of).orElse(List.of(WalkModel.values()));
    long nanos = minutes == null ? Long.MAX_VALUE : minutes * NANOS_PER_MINUTE;
    return new WalkPlan(models, walks, steps, first, nanos);
  }

  private int walked(Walks walks, WalkPlan plan) throws OutputException {
    ObjectNode document = LiveAnswer.object().put("seed", plan.seed());
    ArrayNode models = document.putArray("models");
    console.text().println("seed " + plan.seed());
    long begun = console.nanos().getAsLong();
    try (ProgressListener progress = console.progress()) {
      walks.run((over, all, next) -> {
        double byTime = (double) (console.nanos().getAsLong() - begun) / plan.nanos();
        progress.at(Math.max(byTime, (double) over / all), over + " walks, now " + next.title());
      });
    }
    int code = ExitCode.OK;
    for (WalkTotals totals : walks.totals()) {
      ObjectNode model =
          models
              .addObject()
              .put("model", totals.model().title())
              .put("walks", totals.walks())
              .put("steps", totals.steps())
              .put("audited_commands", totals.commands());
      totals.shortages().forEach(model.putArray("met_too_rarely")::add);
      totals.neverAsked().forEach(model.putArray("never_judged")::add);
      ObjectNode counts = model.putObject("counts");
      totals.sums().forEach(counts::put);
      WalkText.of(totals).forEach(console.text()::println);
      code = Math.max(code, judgeCoverage(totals, walks.found().isPresent()));
    }
    console.text().flush();
    Optional<FoundWalk> found = walks.found();
    found.ifPresent(
        walk -> document.put("finding", walk.finding().text()).put("file", file(walk).toString()));
    console.document(document);
    return found.isPresent() ? written(found.get()) : code;
  }

  /** Judges the coverage of the walks, unless a finding cut the run short. */
  private int judgeCoverage(WalkTotals totals, boolean isCutShort) {
    List<String> shortages = totals.shortages();
    if (isCutShort || shortages.isEmpty()) {
      return ExitCode.OK;
    }
    shortages.forEach(
        each -> console.err().println(totals.model().title() + ": met too rarely: " + each));
    return ExitCode.VIOLATION;
  }

  private Path file(FoundWalk walk) {
    return out.resolve("walk-" + walk.model().title() + "-" + walk.seed() + ".txt");
  }

  private int written(FoundWalk walk) throws OutputException {
    Path file = file(walk);
    try {
      if (!out.toString().isEmpty()) {
        Files.createDirectories(out);
      }
      WholeFile.write(file, walk.file().getBytes(StandardCharsets.UTF_8));
    } catch (IOException unwritable) {
      throw new OutputException(file, "a file that can be written", unwritable.toString());
    }
    console
        .err()
        .println(
            walk.model().title()
                + ", seed "
                + walk.seed()
                + ": "
                + walk.finding().text()
                + "\n"
                + file
                + ": a scenario that leads to it, "
                + walk.lines().size()
                + " lines; replay it with 'stowage scenario"
                + walk.replayOptions()
                + " "
                + file
                + "'");
    return ExitCode.VIOLATION;
  }
}
