package dev.stowage.sim.tool.cli;

import dev.stowage.sim.tool.csv.BadInputException;
import dev.stowage.sim.tool.plan.FleetFolder;
import dev.stowage.sim.tool.simulate.Profile;
import dev.stowage.sim.tool.simulate.ProfileReader;
import dev.stowage.sim.tool.simulate.Simulated;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options that {@code simulate} and {@code compare} have in common, and what they do. */
final class SimulatorOptions {
  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = "--profile",
      paramLabel = "PROFILE",
      description = "A ready profile (see 'stowage simulate --list'), or a YAML file.")
  private @Nullable String profile;

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      completionCandidates = Keys.class,
      description =
          "Put this over the profile: a setting such as floor, or a key of the profile. May be"
              + " repeated. Keys: ${COMPLETION-CANDIDATES}.")
  private Map<String, String> changes = new LinkedHashMap<>();

  @Option(
      names = "--from",
      paramLabel = "FOLDER",
      description =
          "Simulate the fleet that 'stowage export' has written there, instead of the profile's:"
              + " its workers, chunks, replicas and settings. The settings of the profile win.")
  private @Nullable Path from;

  @Mixin private WorldOptions world = new WorldOptions();

  /** The keys of a profile. */
  static final class Keys extends ArrayList<String> {
    private static final long serialVersionUID = 1;

    Keys() {
      super(ProfileReader.keys());
    }
  }

  /**
   * Returns the name or file of the profile; throws {@link ParameterException} if none is given.
   */
  String profile() {
    String given = profile;
    if (given == null) {
      throw new ParameterException(
          spec.commandLine(), "Missing required option: '--profile=PROFILE'");
    }
    world.require();
    return given;
  }

  /** Reads the profile with further changes over it. */
  Profile read(Map<String, String> further) throws BadInputException {
    Map<String, String> all = new LinkedHashMap<>(changes);
    all.putAll(further);
    Optional<FleetFolder> folder =
        from == null ? Optional.empty() : Optional.of(FleetFolder.read(from));
    return ProfileReader.read(profile(), all, folder);
  }

  /** Returns how worlds are run. */
  WorldOptions world() {
    return world;
  }

  /**
   * Opens the folder of a report.
   *
   * @throws OutputException if it cannot be written to
   */
  static Optional<OutputFolder> folder(@Nullable Path report) throws OutputException {
    if (report == null) {
      return Optional.empty();
    }
    Path absolute = report.toAbsolutePath();
    Path parent = Objects.requireNonNullElse(absolute.getParent(), absolute);
    return Optional.of(OutputFolder.opened(parent, List.of(report.getFileName().toString())));
  }

  static void write(Optional<OutputFolder> folder, @Nullable Path report, String page)
      throws OutputException {
    if (folder.isPresent() && report != null) {
      folder.get().write(Map.of(report.getFileName().toString(), page));
    }
  }

  /** Returns the exit code of runs: the gravest that one of them has. */
  static int exitCode(List<Simulated> runs) {
    int code = ExitCode.OK;
    for (Simulated each : runs) {
      if (!each.run().violations().isEmpty() || !each.failed().isEmpty()) {
        return ExitCode.VIOLATION;
      }
      if (each.isPartial()) {
        return ExitCode.INTERRUPTED;
      }
      if (!each.run().mayEndUnderWay() && !each.run().verdict().unfinished().isEmpty()) {
        code = ExitCode.INFEASIBLE;
      }
    }
    return code;
  }
}
