package dev.stowage.sim.tool.cli;

import dev.stowage.lifecycle.LifecycleState;
import dev.stowage.sim.tool.csv.BadInputException;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** A command that applies one line, such as {@code stowage drain w3}. */
@Command(
    exitCodeList = {
      " 0:accepted, also while no leader holds a lease",
      " 1:the command line is wrong: an unknown option, no database",
      " 2:the database cannot be reached or holds no fleet, or the line cannot be read",
      " 3:a row of the fleet cannot be read; nothing is changed",
      " 4:refused; nothing is changed"
    })
final class LineCommand implements Callable<Integer> {
  /** The lines that are commands of their own. */
  enum Form {
    DRAIN("Move everything off a worker that is to leave.", "W"),
    UNDRAIN("Let a worker stay that was to leave.", "W"),
    AWAY(
        "Announce that a worker goes and is back within a time.",
        "W",
        OptionSpec.builder("--for")
            .paramLabel("TIME")
            .type(String.class)
            .required(true)
            .description("The time after which it is back, such as 90s, 20m, 1h or 2d.")
            .build(),
        OptionSpec.builder("--copies")
            .paramLabel("N")
            .type(String.class)
            .description(
                "The copies that each of its chunks keeps elsewhere meanwhile. Default: 1.")
            .build()),
    BACK("End the announced absence of a worker.", "W"),
    REPLACE(
        "Empty a worker onto another one, which meanwhile takes nothing else.",
        "OLD NEW",
        OptionSpec.builder("--partly")
            .type(boolean.class)
            .description(
                "The new worker has less room: it takes what fits, the rest goes elsewhere.")
            .build()),
    SET("Change settings of the fleet.", "KEY=VALUE");

    private final String header;
    private final String label;

    @SuppressWarnings("ImmutableEnumChecker") // never changed: each command gets copies
    private final List<OptionSpec> options;

    Form(String header, String label, OptionSpec... options) {
      this.header = header;
      this.label = label;
      this.options = List.of(options);
    }

    String word() {
      return name().toLowerCase(Locale.ROOT);
    }

    CommandLine commandLine(Console console) {
      CommandLine line = new CommandLine(new LineCommand(console, this));
      line.getCommandSpec().name(word()).usageMessage().header(header);
      options.forEach(
          option -> line.getCommandSpec().addOption(OptionSpec.builder(option).build()));
      line.getCommandSpec()
          .usageMessage()
          .footer("", "Applies the line '" + word() + " " + label + "', as 'stowage apply' does.");
      return line;
    }
  }

  private final Console console;
  private final Form form;

  @Spec private CommandSpec spec;

  @Mixin private LiveStore store = new LiveStore();

  @Mixin private Application.Waiting waiting = new Application.Waiting();

  @Parameters(arity = "1..*", paramLabel = "WORD", description = "The words of the line.")
  private List<String> words;

  LineCommand(Console console, Form form) {
    this.console = console;
    this.form = form;
  }

  @Override
  public Integer call() throws BadInputException, UnreadableException {
    store.requireUrl();
    return store.with(live -> {
      LifecycleState state = store.started(live.read());
      OperatorLines.Commands commands =
          OperatorLines.read(
              "the command line", List.of(line()), state, LiveTime.of(state, live), false);
      return new Application(console, live, waiting).carriedOut(commands.commands(), "");
    });
  }

  private String line() {
    StringBuilder line = new StringBuilder(form.word() + " " + String.join(" ", words));
    for (OptionSpec option : form.options) {
      String name = option.longestName();
      Object value = spec.commandLine().getParseResult().matchedOptionValue(name, "");
      if (value instanceof Boolean) {
        line.append(' ').append(name.substring(2));
      } else if (!value.equals("")) {
        line.append(' ').append(name.substring(2)).append('=').append(value);
      }
    }
    return line.toString();
  }
}
