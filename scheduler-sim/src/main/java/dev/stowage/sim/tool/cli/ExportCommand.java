package dev.stowage.sim.tool.cli;

import dev.stowage.lifecycle.LifecycleState;
import dev.stowage.sim.tool.plan.FleetExport;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code stowage export}: write a live fleet as the files of {@code stowage plan}. */
@Command(
    name = "export",
    header = "Write a live fleet as files for 'stowage plan'.",
    description = {
      "",
      "Reads a fleet from its database and changes nothing. Writes workers.csv, chunks.csv,"
          + " held.csv and plan.yaml, so that 'stowage plan' on them gives the plan that the leader"
          + " would make now, with the same hash: without the advice of its host (intents,"
          + " scores), and with all new chunks at once.",
      ""
    },
    footerHeading = "%nExample:%n",
    footer = {
      "  stowage export --jdbc-url 'jdbc:postgresql://host/db?user=u' --out fleet",
      "  stowage plan --workers fleet/workers.csv --chunks fleet/chunks.csv \\",
      "      --held fleet/held.csv --config fleet/plan.yaml --out next"
    },
    exitCodeList = {
      " 0:all files are written",
      " 1:the command line is wrong: an unknown option, no database",
      " 2:the database cannot be reached or holds no fleet, or the output folder is not writable",
      " 3:a row of the fleet cannot be read; nothing is written"
    })
final class ExportCommand implements Callable<Integer> {
  private final Console console;

  @Mixin private LiveStore store = new LiveStore();

  @Option(
      names = "--out",
      required = true,
      paramLabel = "FOLDER",
      description = "The folder for the files; it is created if it does not exist.")
  private Path out;

  ExportCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws OutputException, UnreadableException {
    store.requireUrl();
    FleetExport export;
    try (ProgressListener progress = console.progress()) {
      progress.at(0, "reading");
      LifecycleState state = store.read();
      progress.at(1 / 2.0, "planning");
      export = FleetExport.of(state);
      progress.at(3 / 4.0, "writing");
      OutputFolder.opened(out, FleetExport.names()).write(export.texts());
    }
    console.document(export.json());
    console.text().println(export.summary());
    console.text().println("Written to " + out);
    console.text().flush();
    return ExitCode.OK;
  }
}
