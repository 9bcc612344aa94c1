package dev.stowage.sim.tool.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stowage.answer.WorkerStanding;
import dev.stowage.lifecycle.questions.Questions;
import dev.stowage.shape.Shape;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code stowage workers}: how does each worker stand? */
@Command(
    name = "workers",
    header = "List the workers of a live fleet: status, zone, fill, silence.",
    description = {
      "",
      "Reads in one snapshot that blocks no writer. Reports of workers count at once. A worker is"
          + " silent for the ticks since a cycle last took in a sign of life.",
      ""
    },
    footer = {
      "  stowage workers --jdbc-url 'jdbc:postgresql://host/db?user=u'",
      "  stowage workers --jdbc-url 'jdbc:postgresql://host/db?user=u' --json"
    },
    exitCodeList = {
      " 0:answered",
      " 1:the command line is wrong: an unknown option, a bad value",
      " 2:the database cannot be reached, or the schema has no fleet or one of another version",
      " 3:a row of the fleet cannot be read"
    })
final class WorkersCommand implements Callable<Integer> {
  private final Console console;

  @Mixin private LiveQuestion question = new LiveQuestion();

  WorkersCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws UnreadableException {
    return question.ask(
        console,
        store -> {
          List<WorkerStanding> workers = store.ask(Questions.workers());
          ObjectNode json = LiveAnswer.object();
          ArrayNode all = json.putArray("workers");
          workers.forEach(each -> all.add(LiveAnswer.object(Shape.of(WorkerStanding.class), each)));
          return new LiveAnswer(
              json, LiveAnswer.table(Shape.of(WorkerStanding.class), workers), ExitCode.OK);
        });
  }
}
