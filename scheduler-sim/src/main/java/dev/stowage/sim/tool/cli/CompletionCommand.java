package dev.stowage.sim.tool.cli;

import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code stowage generate-completion}: the script that completes words in a shell. */
@Command(
    name = "generate-completion",
    header = "Print the script that completes commands and options in bash and zsh.",
    optionListHeading = "%nOptions:%n",
    footer = {"", "Example:", "  source <(stowage generate-completion)"})
final class CompletionCommand implements Callable<Integer> {
  private final Console console;

  @Spec private CommandSpec spec;

  CompletionCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    CommandLine root = spec.root().commandLine();
    String script = AutoComplete.bash(root.getCommandName(), root);
    console.document(LiveAnswer.object().put("script", script));
    console.text().print(script);
    console.text().flush();
    return ExitCode.OK;
  }
}
