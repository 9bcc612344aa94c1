package dev.stowage.sim.tool.cli;

import dev.stowage.evidence.EvidenceException;
import dev.stowage.model.InvariantViolation;
import dev.stowage.sim.tool.csv.BadInputException;
import dev.stowage.storage.postgres.JdbcAddress;
import dev.stowage.store.StorageException;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.UsageMessageSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The program {@code stowage}: what would this configuration do to a fleet? */
@Command(
    name = "stowage",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    header = "Where should each copy of the data live, and what does it cost to get there?",
    synopsisSubcommandLabel = "COMMAND",
    description = {
      "",
      "Stowage places chunks of data on a fleet of workers, moves them, shows them to readers only"
          + " once they are there, and drains what they replace. This program runs it on a"
          + " simulated fleet, so that you see what a configuration does before a real fleet runs"
          + " it.",
      ""
    },
    footer = {
      "",
      "Start here:",
      "  stowage demo         the Debian 12 archive on sixty mirrors, and all that goes",
      "                       wrong in a week; writes stowage-demo/report.html",
      "  stowage demo --help  its options, with examples",
      "  stowage plan --help  what-if planning on your own files",
      "  stowage simulate --list  fleets that grow, lose racks, drain, fill up",
      "  stowage explain --help  why a plan places a chunk where it does"
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      " 0:all is well",
      " 1:the command line is wrong: an unknown option, a bad value",
      " 2:input missing, unreadable or malformed; output not writable",
      " 3:an invariant was violated, an expectation failed, a difference was found",
      " 4:infeasible: replicas stay missing or stuck; the output is written nevertheless",
      " 5:requested; no leader has replied yet",
      " 130:interrupted"
    },
    exitCodeOnInvalidInput = ExitCode.USAGE,
    exitCodeOnExecutionException = ExitCode.VIOLATION)
public final class StowageCommand implements Runnable {
  @Spec private CommandSpec spec;

  private StowageCommand() {}

  /** Runs the command line and ends the process with its exit code. */
  public static void main(String[] args) {
    System.exit(commandLine(Console.ofProcess(), args).execute(args));
  }

  /**
   * Returns the command line that understands {@code args}: the command that they name alone, since
   * half of a short run would go into the descriptions of the others, or every command.
   */
  static CommandLine commandLine(Console console, String... args) {
    CommandLine line = new CommandLine(new StowageCommand());
    // Before the commands, which inherit its options.
    line.getCommandSpec().addMixin("console", CommandSpec.forAnnotatedObject(console));
    Map<String, Supplier<CommandLine>> all = commands(console);
    Supplier<CommandLine> named = args.length == 0 ? null : all.get(args[0]);
    if (named == null) {
      all.forEach((name, command) -> line.addSubcommand(name, command.get()));
      line.addSubcommand(new HelpCommand(console));
      line.addSubcommand(new CompletionCommand(console));
    } else {
      line.addSubcommand(args[0], named.get());
    }
    line.getSubcommands().values().stream()
        .distinct()
        .forEach(each -> inherit(each.getCommandSpec()));
    console.tell(line);
    line.setUsageHelpAutoWidth(true);
    line.setParameterExceptionHandler(StowageCommand::refused);
    line.setExecutionExceptionHandler((failed, at, parsed) -> failed(failed, console));
    if (!console.isTerminal()) {
      line.setColorScheme(CommandLine.Help.defaultColorScheme(CommandLine.Help.Ansi.OFF));
    }
    return line;
  }

  /** Returns the commands that know nothing of the others, by their names. */
  private static Map<String, Supplier<CommandLine>> commands(Console console) {
    Map<String, Supplier<CommandLine>> all = new LinkedHashMap<>();
    all.put("demo", () -> new CommandLine(new DemoCommand(console)));
    all.put("plan", () -> PlanCommand.commandLine(console));
    all.put("simulate", () -> new CommandLine(new SimulateCommand(console)));
    all.put("compare", () -> new CommandLine(new CompareCommand(console)));
    all.put("export", () -> new CommandLine(new ExportCommand(console)));
    all.put("import", () -> new CommandLine(new ImportCommand(console)));
    all.put("apply", () -> new CommandLine(new ApplyCommand(console)));
    for (LineCommand.Form form : LineCommand.Form.values()) {
      all.put(form.word(), () -> form.commandLine(console));
    }
    all.put("avoid", () -> new CommandLine(new AvoidCommand(console)));
    all.put("explain", () -> new CommandLine(new ExplainCommand(console)));
    all.put("replay", () -> new CommandLine(new ReplayCommand(console)));
    all.put("scenario", () -> new CommandLine(new ScenarioCommand(console)));
    all.put("walk", () -> new CommandLine(new WalkCommand(console)));
    all.put("audit", () -> new CommandLine(new AuditCommand(console)));
    all.put("progress", () -> new CommandLine(new ProgressCommand(console)));
    all.put("roles", () -> new CommandLine(new RolesCommand(console)));
    all.put("status", () -> new CommandLine(new StatusCommand(console)));
    all.put("workers", () -> new CommandLine(new WorkersCommand(console)));
    all.put("datasets", () -> new CommandLine(new DatasetsCommand(console)));
    all.put("swaps", () -> new CommandLine(new SwapsCommand(console)));
    all.put("leaving", () -> new CommandLine(new LeavingCommand(console)));
    all.put("history", () -> new CommandLine(new HistoryCommand(console)));
    return all;
  }

  /** Gives a command what all have in common. */
  private static void inherit(CommandSpec command) {
    command
        .mixinStandardHelpOptions(true)
        .versionProvider(new Version())
        .exitCodeOnInvalidInput(ExitCode.USAGE)
        .exitCodeOnExecutionException(ExitCode.VIOLATION);
    UsageMessageSpec usage = command.usageMessage();
    usage.exitCodeListHeading("%nExit codes:%n");
    if (usage.optionListHeading().isEmpty()) {
      usage.optionListHeading("Options:%n");
    }
    if (usage.footer().length > 0 && usage.footerHeading().isEmpty()) {
      usage.footerHeading("%nExamples:%n");
    }
  }

  /** Reports that no command was named. */
  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "Expected a command, found none.");
  }

  private static int refused(ParameterException refused, String[] args) {
    CommandLine line = refused.getCommandLine();
    PrintWriter err = line.getErr();
    String message = Words.unknown(line).orElseGet(() -> String.valueOf(refused.getMessage()));
    err.println("stowage: " + JdbcAddress.redacted(message));
    err.println("Try '" + line.getCommandSpec().qualifiedName() + " --help'.");
    return ExitCode.USAGE;
  }

  /** Returns the messages of a failure and of those that caused it in the store. */
  private static String inWords(StorageException failure) {
    return failure.getCause() instanceof StorageException cause
        ? failure.getMessage() + ": " + inWords(cause)
        : String.valueOf(failure.getMessage());
  }

  /** Reports an error, and returns its exit code. */
  static int told(Console console, String error, int exitCode) {
    if (console.lacksDocument()) {
      console.document(LiveAnswer.object().put("error", error).put("exit_code", exitCode));
    }
    console.err().println(error);
    console.err().flush();
    return exitCode;
  }

  private static int failed(Exception failed, Console console) {
    if (failed instanceof BadInputException
        || failed instanceof OutputException
        || failed instanceof UnreadableException) {
      return told(console, String.valueOf(failed.getMessage()), ExitCode.INPUT);
    }
    if (failed instanceof StorageException.Corrupt) {
      return told(console, "stowage: " + failed.getMessage(), ExitCode.VIOLATION);
    }
    if (failed instanceof EvidenceException.Unavailable
        || failed instanceof EvidenceException.SinkFailed) {
      String why = RecordingFile.inWords((EvidenceException) failed);
      return told(console, "stowage: the run could not be recorded: " + why, ExitCode.INPUT);
    }
    if (failed instanceof StorageException.Transient lost) {
      return told(
          console,
          "stowage: the database ended the session or cannot be reached, and the run was not"
              + " finished: "
              + inWords(lost),
          ExitCode.INPUT);
    }
    String error =
        failed instanceof InvariantViolation
            ? "stowage: an invariant was violated: " + failed.getMessage()
            : "stowage: this is a bug in Stowage; please report it with the command line";
    int code = told(console, error, ExitCode.VIOLATION);
    failed.printStackTrace(console.err());
    return code;
  }
}
