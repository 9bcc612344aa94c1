package dev.stowage.sim.tool.cli;

import dev.stowage.evidence.EvidenceSink;
import dev.stowage.sim.kit.scenario.ScenarioStore;
import dev.stowage.sim.tool.catalogue.CatalogueReader;
import dev.stowage.sim.tool.catalogue.ChunkCatalogue;
import dev.stowage.sim.tool.csv.BadInputException;
import dev.stowage.sim.tool.demo.DemoRun;
import dev.stowage.sim.tool.demo.DemoSettings;
import dev.stowage.sim.tool.report.HtmlReport;
import dev.stowage.sim.tool.report.JsonSummary;
import dev.stowage.sim.tool.report.RunRecord;
import dev.stowage.sim.tool.report.TextSummary;
import dev.stowage.store.ChunkStore;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code stowage demo}: a week of a fleet of mirrors, told in a minute. */
@Command(
    name = "demo",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    header = "Run a fleet of mirrors through everything that goes wrong in a week.",
    description = {
      "",
      "Places the 63,436 packages of Debian 12 (95 GB) on sixty mirrors in four zones of five racks"
          + " each, 20 each of 4, 8 and 16 GiB, at least two replicas of each package and more of"
          + " those with a higher priority, at most two in one rack and at most 10,000 packages on"
          + " one of the mirrors; rolls out its 1,028 security updates as atomic swaps while"
          + " readers lag behind; loses three mirrors (one for ever, one comes back with its disk,"
          + " one comes back empty), adds two, cuts one's capacity; and audits every invariant,"
          + " after every cycle of what changed and after every event of the whole fleet.",
      "",
      "Prints a summary, and writes report.html (opens from disk, no network) and summary.json"
          + " (the same figures for scripts) to the output folder.",
      ""
    },
    optionListHeading = "Options:%n",
    footerHeading = "%nExamples:%n",
    footer = {
      "  stowage demo                        the whole story on sixty mirrors",
      "  stowage demo --workers 300 --seed 7 a larger fleet, another course of events",
      "  stowage demo --workers 12           too small: see what is left out (exit 4)",
      "  stowage demo --record run.evidence  and then: stowage replay run.evidence",
      "  stowage demo --catalogue my.csv.gz --out mine",
      "                                      your own chunks instead of Debian's",
      "",
      "A catalogue is CSV in UTF-8, plain or gzip, with a header line and the columns",
      "dataset, chunk_id, first_block, last_block (inclusive), size_bytes and, if you",
      "like, weight, or priority (required 24, important 12, standard 6, optional 2,",
      "extra 1). Corrections have dataset, old_chunk_id, new_chunk_id, first_block,",
      "last_block, size_bytes, and apply in the order of their lines."
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      " 0:all is well",
      " 1:the command line is wrong: an unknown option, a bad value",
      " 2:a file is missing, unreadable or malformed, or the output folder not writable",
      " 3:an invariant was violated",
      " 4:the fleet is too small: at the end of an event replicas were missing or stuck; the output"
          + " is written nevertheless"
    },
    exitCodeOnInvalidInput = ExitCode.USAGE,
    exitCodeOnExecutionException = ExitCode.VIOLATION)
final class DemoCommand implements Callable<Integer> {
  private static final String REPORT = "report.html";
  private static final String SUMMARY = "summary.json";
  private static final String DEFAULT_OUT = "stowage-demo";
  private static final long DEFAULT_SEED = 12;

  private final Console console;

  @Spec private CommandSpec spec;

  @Option(
      names = "--seed",
      paramLabel = "NUMBER",
      converter = WholeNumber.Seed.class,
      defaultValue = "" + DEFAULT_SEED,
      description =
          "Seed of everything that is drawn; the same seed gives the same plans. Default: 12.")
  private long seed;

  @Option(
      names = "--workers",
      paramLabel = "N",
      converter = WholeNumber.DemoWorkers.class,
      defaultValue = "" + DemoSettings.DEFAULT_WORKERS,
      description = "Mirrors at the start, 1 to 10,000, sizes mixed as above. Default: 60.")
  private int workers;

  @Option(
      names = "--out",
      paramLabel = "FOLDER",
      defaultValue = DEFAULT_OUT,
      description = "Where the report and the summary go. Default: stowage-demo.")
  private Path out;

  @Option(
      names = "--catalogue",
      paramLabel = "FILE",
      description = "Chunks to place. Default: the packages of Debian 12, shipped with Stowage.")
  private @Nullable Path catalogue;

  @Option(
      names = "--corrections",
      paramLabel = "FILE",
      description =
          "Corrections to roll out. Default: the security updates of Debian 12; none with"
              + " --catalogue alone.")
  private @Nullable Path corrections;

  @Option(
      names = "--record",
      paramLabel = "FILE",
      description =
          "Write every command and every decision to this file, for 'stowage replay'. Default:"
              + " nothing is recorded.")
  private @Nullable Path record;

  @Option(
      names = "--backend",
      paramLabel = "BACKEND",
      description =
          "The store of the fleet: memory or postgres. Default: memory. On PostgreSQL it makes a"
              + " schema of its own and drops it, on a server started for the run unless --jdbc-url"
              + " names one.")
  private String backend = "memory";

  @Mixin private DatabaseOption database = new DatabaseOption();

  DemoCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws BadInputException, OutputException, UnreadableException {
    if (!List.of("memory", "postgres").contains(backend)) {
      throw new ParameterException(
          spec.commandLine(),
          "Invalid value for option '--backend': expected memory or postgres, found " + backend);
    }
    if (backend.equals("memory")) {
      database.requireUnused("--backend postgres");
    }
    ChunkCatalogue chunks = read();
    OutputFolder folder = OutputFolder.opened(out, List.of(REPORT, SUMMARY));
    RunRecord run = backend.equals("memory") ? tell(chunks, null) : tellOnPostgres(chunks);
    Map<String, String> texts = new LinkedHashMap<>();
    texts.put(REPORT, HtmlReport.of(run));
    texts.put(SUMMARY, JsonSummary.of(run));
    folder.write(texts);
    console.document(texts.get(SUMMARY));
    console.text().print(TextSummary.of(run));
    console.text().println();
    console.text().println("report   " + folder.place(REPORT));
    console.text().println("summary  " + folder.place(SUMMARY));
    if (record != null) {
      console.text().println("record   " + record);
    }
    console.text().flush();
    return exitCode(run);
  }

  private ChunkCatalogue read() throws BadInputException {
    Optional<Path> correctionFile = Optional.ofNullable(corrections);
    return catalogue == null
        ? CatalogueReader.debian12(correctionFile)
        : CatalogueReader.read(catalogue, correctionFile);
  }

  private RunRecord tellOnPostgres(ChunkCatalogue chunks)
      throws OutputException, UnreadableException {
    try (PostgresWorlds server = PostgresWorlds.at(database.url());
        ScenarioStore world = server.open()) {
      return tell(chunks, world.store());
    }
  }

  /** Runs the demo; in memory if {@code store} is null. */
  private RunRecord tell(ChunkCatalogue chunks, @Nullable ChunkStore store) throws OutputException {
    if (record == null) {
      return run(chunks, EvidenceSink.NONE, store);
    }
    try (RecordingFile recording = RecordingFile.begun(record)) {
      RunRecord run = run(chunks, recording.sink(), store);
      recording.keep();
      return run;
    }
  }

  private RunRecord run(ChunkCatalogue chunks, EvidenceSink recorder, @Nullable ChunkStore store) {
    String name = catalogue == null ? "Debian 12" : catalogue.getFileName().toString();
    DemoSettings settings = new DemoSettings(seed, workers, name, commandLine());
    try (Progress progress = console.lastingProgress()) {
      DemoRun run =
          store == null
              ? DemoRun.of(chunks, settings, console.nanos(), recorder)
              : DemoRun.of(chunks, settings, console.nanos(), recorder, store);
      return run.tell((share, title, cycle) -> progress.at(share, "cycle " + cycle + ", " + title));
    }
  }

  private static int exitCode(RunRecord run) {
    if (!run.violations().isEmpty()) {
      return ExitCode.VIOLATION;
    }
    return run.shortAfter().isEmpty() ? ExitCode.OK : ExitCode.INFEASIBLE;
  }

  private String commandLine() {
    StringBuilder line = new StringBuilder("java -jar scheduler-sim/target/stowage.jar demo");
    line.append(" --seed ").append(seed).append(" --workers ").append(workers);
    if (catalogue != null) {
      line.append(" --catalogue ").append(shellWord(catalogue));
    }
    if (corrections != null) {
      line.append(" --corrections ").append(shellWord(corrections));
    }
    if (record != null) {
      line.append(" --record ").append(shellWord(record));
    }
    if (!backend.equals("memory")) {
      line.append(" --backend ").append(backend);
    }
    if (!out.toString().equals(DEFAULT_OUT)) {
      line.append(" --out ").append(shellWord(out));
    }
    return line.toString();
  }

  private static String shellWord(Path path) {
    String word = path.toString();
    return word.matches("[A-Za-z0-9_./+-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
  }
}
