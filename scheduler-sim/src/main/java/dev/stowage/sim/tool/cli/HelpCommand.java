package dev.stowage.sim.tool.cli;

import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code stowage help}: the help of a command, or of the program. */
@Command(
    name = "help",
    header = "Show the help of a command, or of the program.",
    optionListHeading = "%nOptions:%n")
final class HelpCommand implements Callable<Integer> {
  private final Console console;

  @Spec private CommandSpec spec;

  @Parameters(arity = "0..1", paramLabel = "COMMAND", description = "The command.")
  private @Nullable String command;

  HelpCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    CommandLine of = spec.parent().commandLine();
    if (command != null) {
      Map<String, CommandLine> all = of.getSubcommands();
      String name = command;
      of = all.get(name);
      if (of == null) {
        throw new ParameterException(
            spec.commandLine(), Words.unknown("command", name, all.keySet()));
      }
    }
    console.document(
        LiveAnswer.object().put("help", of.getUsageMessage(CommandLine.Help.Ansi.OFF)));
    of.usage(console.text());
    console.text().flush();
    return ExitCode.OK;
  }
}
