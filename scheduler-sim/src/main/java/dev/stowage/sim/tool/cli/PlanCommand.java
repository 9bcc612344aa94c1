package dev.stowage.sim.tool.cli;

import dev.stowage.answer.Progress.CopyTime;
import dev.stowage.lifecycle.LifecycleState;
import dev.stowage.lifecycle.answering.CopySpeed;
import dev.stowage.lifecycle.answering.Reading;
import dev.stowage.lifecycle.questions.Questions;
import dev.stowage.placement.PlacementPlan;
import dev.stowage.placement.PlacementPlan.PlanFigures;
import dev.stowage.placement.PlanChanges;
import dev.stowage.placement.PlanReport;
import dev.stowage.sim.tool.csv.BadInputException;
import dev.stowage.sim.tool.csv.InputProblem;
import dev.stowage.sim.tool.csv.ProblemList;
import dev.stowage.sim.tool.plan.FleetExport;
import dev.stowage.sim.tool.plan.PlanCase;
import dev.stowage.sim.tool.plan.PlanFiles;
import dev.stowage.sim.tool.plan.PlanHelp;
import dev.stowage.sim.tool.plan.PlanInputs;
import dev.stowage.sim.tool.plan.PlanOutput;
import dev.stowage.sim.tool.plan.PlanPage;
import dev.stowage.sim.tool.plan.PlanReader;
import dev.stowage.sim.tool.plan.PlanTime;
import dev.stowage.storage.postgres.JdbcAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.UsageMessageSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code stowage plan}: what would the planner do with these workers and these chunks? */
@Command(
    name = "plan",
    header = "Plan the next step of a fleet described in files.",
    description = {
      "",
      "Reads workers, chunks and what is held, and writes the next feasible step with everything"
          + " needed to judge it: placement.csv (the assignment after it), actions.csv (what"
          + " changes and why), deferred.csv and shortfalls.csv (what stays short and why),"
          + " stuck.csv (what should leave its worker and cannot), next_held.csv (what is held once"
          + " all of it is done: the --held of the next step) and summary.json (replication, bytes,"
          + " fill, a hash of the plan). A copy of the inputs is kept in the folder inputs beside"
          + " them, for 'stowage explain'.",
      ""
    },
    footerHeading = "%nFiles:%n",
    footer = {
      "  CSV in UTF-8, plain or gzip, with a header line; other columns are ignored;",
      "  sizes in bytes or with a unit (8TiB); columns in brackets may be left out;",
      "  the configuration is YAML, and every key may be left out:",
      "",
      "FIELDS",
      "",
      "Examples:",
      "  stowage plan --workers w.csv --chunks c.csv --out step1",
      "  stowage plan --workers w.csv --chunks c.csv --held step1/next_held.csv --out step2",
      "  stowage plan --from fleet --out next",
      "",
      "A live fleet, read only:",
      "  stowage plan --jdbc-url 'jdbc:postgresql://host/db?user=u' --what-if drain.txt"
    },
    exitCodeList = {
      " 0:every floor is met, and nothing is stuck",
      " 1:the command line is wrong: an unknown option, a bad value",
      " 2:a file is missing, unreadable or malformed (nothing is written), or the output folder"
          + " not writable",
      " 3:an invariant was violated",
      " 4:replicas stay missing or stuck, see deferred.csv, shortfalls.csv and stuck.csv; all files"
          + " are written"
    })
final class PlanCommand implements Callable<Integer> {
  private static final String FIELDS = "FIELDS";
  private static final long NANOS_PER_MILLI = 1_000_000;

  private final Console console;

  static CommandLine commandLine(Console console) {
    CommandLine line = new CommandLine(new PlanCommand(console));
    UsageMessageSpec usage = line.getCommandSpec().usageMessage();
    String fields = String.join("%n", PlanHelp.lines());
    usage.footer(
        Stream.of(usage.footer())
            .map(each -> each.equals(FIELDS) ? fields : each)
            .toArray(String[]::new));
    return line;
  }

  @Spec private CommandSpec spec;

  @Mixin private LiveStore store = new LiveStore();

  @Option(
      names = "--from",
      paramLabel = "FOLDER",
      description =
          "The fleet that 'stowage export' or 'stowage import' has written there, in place of the"
              + " four files.")
  private @Nullable Path from;

  @Option(names = "--workers", paramLabel = "FILE", description = "The fleet.")
  private @Nullable Path workers;

  @Option(names = "--chunks", paramLabel = "FILE", description = "The chunks.")
  private @Nullable Path chunks;

  @Option(
      names = "--what-if",
      paramLabel = "FILE",
      description =
          "Lines such as 'drain w3', 'set floor=3' or 'worker w9 capacity=8TiB zone=a', which are"
              + " carried out before the plan of a live fleet is made; nothing is changed.")
  private @Nullable Path whatIf;

  @Option(
      names = "--held",
      paramLabel = "FILE",
      description = "The replicas that are held. Default: none.")
  private @Nullable Path held;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "The configuration. Default: the defaults below.")
  private @Nullable Path config;

  @Option(
      names = "--out",
      paramLabel = "FOLDER",
      description =
          "The folder for the files; it is created if it does not exist. May be left out with"
              + " --jdbc-url.")
  private @Nullable Path out;

  @Option(
      names = "--report",
      paramLabel = "FILE",
      description =
          "Also write the plan as one HTML page: what it costs and how long it takes, the workers"
              + " before and after, the actions and why.")
  private @Nullable Path page;

  private String budget = "";

  PlanCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws BadInputException, OutputException, UnreadableException {
    if (!store.isNamed()) {
      store.refuseSchemaAlone();
      refuse(whatIf, "'--what-if' needs --jdbc-url");
      if (from != null) {
        refuseFiles("--from");
        return planned(PlanInputs.exported(from), needed("--out", out), PlanTime.OF_FILES);
      }
      return planned(
          new PlanFiles(
              needed("--workers", workers),
              needed("--chunks", chunks),
              Optional.ofNullable(held),
              Optional.ofNullable(config)),
          needed("--out", out),
          PlanTime.OF_FILES);
    }
    refuse(from, "'--from' and --jdbc-url name two fleets");
    refuseFiles("--jdbc-url");
    LifecycleState state = store.read();
    String refused = "";
    if (whatIf != null) {
      OperatorLines.Commands lines =
          OperatorLines.read(whatIf, console.in(), state, LiveTime.of(state), true);
      Trial trial = Trial.on(state, lines);
      refused = trial.refusal().map(it -> whatIf + ":" + it).orElse("");
      trial.notes().forEach(console.text()::println);
    }
    if (!refused.isEmpty()) {
      return StowageCommand.told(console, "stowage: " + refused, ExitCode.INFEASIBLE);
    }
    return planned(state);
  }

  // The files of an export give the leader's plan, so that a live fleet is planned by them.
  private int planned(LifecycleState state)
      throws BadInputException, OutputException, UnreadableException {
    try {
      Path folder = Files.createTempDirectory("stowage-plan");
      try {
        OutputFolder.opened(folder, FleetExport.names()).write(FleetExport.of(state).texts());
        Duration tick = LiveTime.of(state).tickLength();
        budget = Reading.of(state).answer(Questions.budget()).line();
        return planned(
            PlanInputs.exported(folder),
            out,
            changes -> Optional.of(CopySpeed.ofNextPlan(state, changes, tick)));
      } finally {
        for (String name : FleetExport.names()) {
          Files.deleteIfExists(folder.resolve(name));
        }
        Files.delete(folder);
      }
    } catch (IOException e) {
      throw new UnreadableException("stowage: no folder for the files of the fleet: " + e);
    }
  }

  private String title() {
    String of = whatIf == null ? "" : " after " + whatIf.getFileName();
    return (store.isNamed() ? "The next plan of the live fleet" : "The next plan") + of;
  }

  private String command() {
    List<String> args = spec.commandLine().getParseResult().originalArgs();
    return "stowage " + JdbcAddress.redacted(String.join(" ", args));
  }

  private Path needed(String option, @Nullable Path given) {
    if (given == null) {
      throw new ParameterException(
          spec.commandLine(),
          "Missing required option: '" + option + "', or --from, or --jdbc-url for a live fleet");
    }
    return given;
  }

  private void refuseFiles(String other) {
    String two = " and " + other + " name two fleets";
    refuse(workers, "'--workers'" + two);
    refuse(chunks, "'--chunks'" + two);
    refuse(held, "'--held'" + two);
    refuse(config, "'--config'" + two);
  }

  private void refuse(@Nullable Path given, String why) {
    if (given != null) {
      throw new ParameterException(spec.commandLine(), why);
    }
  }

  private int planned(
      PlanFiles files, @Nullable Path out, Function<PlanChanges, Optional<CopyTime>> rates)
      throws BadInputException, OutputException {
    Optional<OutputFolder> folderOfPage = SimulatorOptions.folder(page);
    PlacementPlan plan;
    String text;
    String summary;
    String time = "";
    List<String> warnings;
    try (ProgressListener progress = console.progress()) {
      progress.at(0, "reading");
      PlanCase of = PlanReader.read(files);
      warnings = of.warnings();
      progress.at(1 / 3.0, "planning");
      long begun = console.nanos().getAsLong();
      plan = of.plan();
      long millis = (console.nanos().getAsLong() - begun) / NANOS_PER_MILLI;
      progress.at(2 / 3.0, "writing");
      Map<String, String> texts;
      try {
        texts = PlanOutput.texts(of, plan, millis);
        summary = String.valueOf(texts.get(PlanOutput.SUMMARY));
        text = PlanReport.of(plan, of::name).text();
        SimulatorOptions.write(
            folderOfPage,
            page,
            page == null ? "" : PlanPage.of(of, plan, rates, title(), command()));
        if (store.isNamed()) {
          time = PlanTime.inWords(PlanPage.changes(of, plan), rates);
        }
      } catch (PlanFigures.TooLargeException tooLarge) {
        throw new BadInputException(problem(files, tooLarge, of.largestLine()));
      }
      if (out != null) {
        OutputFolder folder = OutputFolder.opened(out, PlanOutput.names());
        folder.keep(PlanInputs.FOLDER, PlanInputs.copies(files));
        folder.write(texts);
      }
    }
    console.document(summary);
    console.text().print(text);
    warnings.forEach(it -> console.text().println("Warning: " + it));
    if (store.isNamed()) {
      console.text().println("Time: " + time);
      console.text().println("Budget: " + budget);
      console.text().println("Plan hash: " + plan.planHash());
    }
    if (out != null) {
      console.text().println("Written to " + out);
    }
    console.text().flush();
    return plan.isFeasible() ? ExitCode.OK : ExitCode.INFEASIBLE;
  }

  /**
   * Returns the problem of a sum that is too large. A sum has no line, so it names the line of its
   * largest size.
   */
  private static ProblemList problem(
      PlanFiles files, PlanFigures.TooLargeException tooLarge, long line) {
    ProblemList problems = new ProblemList();
    problems.add(
        new InputProblem(
            files.chunks().toString(),
            line,
            "size_bytes",
            "sizes whose sums in the plan are at most " + Long.MAX_VALUE,
            String.valueOf(tooLarge.getMessage())));
    return problems;
  }
}
