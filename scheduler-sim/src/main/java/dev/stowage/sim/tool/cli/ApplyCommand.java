package dev.stowage.sim.tool.cli;

import dev.stowage.lifecycle.LifecycleState;
import dev.stowage.sim.tool.csv.BadInputException;
import dev.stowage.store.CommandId;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code stowage apply}: carry out an operator's lines on a live fleet, all or none. */
@Command(
    name = "apply",
    header = "Carry out an operator's lines on a live fleet, all or none.",
    description = {
      "",
      "Gives the lines to the fleet through its database, also while nobody leads. With --plan-hash"
          + " the leader's next cycle carries out the lines and exactly the plan that 'stowage plan"
          + " --what-if' showed, in one commit, or nothing. This command waits for the answer."
          + " While nobody leads it tells the name under which the lines wait, by which --request"
          + " asks for the answer later.",
      ""
    },
    footerHeading = "%nExample:%n",
    footer = {
      "  echo freeze | stowage apply --jdbc-url URL -",
      "  echo 'drain w3' > drain.txt",
      "  stowage plan --jdbc-url URL --what-if drain.txt",
      "  stowage apply --jdbc-url URL --plan-hash HASH drain.txt"
    },
    exitCodeList = {
      " 0:carried out",
      " 1:the command line is wrong: an unknown option, no database",
      " 2:the database cannot be reached or holds no fleet, or a line cannot be read",
      " 3:a row of the fleet cannot be read; nothing is changed",
      " 4:refused, or the plan is another one; nothing is changed",
      " 5:requested; no leader has replied yet"
    })
final class ApplyCommand implements Callable<Integer> {
  private final Console console;

  @Mixin private LiveStore store = new LiveStore();

  @Mixin private Application.Waiting waiting = new Application.Waiting();

  @Option(
      names = "--plan-hash",
      paramLabel = "HASH",
      description = "The hash of the reviewed plan. Default: the lines alone, without a plan.")
  private @Nullable String planHash;

  @Option(
      names = "--request",
      paramLabel = "NAME",
      description = "Give nothing, and wait for the answer to what was requested under a name.")
  private @Nullable String request;

  @Parameters(
      arity = "0..1",
      paramLabel = "FILE",
      description = "Lines such as 'drain w3' or 'set floor=3'; - for standard input.")
  private @Nullable Path file;

  @Spec private CommandSpec spec;

  ApplyCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws BadInputException, UnreadableException {
    store.requireUrl();
    String earlier = request;
    Path lineFile = file;
    if (earlier == null == (lineFile == null) || (earlier != null && planHash != null)) {
      throw new ParameterException(
          spec.commandLine(), "give either a FILE, or --request NAME alone");
    }
    CommandId name = earlier == null ? null : name(earlier);
    return store.with(live -> {
      if (name != null) {
        return new Application(console, live, waiting).replied(name);
      }
      LifecycleState state = store.started(live.read());
      LiveTime time = LiveTime.of(state, live);
      OperatorLines.Commands lines = OperatorLines.read(lineFile, console.in(), state, time, false);
      String hash = planHash == null ? "" : planHash;
      return new Application(console, live, waiting).carriedOut(lines, state, time, hash);
    });
  }

  private CommandId name(String words) {
    try {
      return CommandId.parse(words);
    } catch (IllegalArgumentException unreadable) {
      throw new ParameterException(spec.commandLine(), "--request: " + unreadable.getMessage());
    }
  }
}
