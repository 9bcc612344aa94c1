package dev.stowage.sim.tool.cli;

import dev.stowage.command.own.LeaderCommand;
import dev.stowage.lifecycle.KeptValue;
import dev.stowage.lifecycle.LifecycleState;
import dev.stowage.model.WorkerId;
import dev.stowage.rebalance.AvoidList;
import dev.stowage.sim.kit.scenario.words.TimeSpan;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code stowage avoid}: keep new replicas off a worker for a while. */
@CommandLine.Command(
    name = "avoid",
    header = "Keep new replicas off a worker of a live fleet for a while.",
    description = {
      "",
      "Every plan of the leader then leaves the worker out, as for one with a long round trip; what"
          + " it holds stays. A second time replaces the first; 0 ends it.",
      ""
    },
    footer = {
      "  stowage avoid w3 --for 20m --jdbc-url 'jdbc:postgresql://host/db?user=u'",
      "  stowage avoid w3 --for 0 --jdbc-url 'jdbc:postgresql://host/db?user=u'"
    },
    exitCodeList = {
      " 0:accepted",
      " 1:the command line is wrong: an unknown option, no database, no time",
      " 2:the database cannot be reached or holds no fleet, or none with this worker",
      " 3:a row of the fleet cannot be read; nothing is changed",
      " 4:refused; nothing is changed",
      " 5:requested; no leader has replied yet"
    })
final class AvoidCommand implements Callable<Integer> {
  private final Console console;

  @Mixin private LiveStore store = new LiveStore();

  @Mixin private Application.Waiting waiting = new Application.Waiting();

  @Parameters(paramLabel = "WORKER", description = "The worker.")
  private String worker;

  @Option(
      names = "--for",
      required = true,
      paramLabel = "TIME",
      converter = Words.Time.class,
      description = "How long, such as 90s, 20m, 1h or 2d; 0 ends it.")
  private TimeSpan time;

  @Option(
      names = "--because",
      paramLabel = "TEXT",
      description = "The reason that explanations give (default: ${DEFAULT-VALUE}).")
  private String reason = "an operator said so";

  AvoidCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws UnreadableException {
    store.requireUrl();
    return store.with(live -> {
      LifecycleState state = store.started(live.read());
      WorkerId id = LiveExplanation.known(state, worker);
      LiveTime at = LiveTime.of(state, live);
      long now = at.now().value();
      List<AvoidList.Entry> entries = new ArrayList<>(state.kept(KeptValue.AVOIDED));
      entries.removeIf(each -> each.worker().equals(id) || each.untilTick() <= now);
      long ticks = time.ticks(at.tickLength());
      if (ticks > 0) {
        entries.add(
            new AvoidList.Entry(id, reason, now, now + Math.min(ticks, Long.MAX_VALUE - now)));
      }
      entries.sort(Comparator.comparing(AvoidList.Entry::worker));
      return new Application(console, live, waiting)
          .requested(
              List.of(new LeaderCommand.Keep(KeptValue.AVOIDED.with(entries))), "", List.of());
    });
  }
}
