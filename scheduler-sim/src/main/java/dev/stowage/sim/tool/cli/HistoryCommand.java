package dev.stowage.sim.tool.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stowage.evidence.Subject;
import dev.stowage.model.Tick;
import dev.stowage.model.WorkerId;
import dev.stowage.replay.Deed;
import dev.stowage.shape.Unit;
import dev.stowage.sim.kit.scenario.words.TimeSpan;
import dev.stowage.storage.postgres.PostgresChunkStore;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code stowage history}: who did what, when, and what came of it? */
@Command(
    name = "history",
    header = "List what operators and the host did to a live fleet, and what came of it.",
    description = {
      "",
      "Commands are kept for 30 days, up to 16 MiB, whatever else was recorded since. Below a"
          + " command stands what came of it: a worker that is empty, with the copies made for it,"
          + " and the end of an absence, a freeze or a swap.",
      ""
    },
    footer = {
      "  stowage history --since 24h --jdbc-url 'jdbc:postgresql://host/db?user=u'",
      "  stowage history --worker w7 --jdbc-url 'jdbc:postgresql://host/db?user=u' --json"
    },
    exitCodeList = {
      " 0:answered",
      " 1:the command line is wrong: an unknown option, a bad value",
      " 2:the database cannot be reached, or the schema has no fleet or one of another version",
      " 3:a row of the fleet cannot be read"
    })
final class HistoryCommand implements Callable<Integer> {
  private final Console console;

  @Mixin private LiveQuestion question = new LiveQuestion();

  @Option(
      names = "--worker",
      paramLabel = "WORKER",
      converter = LeavingCommand.ToWorker.class,
      description = "Only commands about this worker.")
  private @Nullable WorkerId worker;

  @Option(
      names = "--since",
      paramLabel = "TIME",
      converter = Words.Time.class,
      description = "Only the last TIME, such as 90s, 20m, 24h or 2d.")
  private @Nullable TimeSpan since;

  HistoryCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws UnreadableException {
    return question.ask(console, store -> answer(store, LiveTime.of(question.state(store), store)));
  }

  private LiveAnswer answer(PostgresChunkStore store, LiveTime time) {
    Instant now = Instant.ofEpochSecond(0, store.clockNanos());
    long first = since == null ? 0 : time.now().value() - since.ticks(time.tickLength());
    ObjectNode json = LiveAnswer.object();
    ArrayNode all = json.putArray("deeds");
    List<String> text = new ArrayList<>();
    for (Deed deed : Deed.in(store.deeds())) {
      if (deed.tick().value() < first
          || (worker != null && !deed.about().contains(Subject.worker(worker)))) {
        continue;
      }
      String at = at(deed.tick(), now, time);
      ArrayNode effects =
          all.addObject()
              .put("index", deed.index())
              .put("at", at)
              .put("by", deed.by())
              .put("what", deed.what())
              .put("answer", deed.answer())
              .putArray("effects");
      text.add(at + "  " + deed.by() + "  " + deed.what() + ": " + deed.answer());
      for (Deed.Effect each : deed.effects()) {
        String ended = at(each.tick(), now, time);
        effects
            .addObject()
            .put("what", each.what())
            .put("at", ended)
            .put("copies", each.copies())
            .put("bytes", each.bytes());
        String copied = each.copies() + " copies, " + Unit.BYTES.print(each.bytes());
        text.add("  " + each.what() + " at " + ended + (each.copies() > 0 ? ": " + copied : ""));
      }
    }
    if (text.isEmpty()) {
      text.add("no command is known");
    }
    return new LiveAnswer(json, text, ExitCode.OK);
  }

  private static String at(Tick tick, Instant now, LiveTime time) {
    Duration ago = time.tickLength().multipliedBy(time.now().value() - tick.value());
    return now.minus(ago).truncatedTo(ChronoUnit.SECONDS).toString();
  }
}
