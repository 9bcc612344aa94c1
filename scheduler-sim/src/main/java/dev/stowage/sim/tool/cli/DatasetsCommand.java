package dev.stowage.sim.tool.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stowage.FleetCensus.DatasetCount;
import dev.stowage.answer.LeaderStanding;
import dev.stowage.engine.Censuses;
import dev.stowage.lifecycle.Forecast;
import dev.stowage.lifecycle.LifecycleState;
import dev.stowage.shape.Shape;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code stowage datasets}: how does each dataset stand? */
@Command(
    name = "datasets",
    header = "List the datasets of a live fleet: chunks, copies, what is short.",
    description = {
      "",
      "Reads the whole fleet in one snapshot that blocks no writer. Wanted are the copies that are"
          + " assigned, and what floors lack beyond them; held are the copies that counted workers"
          + " have, those that are to go included. Chunks under floor, at risk and raising are"
          + " those that meters count.",
      ""
    },
    footer = {
      "  stowage datasets --jdbc-url 'jdbc:postgresql://host/db?user=u'",
      "  stowage datasets --jdbc-url 'jdbc:postgresql://host/db?user=u' --json"
    },
    exitCodeList = {
      " 0:answered",
      " 1:the command line is wrong: an unknown option, a bad value",
      " 2:the database cannot be reached, or the schema has no fleet or one of another version",
      " 3:a row of the fleet cannot be read"
    })
final class DatasetsCommand implements Callable<Integer> {
  private final Console console;

  @Mixin private LiveQuestion question = new LiveQuestion();

  DatasetsCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws UnreadableException {
    return question.ask(
        console,
        store -> {
          LifecycleState state = question.state(store);
          Duration tick = LiveTime.of(state).tickLength();
          List<DatasetCount> datasets =
              List.copyOf(
                  Censuses.of(state, LeaderStanding.NONE, Forecast.NONE, tick).datasets().values());
          ObjectNode json = LiveAnswer.object();
          ArrayNode all = json.putArray("datasets");
          datasets.forEach(each -> all.add(LiveAnswer.object(Shape.of(DatasetCount.class), each)));
          return new LiveAnswer(
              json, LiveAnswer.table(Shape.of(DatasetCount.class), datasets), ExitCode.OK);
        });
  }
}
