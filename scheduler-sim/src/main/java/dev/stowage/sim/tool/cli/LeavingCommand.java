package dev.stowage.sim.tool.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stowage.answer.Leaving;
import dev.stowage.answer.WorkerStanding;
import dev.stowage.lifecycle.questions.Questions;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.WorkerId;
import dev.stowage.storage.postgres.PostgresChunkStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code stowage leaving}: may these workers be switched off? */
@Command(
    name = "leaving",
    header = "Show what leaving workers still hold, and whether they may be switched off.",
    description = {
      "",
      "Without a worker it is about all workers that were told to leave. All that may be switched"
          + " off may be together. Which replicas the plan leaves for later, and which are stuck,"
          + " only the leader knows.",
      ""
    },
    footer = {
      "  stowage leaving w3 --jdbc-url 'jdbc:postgresql://host/db?user=u'",
      "  until stowage leaving w3 --jdbc-url ... --quiet; do sleep 10; done"
    },
    exitCodeList = {
      " 0:all may be switched off now",
      " 1:the command line is wrong: an unknown option, a bad value",
      " 2:no such worker; the database cannot be reached, or the schema has no fleet or one of"
          + " another version",
      " 3:a row of the fleet cannot be read",
      " 4:one may not be switched off yet"
    })
final class LeavingCommand implements Callable<Integer> {
  private final Console console;

  @Mixin private LiveQuestion question = new LiveQuestion();

  @Parameters(
      arity = "0..*",
      paramLabel = "WORKER",
      converter = ToWorker.class,
      description = "The workers to ask about.")
  private List<WorkerId> workers = new ArrayList<>();

  /** Reads the name of a worker. */
  static final class ToWorker implements ITypeConverter<WorkerId> {
    @Override
    public WorkerId convert(String name) {
      return WorkerId.of(name);
    }
  }

  LeavingCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws UnreadableException {
    return question.ask(console, this::answer);
  }

  private LiveAnswer answer(PostgresChunkStore store) throws UnreadableException {
    List<WorkerId> asked =
        workers.isEmpty()
            ? store.ask(Questions.workers()).stream()
                .filter(WorkerStanding::toLeave)
                .map(WorkerStanding::worker)
                .toList()
            : workers;
    ObjectNode json = LiveAnswer.object();
    ArrayNode all = json.putArray("leaving");
    List<String> text = new ArrayList<>();
    boolean isSafe = true;
    for (Leaving.Verdict verdict : store.ask(Questions.leaving(asked))) {
      Leaving held =
          store
              .ask(Questions.leaving(verdict.worker()))
              .orElseThrow(() ->
                  new UnreadableException(
                      "stowage: expected a worker of the fleet, found '" + verdict.worker() + "'"));
      isSafe &= verdict.isSafe();
      all.add(object(held, verdict));
      text.add(verdict.worker() + ": " + verdict.inWords());
      held.partLines().forEach(line -> text.add("  " + line));
    }
    if (text.isEmpty()) {
      text.add("no worker was told to leave");
    }
    return new LiveAnswer(json, text, isSafe ? ExitCode.OK : ExitCode.INFEASIBLE);
  }

  private static ObjectNode object(Leaving held, Leaving.Verdict verdict) {
    ObjectNode object =
        LiveAnswer.object()
            .put("worker", verdict.worker().value())
            .put("status", held.status().name().toLowerCase(Locale.ROOT))
            .put("safe", verdict.isSafe())
            .put("code", verdict.code().name())
            .put("chunk", verdict.chunk().map(ChunkKey::toString).orElse(null))
            .put("replicas", held.all().replicas())
            .put("bytes", held.all().bytes());
    held.partLines().forEach(object.putArray("waits_for")::add);
    return object;
  }
}
