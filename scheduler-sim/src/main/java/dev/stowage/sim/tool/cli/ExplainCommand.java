package dev.stowage.sim.tool.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stowage.answer.Explanation;
import dev.stowage.model.WorkerId;
import dev.stowage.placement.PlacementPlan;
import dev.stowage.sim.tool.csv.BadInputException;
import dev.stowage.sim.tool.plan.ChunkNames;
import dev.stowage.sim.tool.plan.PlanCase;
import dev.stowage.sim.tool.plan.PlanInputs;
import dev.stowage.sim.tool.plan.PlanOutput;
import dev.stowage.sim.tool.plan.PlanReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code stowage explain}: why is this chunk where it is, why is that worker full? */
@Command(
    name = "explain",
    header = "Explain why a plan places a chunk where it does, or why a worker is full.",
    description = {
      "",
      "Reads a folder that 'stowage plan' has written: it keeps a copy of its inputs, so the"
          + " explanation is that of the plan as it was made, even if the files have changed since."
          + " With --jdbc-url it reads a live fleet, changes nothing, and explains the plan that"
          + " would be made now.",
      ""
    },
    parameterListHeading = "Parameters:%n",
    optionListHeading = "%nOptions:%n",
    footer = {
      "  stowage explain step1 logs/mon            where the chunk is, and why there and",
      "                                            not elsewhere, or why it is left out",
      "  stowage explain step1 --worker mirror-2   what fills it, what the plan changes",
      "  stowage explain --jdbc-url 'jdbc:postgresql://host/db?user=u' logs/mon",
      "                                            why it is there in a live fleet"
    },
    exitCodeList = {
      " 0:explained",
      " 1:the command line is wrong: nothing or two things to explain",
      " 2:the folder has no plan or was changed; the plan or the fleet has no such chunk or worker;"
          + " the database cannot be reached",
      " 3:with --jdbc-url: a row of the fleet cannot be read"
    })
final class ExplainCommand implements Callable<Integer> {
  private final Console console;

  @Spec private CommandSpec spec;

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "PLAN_DIR",
      description = "The folder that 'stowage plan' has written; not with --jdbc-url.")
  private @Nullable String first;

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "D/C",
      description =
          "The chunk: its dataset and its id. If two chunks read alike, write a slash in the"
              + " dataset as %%2F and a percent sign in it as %%25.")
  private @Nullable String second;

  @Mixin private LiveStore store = new LiveStore();

  private Path folder = Path.of("");
  private @Nullable String chunk;

  @Option(names = "--worker", paramLabel = "W", description = "The worker, instead of a chunk.")
  private @Nullable String worker;

  ExplainCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws BadInputException, UnreadableException {
    store.refuseSchemaAlone();
    chunk = store.isNamed() ? first : second;
    if (store.isNamed() ? second != null : first == null) {
      throw new ParameterException(
          spec.commandLine(),
          store.isNamed()
              ? "Expected a chunk or --worker beside --jdbc-url, found '" + second + "' as well."
              : "Missing required parameter: 'PLAN_DIR'");
    }
    folder = Path.of(store.isNamed() || first == null ? "" : first);
    if ((chunk == null) == (worker == null)) {
      throw new ParameterException(
          spec.commandLine(),
          "Expected a chunk or --worker, found " + (chunk == null ? "neither." : "both."));
    }
    if (store.isNamed()) {
      return new LiveExplanation(console, store).of(chunk, worker);
    }
    Explanation explanation;
    try (ProgressListener progress = console.progress()) {
      progress.at(0, "reading");
      PlanCase of = PlanReader.read(PlanInputs.of(folder));
      int subject = chunk != null ? chunkPosition(of, chunk) : workerPosition(of);
      progress.at(1 / 2.0, "planning");
      PlacementPlan plan = of.plan();
      refuseUnlessEqual(plan);
      explanation = chunk != null ? plan.explain(subject, of::name) : plan.explainWorker(subject);
    }
    return told(console, explanation);
  }

  static int told(Console console, Explanation explanation) {
    ObjectNode document = LiveAnswer.object().put("subject", explanation.subject());
    explanation.lines().forEach(document.putArray("lines")::add);
    console.document(document);
    console.text().print(explanation.text());
    console.text().flush();
    return ExitCode.OK;
  }

  private int chunkPosition(PlanCase of, String text) throws UnreadableException {
    return ChunkNames.find(text, of.keys()::contains)
        .map(of.keys()::indexOf)
        .orElseThrow(() ->
            new UnreadableException(folder + ": " + Words.noChunk(text, "the plan", of.keys())));
  }

  private int workerPosition(PlanCase of) throws UnreadableException {
    for (int at = 0; at < of.input().workerCount(); at++) {
      WorkerId id = of.input().worker(at).id();
      if (id.value().equals(worker)) {
        return at;
      }
    }
    List<String> ids = new ArrayList<>();
    for (int at = 0; at < of.input().workerCount(); at++) {
      ids.add(of.input().worker(at).id().value());
    }
    throw new UnreadableException(
        folder + ": " + Words.none("worker", String.valueOf(worker), "the plan", ids));
  }

  /**
   * Refuses a plan that differs from its summary: the folder may have been changed, or written by a
   * version that planned otherwise.
   */
  private void refuseUnlessEqual(PlacementPlan plan) throws UnreadableException {
    Path summary = folder.resolve(PlanOutput.SUMMARY);
    String hash = "";
    try {
      JsonNode root = new ObjectMapper().readTree(Files.readAllBytes(summary));
      hash = root.path("plan_hash").asText();
    } catch (IOException unreadable) {
      throw new UnreadableException(
          summary + ": expected the summary of a plan, found " + unreadable.getMessage());
    }
    if (!hash.equals(plan.planHash())) {
      throw new UnreadableException(
          summary
              + ": plan_hash: expected "
              + plan.planHash()
              + ", the hash of the plan that the folder's inputs give, found '"
              + hash
              + "': something in the folder was changed, or another version wrote it");
    }
  }
}
