package dev.stowage.sim.tool.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stowage.lifecycle.questions.FleetStanding;
import dev.stowage.lifecycle.questions.Questions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code stowage status}: how does the fleet stand, and who leads it? */
@Command(
    name = "status",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    header = "Show how a live fleet stands as a whole, and who leads it.",
    description = {
      "",
      "Reads in one snapshot that blocks no writer. Reports of workers count at once.",
      ""
    },
    optionListHeading = "Options:%n",
    footerHeading = "%nExamples:%n",
    footer = {
      "  stowage status --jdbc-url 'jdbc:postgresql://host/db?user=u' --watch",
      "  stowage status --jdbc-url 'jdbc:postgresql://host/db?user=u' --json | jq .to_leave"
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      " 0:answered",
      " 1:the command line is wrong: an unknown option, a bad value",
      " 2:the database cannot be reached, or the schema has no fleet or one of another version",
      " 3:a row of the fleet cannot be read"
    },
    exitCodeOnInvalidInput = ExitCode.USAGE,
    exitCodeOnExecutionException = ExitCode.VIOLATION)
final class StatusCommand implements Callable<Integer> {
  private final Console console;

  @Mixin private LiveQuestion question = new LiveQuestion();

  StatusCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws UnreadableException {
    return question.ask(
        console,
        store -> {
          FleetStanding fleet = store.ask(Questions.fleet());
          String lease =
              store
                  .lease()
                  .map(it -> it.inWords(store.clockNanos()))
                  .orElse("nobody holds the lease");
          ObjectNode json = LiveAnswer.object(FleetStanding.SHAPE, fleet).put("lease", lease);
          List<String> text = new ArrayList<>(LiveAnswer.lines(FleetStanding.SHAPE, fleet));
          text.add(lease);
          return new LiveAnswer(json, text, ExitCode.OK);
        });
  }
}
