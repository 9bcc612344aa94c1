package dev.stowage.sim.tool.cli;

import dev.stowage.answer.Leaving;
import dev.stowage.answer.Progress;
import dev.stowage.lifecycle.LifecycleState;
import dev.stowage.lifecycle.Moved;
import dev.stowage.lifecycle.answering.Reading;
import dev.stowage.lifecycle.questions.Questions;
import dev.stowage.model.WorkerId;
import dev.stowage.shape.Figure;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code stowage progress}: what is to go in a live fleet, and when will it be there? */
@Command(
    name = "progress",
    header = "Show the copies to go in a live fleet, what moved so far, and the time left.",
    description = {
      "",
      "Reads a live fleet and changes nothing. Copies are counted by cause and by worker that is to"
          + " leave. What moved is what workers have reported, as the leader's newest cycle kept"
          + " it, so that its age is shown. What only the leader's last plan knows is not shown.",
      ""
    },
    footer = {
      "  stowage progress --jdbc-url 'jdbc:postgresql://host/db?user=u'",
      "  stowage progress w3 --jdbc-url 'jdbc:postgresql://host/db?user=u' --watch",
      "                                            until w3 may be switched off"
    },
    exitCodeList = {
      " 0:shown; with --watch: nothing is to go any more, or the worker may be switched off",
      " 1:the command line is wrong",
      " 2:the database cannot be reached; the worker is not to leave",
      " 3:a row of the fleet cannot be read"
    })
final class ProgressCommand implements Callable<Integer> {
  private final Console console;

  @Mixin private LiveQuestion question = new LiveQuestion();

  @Parameters(arity = "0..1", paramLabel = "WORKER", description = "A worker that is to leave.")
  private @Nullable String worker;

  ProgressCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws UnreadableException {
    return question.ask(console, store -> answer(question.state(store)));
  }

  private static Progress progress(LifecycleState state) {
    return Reading.of(state).answer(Questions.progress(LiveTime.of(state).tickLength()));
  }

  private LiveAnswer answer(LifecycleState state) throws UnreadableException {
    Progress progress = progress(state);
    String name = worker;
    if (name == null) {
      return LiveAnswer.untilOver(progress.json(), progress.lines(), !progress.isToGo());
    }
    WorkerId id = WorkerId.of(name);
    Progress.Part part = progress.leaving().get(id);
    if (part == null) {
      throw new UnreadableException(
          "stowage: expected a worker that is to leave, found '" + name + "'");
    }
    List<String> lines = new ArrayList<>(List.of(Moved.of(id) + ": " + part.line()));
    Leaving leaving = Reading.of(state).answer(Questions.leaving(id)).orElseThrow();
    leaving.lines().forEach(line -> lines.add("  " + line));
    String figures = Figure.json(Figure.of(Progress.Part.class), part);
    String json =
        figures.substring(0, figures.length() - 1)
            + ",\"safe_to_stop\":"
            + leaving.safeToStop()
            + "}";
    return LiveAnswer.untilOver(json, lines, leaving.safeToStop());
  }
}
