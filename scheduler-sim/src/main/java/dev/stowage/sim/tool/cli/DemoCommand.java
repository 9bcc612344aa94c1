package dev.stowage.sim.tool.cli;

import dev.stowage.sim.tool.csv.BadInputException;
import dev.stowage.sim.tool.report.HtmlReport;
import dev.stowage.sim.tool.report.JsonSummary;
import dev.stowage.sim.tool.simulate.Profile;
import dev.stowage.sim.tool.simulate.ProfileReader;
import dev.stowage.sim.tool.simulate.Simulated;
import dev.stowage.sim.tool.simulate.SimulationText;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code stowage demo}: a week of a fleet of mirrors, told in a minute. */
@Command(
    name = "demo",
    header = "Run a fleet of mirrors through everything that goes wrong in a week.",
    description = {
      "",
      "Begins with sixty mirrors in four zones of five racks each, 20 each of 4, 8 and 16 GiB, that"
          + " hold every second of the 63,436 packages of Debian 12, at least two and at most three"
          + " copies of each, at most two in one rack. Rolls out their security updates as atomic"
          + " swaps while readers lag behind, loses a mirror for ever, misses one for a while,"
          + " takes one back with an empty disk, gains two and cuts one's capacity; and audits"
          + " every invariant, after every cycle of what changed and after every event of the"
          + " whole fleet. It is the profile debian-12 of 'stowage simulate'.",
      "",
      "Prints a summary and the seconds of processor time, and writes report.html (opens from disk,"
          + " no network) and summary.json (the same figures for scripts) to the output folder.",
      ""
    },
    footer = {
      "  stowage demo                        the whole story on sixty mirrors",
      "  stowage demo --full                 every package, as many copies as fit, filled first",
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
    exitCodeList = {
      " 0:all is well",
      " 1:the command line is wrong: an unknown option, a bad value",
      " 2:a file is missing, unreadable or malformed, or the output folder not writable",
      " 3:an invariant was violated",
      " 4:the fleet is too small: at the end of an event replicas were missing or stuck; the output"
          + " is written nevertheless",
      " 130:interrupted; the output is written, and says so"
    })
final class DemoCommand implements Callable<Integer> {
  private static final String REPORT = "report.html";
  private static final String SUMMARY = "summary.json";
  private static final int WORKERS = 60;
  private static final int MIRRORS_OF_EACH_RACK = 12;

  private final Console console;

  @Option(
      names = "--full",
      description =
          "Tell all of it: every package, no bound on its copies, the fleet empty at first and"
              + " filled over the links, four portals.")
  private boolean isFull;

  @Option(
      names = "--seed",
      paramLabel = "NUMBER",
      converter = WholeNumber.Seed.class,
      description =
          "Seed of everything that is drawn; the same seed gives the same plans. Default: 12.")
  private long seed = 12;

  @Option(
      names = "--workers",
      paramLabel = "N",
      converter = WholeNumber.DemoWorkers.class,
      description = "Mirrors at the start, 4 to 10,000, sizes mixed as above. Default: 60.")
  private int workers = WORKERS;

  @Option(
      names = "--out",
      paramLabel = "FOLDER",
      defaultValue = "stowage-demo",
      description = "Where the report and the summary go. Default: stowage-demo.")
  private Path out;

  @Option(
      names = "--catalogue",
      paramLabel = "FILE",
      description =
          "Chunks to place: a file, or debian12/N for one of N packages. Default: every second"
              + " package of Debian 12, shipped with Stowage.")
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

  @Mixin private WorldOptions world = new WorldOptions();

  DemoCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws BadInputException, OutputException, UnreadableException {
    world.require();
    Profile profile = ProfileReader.read("debian-12", changes(), Optional.empty());
    OutputFolder folder = OutputFolder.opened(out, List.of(REPORT, SUMMARY));
    try (Interruption interruption = Interruption.awaited()) {
      Simulated done;
      try (ProgressListener progress = console.lastingProgress()) {
        done = world.run(profile, "demo", record, console, interruption, progress::at);
      }
      Map<String, String> texts = new LinkedHashMap<>();
      texts.put(REPORT, HtmlReport.of(done.run()));
      texts.put(SUMMARY, JsonSummary.of(done.run()).toPrettyString() + "\n");
      folder.write(texts);
      console.document(texts.get(SUMMARY));
      PrintWriter text = console.text();
      text.print(SimulationText.of(done));
      text.println();
      text.println("report     " + folder.place(REPORT));
      text.println("summary    " + folder.place(SUMMARY));
      if (record != null) {
        text.println("record     " + record);
      }
      ProcessHandle.current()
          .info()
          .totalCpuDuration()
          .ifPresent(
              spent -> text.printf(Locale.ROOT, "processor  %.1f s%n", spent.toMillis() / 1e3));
      text.flush();
      int code = SimulatorOptions.exitCode(List.of(done));
      return code == ExitCode.OK && !done.run().shortAfter().isEmpty() ? ExitCode.INFEASIBLE : code;
    }
  }

  /** Returns what the options put over the profile. */
  private Map<String, String> changes() {
    Map<String, String> changes = new TreeMap<>();
    String chunks = catalogue != null ? catalogue.toString() : isFull ? "debian12" : "debian12/2";
    changes.put("catalogue", chunks);
    if (corrections != null) {
      changes.put("corrections", corrections.toString());
    }
    if (workers != WORKERS || catalogue != null || isFull) {
      int racks = Math.max(1, workers / MIRRORS_OF_EACH_RACK);
      changes.put("about", chunks + " on " + workers + " mirrors");
      changes.put(
          "workers",
          workers
              + " zones=4 racks="
              + Math.min(1_000, racks)
              + " capacity=4GiB,8GiB,16GiB downlink=50000000B prefix=mirror-");
    }
    changes.put("seed", Long.toString(seed));
    if (isFull) {
      changes.put("max_replication", "none");
      changes.put("start", "empty");
      changes.put("portals", "4");
    }
    return changes;
  }
}
