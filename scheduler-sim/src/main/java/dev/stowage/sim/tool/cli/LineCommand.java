package dev.stowage.sim.tool.cli;

import dev.stowage.lifecycle.LifecycleState;
import dev.stowage.sim.kit.scenario.words.TimeSpan;
import dev.stowage.sim.tool.csv.BadInputException;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** A command that applies one line, such as {@code stowage drain w3}. */
@Command(
    exitCodeList = {
      " 0:accepted",
      " 1:the command line is wrong: an unknown option, no database",
      " 2:the database cannot be reached or holds no fleet, a worker is unknown, or the line cannot"
          + " be read",
      " 3:a row of the fleet cannot be read; nothing is changed",
      " 4:refused; nothing is changed",
      " 5:requested; no leader has replied yet"
    })
final class LineCommand implements Callable<Integer> {
  /** The lines that are commands of their own. */
  enum Form {
    DRAIN("Move everything off a worker that is to leave.", "WORKER.."),
    UNDRAIN("Let a worker stay that was to leave.", "WORKER.."),
    AWAY(
        "Announce that a worker goes and is back within a time.",
        "WORKER..",
        OptionSpec.builder("--for")
            .paramLabel("TIME")
            .type(TimeSpan.class)
            .converters(new Words.Time())
            .required(true)
            .description("The time after which it is back, such as 90s, 20m, 1h or 2d.")
            .build(),
        OptionSpec.builder("--copies")
            .paramLabel("N")
            .type(String.class)
            .description(
                "The copies that each of its chunks keeps elsewhere meanwhile. Default: 1.")
            .build()),
    BACK("End the announced absence of a worker.", "WORKER.."),
    REPLACE(
        "Empty a worker onto another one, which meanwhile takes nothing else.",
        "OLD NEW",
        OptionSpec.builder("--partly")
            .type(boolean.class)
            .description(
                "The new worker has less room: it takes what fits, the rest goes elsewhere.")
            .build()),
    SET("Change settings of the fleet.", "KEY=VALUE..");

    private final String header;
    private final String label;

    @SuppressWarnings("ImmutableEnumChecker") // never changed: each command gets copies
    private final List<OptionSpec> options;

    Form(String header, String label, OptionSpec... options) {
      this.header = header;
      this.label = label;
      this.options = List.of(options);
    }

    private boolean isOfWorkers() {
      return label.startsWith("WORKER");
    }

    String word() {
      return name().toLowerCase(Locale.ROOT);
    }

    CommandLine commandLine(Console console) {
      CommandLine line = new CommandLine(new LineCommand(console, this));
      line.getCommandSpec().name(word()).usageMessage().header(header);
      PositionalParamSpec words = line.getCommandSpec().positionalParameters().get(0);
      line.getCommandSpec().remove(words);
      line.getCommandSpec()
          .addPositional(
              PositionalParamSpec.builder(words)
                  .paramLabel(label)
                  .description(isOfWorkers() ? OF_WORKERS : OF_OTHERS)
                  .build());
      options.forEach(
          option -> line.getCommandSpec().addOption(OptionSpec.builder(option).build()));
      line.getCommandSpec()
          .usageMessage()
          .footer(
              "",
              "Applies lines such as '"
                  + word()
                  + " "
                  + label.replace("..", "")
                  + "', as 'stowage apply' does.");
      return line;
    }
  }

  private static final String OF_WORKERS =
      "The workers, checked together: names, or zone=PATH for all of a zone.";
  private static final String OF_OTHERS = "The words of the line.";

  private final Console console;
  private final Form form;

  @Spec private CommandSpec spec;

  @Mixin private LiveStore store = new LiveStore();

  @Mixin private Application.Waiting waiting = new Application.Waiting();

  @Parameters(arity = "1..*")
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
      LiveTime time = LiveTime.of(state, live);
      OperatorLines.Commands commands =
          OperatorLines.read("the command line", List.of(line()), state, time, false);
      return new Application(console, live, waiting).carriedOut(commands, state, time, "");
    });
  }

  private String line() {
    StringBuilder line = new StringBuilder(form.word() + " " + String.join(" ", words));
    for (OptionSpec option : form.options) {
      String name = option.longestName();
      OptionSpec given = spec.commandLine().getParseResult().matchedOption(name);
      if (given != null) {
        String value = option.arity().max() == 0 ? "" : "=" + given.stringValues().get(0);
        line.append(' ').append(name.substring(2)).append(value);
      }
    }
    return line.toString();
  }
}
