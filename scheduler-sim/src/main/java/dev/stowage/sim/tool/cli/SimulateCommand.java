package dev.stowage.sim.tool.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stowage.lifecycle.LifecycleSnapshot;
import dev.stowage.lifecycle.LifecycleState;
import dev.stowage.sim.tool.csv.BadInputException;
import dev.stowage.sim.tool.plan.FleetExport;
import dev.stowage.sim.tool.report.HtmlReport;
import dev.stowage.sim.tool.simulate.Profile;
import dev.stowage.sim.tool.simulate.ProfileReader;
import dev.stowage.sim.tool.simulate.Simulated;
import dev.stowage.sim.tool.simulate.SimulationJson;
import dev.stowage.sim.tool.simulate.SimulationText;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code stowage simulate}: what would this do to a fleet? */
@Command(
    name = "simulate",
    header = "Run a fleet through timed events, and account for every byte.",
    description = {
      "",
      "Runs a profile: a drawn or listed fleet with its chunks, settings, and events at steps, in"
          + " the world that also tests the library, with links of the described width, lost"
          + " messages and lagging portals. Prints what moved against the fewest bytes that could"
          + " have, who gained and who lost, and for how long chunks were at risk.",
      ""
    },
    footer = {
      "  stowage simulate --list                    the ready profiles",
      "  stowage simulate --show rack-loss > my.yaml",
      "  stowage simulate --profile rack-loss --report rack.html",
      "  stowage simulate --profile my.yaml --set floor=3 --json",
      "  stowage simulate --profile nearly-full --record run.evidence",
      "                                             and then: stowage replay run.evidence"
    },
    exitCodeList = {
      " 0:all is well",
      " 1:the command line is wrong: an unknown option, a bad value",
      " 2:a profile is missing, unreadable or contradictory, the fleet refuses an event, or an"
          + " output is not writable; nothing is written",
      " 3:an invariant was violated, the ledger does not add up, or an expectation failed",
      " 4:at the end the fleet is not whole, and the profile does not say 'ends: under-way'; the"
          + " output is written nevertheless",
      " 130:interrupted; the output is written, and says so"
    })
final class SimulateCommand implements Callable<Integer> {
  private final Console console;

  @Mixin private SimulatorOptions options = new SimulatorOptions();

  @Option(names = "--list", description = "List the ready profiles, and do nothing else.")
  private boolean isList;

  @Option(
      names = "--show",
      paramLabel = "PROFILE",
      description = "Print a ready profile, and do nothing else.")
  private @Nullable String show;

  @Option(
      names = "--report",
      paramLabel = "FILE",
      description = "Write a report as one HTML file that needs no network.")
  private @Nullable Path report;

  @Option(
      names = "--record",
      paramLabel = "FILE",
      description =
          "Write every command and every decision to this file, for 'stowage replay'. Default:"
              + " nothing is recorded.")
  private @Nullable Path record;

  @Option(
      names = "--save",
      paramLabel = "FOLDER",
      description =
          "Write the fleet at the end to this folder, as 'stowage export' does: for another run"
              + " with --from, or for 'stowage plan'. It is created if it does not exist.")
  private @Nullable Path save;

  SimulateCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws BadInputException, OutputException, UnreadableException {
    if (isList) {
      Map<String, String> about = new LinkedHashMap<>();
      for (String name : ProfileReader.READY) {
        about.put(name, ProfileReader.read(name, Map.of(), Optional.empty()).about());
      }
      ObjectNode document = LiveAnswer.object();
      about.forEach(document.putObject("profiles")::put);
      console.document(document);
      console.text().print(SimulationText.list(about));
      console.text().flush();
      return ExitCode.OK;
    }
    if (show != null) {
      console.text().print(ProfileReader.shown(show));
      console.text().flush();
      return ExitCode.OK;
    }
    Profile profile = options.read(Map.of());
    Optional<OutputFolder> folder = SimulatorOptions.folder(report);
    Optional<OutputFolder> saved =
        save == null
            ? Optional.empty()
            : Optional.of(OutputFolder.opened(save, FleetExport.names()));
    try (Interruption interruption = Interruption.awaited()) {
      Simulated done;
      try (ProgressListener progress = console.lastingProgress()) {
        done =
            options
                .world()
                .run(profile, profile.name(), record, console, interruption, progress::at);
      }
      SimulatorOptions.write(folder, report, report == null ? "" : HtmlReport.of(done.run()));
      if (saved.isPresent()) {
        LifecycleSnapshot end = done.fleet();
        LifecycleState state = LifecycleState.load(end.fleetRow(), end.rows());
        saved.get().write(FleetExport.of(state).texts());
      }
      console.document(SimulationJson.of(List.of(done)));
      console.text().print(SimulationText.of(done));
      console.text().flush();
      return SimulatorOptions.exitCode(List.of(done));
    }
  }
}
