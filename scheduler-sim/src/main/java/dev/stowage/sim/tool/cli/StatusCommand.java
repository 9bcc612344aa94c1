package dev.stowage.sim.tool.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stowage.answer.FleetStanding;
import dev.stowage.answer.LeaderStanding;
import dev.stowage.answer.LeaderStanding.Told;
import dev.stowage.answer.Progress.BudgetRate;
import dev.stowage.lifecycle.questions.AsOf;
import dev.stowage.lifecycle.questions.Questions;
import dev.stowage.shape.Figure;
import dev.stowage.shape.Shape;
import dev.stowage.shape.Unit;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code stowage status}: how does the fleet stand, and who leads it? */
@Command(
    name = "status",
    header = "Show how a live fleet stands as a whole, and who leads it.",
    description = {
      "",
      "Reads in snapshots that block no writer. Reports of workers count at once. What only the"
          + " leader knows is shown as its newest cycle kept it, with the age of that cycle.",
      ""
    },
    footer = {
      "  stowage status --jdbc-url 'jdbc:postgresql://host/db?user=u' --watch",
      "  stowage status --jdbc-url 'jdbc:postgresql://host/db?user=u' --json | jq .leader.health"
    },
    exitCodeList = {
      " 0:answered",
      " 1:the command line is wrong: an unknown option, a bad value",
      " 2:the database cannot be reached, or the schema has no fleet or one of another version",
      " 3:a row of the fleet cannot be read",
      " 4:answered, and the leader is degraded"
    })
final class StatusCommand implements Callable<Integer> {
  private static final double NANOS_PER_SECOND = 1e9;

  private static final List<Figure<LeaderStanding>> FIGURES =
      Figure.ofFields(Shape.of(LeaderStanding.class), it -> it);

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
          long aside = LiveStore.setAside(store);
          ObjectNode json =
              LiveAnswer.object(Shape.of(FleetStanding.class), fleet).put("lease", lease);
          json.put("set_aside", aside);
          List<String> text =
              new ArrayList<>(LiveAnswer.lines(Shape.of(FleetStanding.class), fleet));
          text.add(lease);
          text.add("set aside: " + aside + ", see table quarantine");
          BudgetRate budget = store.ask(Questions.budget());
          json.put("budget", budget.line());
          text.add(budget.line());
          AsOf<LeaderStanding> leader = store.ask(Questions.leader());
          OptionalLong age = leader.ageNanos(store.trustedClockNanos());
          json.set("leader", json(leader, age));
          text.addAll(lines(leader, age));
          boolean isUp = leader.value().isUp();
          return new LiveAnswer(json, text, isUp ? ExitCode.OK : ExitCode.INFEASIBLE);
        });
  }

  private static ObjectNode json(AsOf<LeaderStanding> leader, OptionalLong age) {
    LeaderStanding standing = leader.value();
    ObjectNode json = LiveAnswer.object().put("as_of_tick", leader.tick().value());
    if (age.isPresent()) {
      json.put("age_seconds", age.getAsLong() / NANOS_PER_SECOND);
    } else {
      json.putNull("age_seconds");
    }
    json.put("health", health(standing));
    standing.reasons().forEach(json.putArray("reasons")::add);
    json.setAll((ObjectNode) LiveAnswer.parsed(Figure.json(FIGURES, standing)));
    json.setAll(
        (ObjectNode) LiveAnswer.parsed(Figure.json(Figure.of(Told.class), standing.told())));
    return json;
  }

  private static List<String> lines(AsOf<LeaderStanding> leader, OptionalLong age) {
    LeaderStanding standing = leader.value();
    String asOf =
        age.isPresent()
            ? Unit.NANOS.print(age.getAsLong()) + " ago"
            : "tick " + leader.tick().value();
    List<String> lines = new ArrayList<>();
    lines.add("the leader, as of " + asOf + ": " + health(standing));
    standing.reasons().forEach(reason -> lines.add("  " + reason));
    Figure.lines(FIGURES, standing).forEach(line -> lines.add("  " + line));
    Figure.lines(Figure.of(Told.class), standing.told()).forEach(line -> lines.add("  " + line));
    return lines;
  }

  private static String health(LeaderStanding standing) {
    return standing.isUp() ? "up" : "degraded";
  }
}
